import { createHash } from 'crypto';

import type { ItemClient } from '../../platform/client';
import { asRecord } from '../../platform/json';
import type { Actual } from './actual';
import type { Change, PlanAction } from './change';
import type { Desired } from './desired';
import type { Compared } from './judge';
import { columnsOfDesired } from './readDesired';

/** What of a plan its fingerprint is made from besides what was compared. */
export interface PlannedWork {
	action: PlanAction;
	changes: readonly Change[];
}

/** The IDs of what a deletion removes; once the dataflow is gone, nothing but the plan knows them. */
export interface DeletedParts {
	flowId: string;
	sourceConnectionId?: string;
	targetConnectionId?: string;
	mappingId?: string;
}

/**
 * Tells whether a plan still fits: a keyed hash over what is desired, over what is at Adobe and cannot be
 * changed by the plan itself, over the table as explore shows it, and over the planned changes, each of
 * which says what it found. So a plan that was carried out in part still fits, and one whose ground has
 * moved does not; nor does one that somebody has written by hand.
 */
export function fingerprintOf(
	client: Pick<ItemClient, 'fingerprint' | 'scope'>,
	compared: Compared,
	{ action, changes }: PlannedWork,
): string {
	const { desired, actual, columns } = compared;
	return hash(client, {
		desired: columnsOfDesired(desired),
		there: identityOf(actual),
		columns: columns?.map(({ name, type, xdmType, xdmFormat }) => [name, type, xdmType, xdmFormat]),
		action,
		changes,
	});
}

/** The same for a deletion. */
export function deletionFingerprint(
	client: Pick<ItemClient, 'fingerprint' | 'scope'>,
	desired: Desired,
	parts: DeletedParts,
): string {
	return hash(client, { desired: columnsOfDesired(desired), delete: parts });
}

/** The marker of what a plan makes, by which it is found again when the plan is carried out once more. */
export function markerOfPlan(fingerprint: string): string {
	return createHash('sha256').update(fingerprint).digest('hex').slice(0, 8);
}

/** What makes a dataflow this one and no other; its settings are part of the changes. */
function identityOf({ flows, source, target, dataset, schema, owner, ...named }: Actual) {
	return {
		flows: flows.map(({ id }) => id),
		source: source && [source.id, source.connectionId, source.table],
		target: target && [target.id, target.datasetId],
		dataset: dataset && [dataset.id, dataset.name, dataset.schemaId],
		schema: schema?.id,
		group: schema?.own?.id,
		owner,
		named: named.namedDatasets.map(({ id, schemaId }) => [id, schemaId]),
	};
}

function hash(client: Pick<ItemClient, 'fingerprint' | 'scope'>, value: unknown): string {
	return client.fingerprint(`plan ${client.scope} ${canonical(value)}`);
}

/** Whether two values are the same, also after n8n has stored one of them. */
export function sameValue(one: unknown, other: unknown): boolean {
	return canonical(one) === canonical(other);
}

/** The same text for the same value, also after n8n has stored it. */
function canonical(value: unknown): string {
	return JSON.stringify(sorted(JSON.parse(JSON.stringify(value ?? null)) as unknown));
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	const record = asRecord(value);
	if (record === undefined) return value;
	return Object.fromEntries(
		Object.keys(record)
			.sort()
			.map((name) => [name, sorted(record[name])]),
	);
}
