import type { IDataObject } from 'n8n-workflow';

import { fitsInAList, oldestOf } from '../../../adobe/collection';
import type { BaseConnection } from '../../../adobe/connections';
import { deleteConnection, findConnections } from '../../../adobe/connections';
import type { Outcome, RunEnd } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import type { UpsertRun } from './upsertRun';

// Names may be long; twenty of them keep the address short.
const NAMES_A_REQUEST = 20;

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
	const isPlain = ({ json }: Outcome) => fitsInAList(String(json.name));
	const settleBatch = async (batch: Outcome[], first: Outcome) => {
		const names = batch.map(({ json }) => String(json.name));
		const found = await findConnections(run.clientOf(first.itemIndex), { names });
		for (const outcome of batch) {
			const same = found.filter(({ name }) => name === outcome.json.name);
			if (adopted.has(String(outcome.json.id)) && same.length > 1) {
				twice.push(...same);
				continue;
			}
			const older = await settle(outcome, same, run.clientOf(outcome.itemIndex));
			if (older !== undefined) replaced.set(older.ours.id, older.kept);
		}
	};
	const scopeOf = ({ itemIndex }: Outcome) => run.clientOf(itemIndex).scope;
	await inBatches(created.filter(isPlain), NAMES_A_REQUEST, scopeOf, settleBatch);
	await inBatches(
		created.filter((outcome) => !isPlain(outcome)),
		1,
		scopeOf,
		settleBatch,
	);
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
	await deleteConnection(client, ours.id);
	json.action = 'unchanged';
	return { ours, kept: oldest };
}

function show({ id, etag, state }: BaseConnection, json: IDataObject): void {
	Object.assign(json, { connectionId: id, id, etag: etag ?? null, state: state ?? null });
}

/**
 * Does some work for many outcomes together, side by side, each batch within one organization and
 * sandbox. A batch that fails stays as it is: its items have succeeded already.
 *
 * @param most outcomes a batch
 * @param scopeOf gives the scope of an outcome's client
 */
export async function inBatches(
	outcomes: Outcome[],
	most: number,
	scopeOf: (outcome: Outcome) => string,
	work: (batch: Outcome[], first: Outcome) => Promise<void>,
): Promise<void> {
	const byScope = new Map<string, Outcome[]>();
	for (const outcome of outcomes) {
		const scope = scopeOf(outcome);
		const others = byScope.get(scope);
		if (others === undefined) byScope.set(scope, [outcome]);
		else others.push(outcome);
	}
	const batches: Array<Promise<void>> = [];
	for (const ofScope of byScope.values()) {
		for (let start = 0; start < ofScope.length; start += most) {
			const batch = ofScope.slice(start, start + most);
			const [first] = batch;
			if (first !== undefined) batches.push(work(batch, first).catch(() => {}));
		}
	}
	await Promise.all(batches);
}
