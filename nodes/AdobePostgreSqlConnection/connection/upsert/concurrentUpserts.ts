import type { IDataObject } from 'n8n-workflow';

import { Batches } from '../../../adobe/batches';
import { oldestOf } from '../../../adobe/collection';
import type { BaseConnection } from '../../../adobe/connections';
import { findConnections } from '../../../adobe/connections';
import { MAX_NAMES_PER_FILTER } from '../../../adobe/filters/limits';
import { readUntilListed } from '../../../adobe/listLag';
import type { Outcome, RunEnd } from '../../../operation/operation';
import { rewrite } from '../../../outputs/common';
import { completeOutput } from '../../../outputs/connection';
import type { ItemClient } from '../../../platform/client';
import { asIs, Problem } from '../../../platform/errors/problem';
import type { UpsertRun } from './upsertRun';

/**
 * Looks at the new connections of a run once more, by their names: for their state, and for another
 * execution (or a worker that was ended while its request was on the way) that has made one of the
 * same name at the same time. Then the older one counts. Both executions decide alike, so that one
 * remains.
 */
export async function settleUpserts(outcomes: Outcome[], run: RunEnd<UpsertRun>): Promise<void> {
	const { creators, unknownSecrets } = run.state;
	const created = outcomes.filter(({ json }) => json.action === 'created');
	const twice: BaseConnection[] = [];
	const replaced = new Map<unknown, IDataObject>();
	let notListed = 0;
	const settleBatch = async (client: ItemClient, names: string[], batch: Outcome[]) => {
		const found = await readUntilListed(
			client,
			async () => await findConnections(client, { names }),
			(listed) => batch.every(({ json }) => listed.some(({ id }) => id === json.connectionId)),
		).catch(noneIfNotRead);
		for (const outcome of batch) {
			const { json, itemIndex } = outcome;
			const same = found.filter(({ name }) => name === json.name);
			const ours = same.find(({ id }) => id === json.connectionId);
			const oldest = oldestOf(same);
			if (ours === undefined || oldest === undefined) {
				notListed++;
				json.possibleDuplicates ??= null;
				continue;
			}
			completeOutput(json, ours);
			if (same.length === 1) continue;
			const creator = creators.get(ours.id);
			if (creator === undefined || creator.isAdopted || oldest === ours) {
				const possibleDuplicates = same.filter((one) => one !== ours).map(({ id }) => id);
				completeOutput(json, ours, { possibleDuplicates });
				for (const one of same) twice.push(one);
				continue;
			}
			try {
				replaced.set(ours.id, await creator.giveWayTo(oldest, ours, same, run.clientOf(itemIndex)));
			} catch (error) {
				run.fail(itemIndex, error);
			}
		}
	};
	const batches = new Batches(MAX_NAMES_PER_FILTER, settleBatch);
	for (const outcome of created) {
		batches.add(run.clientOf(outcome.itemIndex), String(outcome.json.name), outcome);
	}
	await batches.finish();
	// Items of the same name have worked on what the first of them had made.
	for (const { json } of outcomes) {
		const kept = replaced.get(json.connectionId);
		if (kept !== undefined) rewrite(json, { ...kept, ...membersBesides(json, kept) });
	}
	if (twice.length > 0) run.hint(twiceHint(twice));
	if (notListed > 0) run.hint(notListedHint(notListed));
	if (unknownSecrets > 0) run.hint(secretsHint(unknownSecrets));
}

/** What has been made is there all the same; what is not known is told as if nothing was listed. */
function noneIfNotRead(error: unknown): BaseConnection[] {
	if (error instanceof Problem) return [];
	throw asIs(error);
}

function twiceHint(connections: BaseConnection[]): string {
	const list = connections.map(({ id, name }) => `${id} ('${name ?? ''}')`).join(', ');
	return `Several connections have the same name: ${list}. None was deleted, as somebody else may have created them. Check them and delete those that you do not need.`;
}

function notListedHint(count: number): string {
	const ones = count === 1 ? '1 new connection' : `${count} new connections`;
	return `Adobe's list does not show ${ones} yet, so it is not known whether another execution has created one of the same name.`;
}

function secretsHint(count: number): string {
	const left =
		count === 1 ? '1 connection was left as it is' : `${count} connections were left as they are`;
	return `Adobe shows no passwords and no connection strings. ${left}, because nothing visible differs. For a new password, add the option 'Replace Database Details', or 'Verify Unchanged' to have the login tested and the details sent again if it fails.`;
}

function membersBesides(json: IDataObject, others: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([name]) => !(name in others)));
}
