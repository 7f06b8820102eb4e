import type { IDataObject } from 'n8n-workflow';

import { Batches } from '../../../adobe/batches';
import { findResource, oldestOf } from '../../../adobe/collection';
import type { BaseConnection } from '../../../adobe/connections';
import { CONNECTION, findConnections } from '../../../adobe/connections';
import { MAX_NAMES_PER_FILTER } from '../../../adobe/filters/limits';
import { readUntilListed } from '../../../adobe/listLag';
import type { Outcome, RunEnd } from '../../../operation/operation';
import { rewrite } from '../../../outputs/common';
import { completeOutput } from '../../../outputs/connection';
import type { ItemClient } from '../../../platform/client';
import { asIs, Problem } from '../../../platform/errors/problem';
import { withMore } from './upsertItem';
import type { KeptConnection, UpsertRun } from './upsertRun';

/**
 * Looks at the new connections of a run once more, by their names: for their state, and for another
 * execution (or a worker that was ended while its request was on the way) that has made one of the
 * same name at the same time. Then the older one counts. Both executions decide alike, so that one
 * remains. Of an item that has failed after it had made one, the error says what there is.
 */
export async function settleUpserts(outcomes: Outcome[], run: RunEnd<UpsertRun>): Promise<void> {
	await new Settlement(outcomes, run).settle();
}

interface MadeOutcome extends Outcome {
	id: string;
	name: string;
}

type New = MadeOutcome | KeptConnection;

class Settlement {
	private readonly twice: BaseConnection[] = [];
	private readonly replaced = new Map<unknown, IDataObject>();
	private notListed = 0;

	constructor(
		private readonly outcomes: Outcome[],
		private readonly run: RunEnd<UpsertRun>,
	) {}

	async settle(): Promise<void> {
		const { outcomes, run, twice } = this;
		const { kept, unknownSecrets } = run.state;
		const batches = new Batches<New>(
			MAX_NAMES_PER_FILTER,
			async (client, names, batch) => await this.settleBatch(client, names, batch),
		);
		for (const one of [...outcomes.flatMap(ifMade), ...kept]) {
			batches.add(run.clientOf(one.itemIndex), one.name, one);
		}
		await batches.finish();
		// Items of the same name have worked on what the first of them had made.
		for (const { json } of outcomes) {
			const instead = this.replaced.get(json.connectionId);
			if (instead !== undefined) rewrite(json, { ...instead, ...membersBesides(json, instead) });
		}
		if (twice.length > 0) run.hint(twiceHint(twice));
		if (this.notListed > 0) run.hint(notListedHint(this.notListed));
		if (unknownSecrets > 0) run.hint(secretsHint(unknownSecrets));
	}

	private async settleBatch(client: ItemClient, names: string[], batch: New[]): Promise<void> {
		const found = await readUntilListed(
			client,
			async () => await findConnections(client, { names }),
			(listed) => batch.every(({ id }) => listed.some((one) => one.id === id)),
		).catch(noneIfNotRead);
		for (const one of batch) {
			const same = found.filter(({ name }) => name === one.name);
			if ('problem' in one) this.run.fail(one.itemIndex, toldWith(one, same));
			else await this.settleOne(one, same);
		}
	}

	private async settleOne(made: MadeOutcome, same: BaseConnection[]): Promise<void> {
		const { id, json } = made;
		const ours = same.find((one) => one.id === id);
		const oldest = oldestOf(same);
		if (ours === undefined || oldest === undefined) {
			await this.settleUnlisted(made, same);
			return;
		}
		completeOutput(json, ours);
		if (same.length === 1) return;
		if (oldest !== ours && this.run.state.creators.get(id)?.isAdopted === false) {
			await this.giveWay(made, oldest, ours, same);
			return;
		}
		completeOutput(json, ours, { possibleDuplicates: idsBesides(id, same) });
		for (const one of same) this.twice.push(one);
	}

	/** A list that lags does not show it yet; or somebody else has deleted it. */
	private async settleUnlisted(made: MadeOutcome, same: BaseConnection[]): Promise<void> {
		const { id, itemIndex, json } = made;
		const oldest = oldestOf(same);
		if (!(await isGone(this.run.clientOf(itemIndex), id))) {
			this.notListed++;
			json.possibleDuplicates ??= null;
		} else if (oldest === undefined) {
			this.run.fail(itemIndex, deletedMeanwhile(id));
		} else {
			await this.giveWay(made, oldest, undefined, same);
		}
	}

	/** @param now undefined where ours is not there any more */
	private async giveWay(
		{ id, itemIndex }: MadeOutcome,
		older: BaseConnection,
		now: BaseConnection | undefined,
		same: BaseConnection[],
	): Promise<void> {
		const { run } = this;
		try {
			const creator = run.state.creators.get(id);
			const client = run.clientOf(itemIndex);
			const instead = await creator?.giveWayTo(older, { id, now }, same, client);
			if (instead !== undefined) this.replaced.set(id, instead);
		} catch (error) {
			run.fail(itemIndex, error);
		}
	}
}

function ifMade({ itemIndex, json }: Outcome): MadeOutcome[] {
	if (json.action !== 'created') return [];
	return [{ itemIndex, json, id: String(json.connectionId), name: String(json.name) }];
}

/** What has been made is there all the same; what is not known is told as if nothing was listed. */
function noneIfNotRead(error: unknown): BaseConnection[] {
	if (error instanceof Problem) return [];
	throw asIs(error);
}

async function isGone(client: ItemClient, id: string): Promise<boolean> {
	const isThere = async () => (await findResource(client, CONNECTION, id)) !== undefined;
	// What can't be read is not known to be gone.
	const known = await isThere().catch((error: unknown) => {
		if (error instanceof Problem) return true;
		throw asIs(error);
	});
	return !known;
}

function idsBesides(id: string, same: readonly BaseConnection[]): string[] {
	return same.map((one) => one.id).filter((one) => one !== id);
}

/** The error of an item that has left a connection behind, with what else there is of its name. */
function toldWith({ id, problem }: KeptConnection, same: readonly BaseConnection[]): Problem {
	const more = idsBesides(id, same);
	if (more.length > 0) {
		const { leftBehind } = problem.details;
		const before = leftBehind === undefined ? '' : `${leftBehind}, `;
		return withMore(problem, more).detailing({ leftBehind: `${before}beside ${more.join(', ')}` });
	}
	if (same.length > 0) return problem;
	return problem.noting(
		"Adobe's list does not show it yet, so it is not known whether another execution has created one of the same name.",
	);
}

function deletedMeanwhile(id: string): Problem {
	return new Problem(`The new connection '${id}' is not there any more`, {
		kind: 'notFound',
		advice: 'Execute the node again.',
		notes: ['Somebody else, or another execution, has deleted it meanwhile.'],
		details: { operation: 'Create or update a connection' },
		failure: { cause: 'temporarily-unavailable' },
	});
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
