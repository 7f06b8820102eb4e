import type { IDataObject } from 'n8n-workflow';

import { Batches } from '../../../adobe/batches';
import { deleteResource, MAX_NAMES_PER_FILTER, oldestOf } from '../../../adobe/collection';
import type { BaseConnection } from '../../../adobe/connections';
import { CONNECTION, findConnections } from '../../../adobe/connections';
import type { Outcome, RunEnd } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import type { UpsertRun } from './upsertRun';

/**
 * Looks at the new connections of a run once more, by their names: for their state, and for another
 * execution (or a worker that was ended while its request was on the way) that has made one of the
 * same name at the same time. Then the older one counts, and ours, which nobody has seen yet, is
 * deleted again. Both executions decide alike, so that one remains.
 */
export async function settleUpserts(outcomes: Outcome[], run: RunEnd<UpsertRun>): Promise<void> {
	const { adopted, unknownSecrets } = run.state;
	const created = outcomes.filter(({ json }) => json.action === 'created');
	const twice: BaseConnection[] = [];
	const replaced = new Map<unknown, BaseConnection>();
	const settleBatch = async (client: ItemClient, names: string[], batch: Outcome[]) => {
		const found = await findConnections(client, { names });
		for (const outcome of batch) {
			const same = found.filter(({ name }) => name === outcome.json.name);
			if (adopted.has(String(outcome.json.id)) && same.length > 1) {
				for (const one of same) twice.push(one);
				continue;
			}
			const older = await settle(outcome, same, run.clientOf(outcome.itemIndex));
			if (older !== undefined) replaced.set(older.ours.id, older.kept);
		}
	};
	const batches = new Batches(MAX_NAMES_PER_FILTER, settleBatch);
	for (const outcome of created) {
		batches.add(run.clientOf(outcome.itemIndex), String(outcome.json.name), outcome);
	}
	await batches.finish();
	// Items of the same name have worked on what the first of them had made.
	for (const { json } of outcomes) {
		const kept = replaced.get(json.id);
		if (kept !== undefined) show(kept, json);
	}
	if (twice.length > 0) run.hint(twiceHint(twice));
	if (unknownSecrets > 0) run.hint(secretsHint(unknownSecrets));
}

function twiceHint(connections: BaseConnection[]): string {
	const list = connections.map(({ id, name }) => `${id} ('${name ?? ''}')`).join(', ');
	return `Several connections have the same name: ${list}. None was deleted: Adobe's answer was lost, so somebody else may have created them. Check them and delete those that you do not need.`;
}

function secretsHint(count: number): string {
	const left =
		count === 1 ? '1 connection was left as it is' : `${count} connections were left as they are`;
	return `Adobe shows no passwords and no connection strings. ${left}, because nothing visible differs. For a new password, add the option 'Replace Database Details', or 'Verify' to have a connection that fails the test given the details anew.`;
}

/** Gives ours and the one that is kept instead of it, where there is an older one. */
async function settle(
	{ json }: Outcome,
	found: BaseConnection[],
	client: ItemClient,
): Promise<{ ours: BaseConnection; kept: BaseConnection } | undefined> {
	const oldest = oldestOf(found);
	const ours = found.find(({ id }) => id === json.id);
	if (ours === undefined || oldest === undefined) return undefined;
	if (oldest === ours) {
		show(ours, json);
		return undefined;
	}
	await deleteResource(client, CONNECTION, ours.id);
	json.action = 'unchanged';
	return { ours, kept: oldest };
}

function show({ id, etag, state }: BaseConnection, json: IDataObject): void {
	Object.assign(json, { connectionId: id, id, etag: etag ?? null, state: state ?? null });
}
