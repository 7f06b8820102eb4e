import type { ItemClient } from '../platform/client';
import { arrayOf, asRecord, booleanOf, numberOf, textOf } from '../platform/json';
import type { PatchOperation } from './collection';
import { descriptionOf } from './collection';
import type { Dataflow, FlowOptions } from './dataflows';
import type { MappingSetReference } from './mappingSets';
import { DATAFLOW } from './dataflows';
import type { UpdateResult } from './lostWrites/changeResource';
import { changeResource } from './lostWrites/changeResource';

/** The wanted changes; what is left out stays as it is. */
export interface FlowChanges {
	name?: string;
	/** An empty string removes the description. */
	description?: string;
	/** Members of `scheduleParams`; null removes one. */
	schedule?: {
		frequency?: string;
		interval?: number | null;
		/** Epoch seconds. */
		startTime?: number;
		backfill?: boolean | null;
	};
	/** The column that marks new rows; null removes the Copy transformation. */
	deltaColumn?: string | null;
	/** The mapping set that later runs use. */
	mapping?: MappingSetReference;
	options?: FlowOptions;
}

/**
 * Changes what differs about a dataflow that was read already, and sends nothing where nothing does.
 *
 * @param copyBy makes the Copy transformation of a delta column
 * @throws Problem
 */
export async function changeFlow(
	client: ItemClient,
	read: Dataflow,
	changes: FlowChanges,
	copyBy: (deltaColumn: string) => object,
): Promise<UpdateResult<Dataflow>> {
	return await changeResource(client, DATAFLOW, read, {
		operations: (flow) => operationsFor(flow, changes, copyBy),
		isAsWanted: (flow) => operationsFor(flow, changes, copyBy).length === 0,
		collides: (before, now) => collides(before, now, changes, copyBy),
	});
}

/** Sets the options that Adobe did not take when it was created; returns the dataflow as it is then. */
export async function setFlowOptions(
	client: ItemClient,
	flow: Dataflow,
	options: FlowOptions,
): Promise<Dataflow> {
	const { etag } = await changeFlow(client, flow, { options }, () => ({}));
	return { ...flow, etag, options };
}

function operationsFor(
	flow: Dataflow,
	changes: FlowChanges,
	copyBy: (deltaColumn: string) => object,
): PatchOperation[] {
	const { name, description, options } = changes;
	return [
		...(name === undefined || name === flow.name
			? []
			: [{ op: 'replace' as const, path: '/name', value: name }]),
		...(description === undefined || description === descriptionOf(flow)
			? []
			: [{ op: 'add' as const, path: '/description', value: description }]),
		...transformationOperations(flow, changes, copyBy),
		...scheduleOperations(flow, changes.schedule),
		...optionOperations(flow, options),
	];
}

/** Adobe's samples have these values as strings, its API description as numbers and booleans. */
const SCHEDULE_MEMBERS = {
	frequency: textOf,
	interval: numberOf,
	startTime: numberOf,
	backfill: booleanOf,
};

function scheduleOperations(flow: Dataflow, schedule: FlowChanges['schedule']): PatchOperation[] {
	const current = asRecord(flow.raw.scheduleParams) ?? {};
	return Object.entries(schedule ?? {}).flatMap(([member, wanted]): PatchOperation[] => {
		const path = `/scheduleParams/${member}`;
		const read = SCHEDULE_MEMBERS[member as keyof typeof SCHEDULE_MEMBERS];
		const isThere = current[member] !== undefined && current[member] !== null;
		if (wanted === undefined || (wanted === null && !isThere)) return [];
		// Adobe's API description wants a value here as well, and its one sample has it.
		if (wanted === null) return [{ op: 'remove', path, value: current[member] }];
		if (isThere && read(current[member]) === wanted) return [];
		return [{ op: isThere ? 'replace' : 'add', path, value: String(wanted) }];
	});
}

/**
 * All transformations together where one comes or goes, as their order is not the same for all dataflows;
 * else the one that is called Mapping, wherever it is.
 */
function transformationOperations(
	flow: Dataflow,
	{ deltaColumn, mapping }: FlowChanges,
	copyBy: (deltaColumn: string) => object,
): PatchOperation[] {
	const current = arrayOf(flow.raw.transformations);
	const isOtherMapping =
		mapping !== undefined &&
		(mapping.id !== flow.mappingId || mapping.version !== flow.mappingVersion);
	const isOtherCopy = deltaColumn !== undefined && deltaColumn !== (flow.deltaColumn ?? null);
	if (!isOtherMapping && !isOtherCopy) return [];
	const at = current.findIndex((one) => asRecord(one)?.name === 'Mapping');
	const mapped = isOtherMapping ? mappedBy(asRecord(current[at]), mapping) : current[at];
	if (!isOtherCopy && at >= 0) {
		return [{ op: 'replace', path: `/transformations/${at}`, value: mapped }];
	}
	const changed =
		at >= 0 ? current.with(at, mapped) : [...current, ...(isOtherMapping ? [mapped] : [])];
	if (!isOtherCopy) return [{ op: 'add', path: '/transformations', value: changed }];
	const others = changed.filter((one) => asRecord(one)?.name !== 'Copy');
	const value = [...(deltaColumn === null ? [] : [copyBy(deltaColumn)]), ...others];
	return [{ op: 'add', path: '/transformations', value }];
}

/** The Mapping transformation with another mapping set; what else it has stays. */
function mappedBy(
	transformation: Record<string, unknown> | undefined,
	{ id, version }: MappingSetReference,
): object {
	const params = asRecord(transformation?.params);
	return {
		...transformation,
		name: 'Mapping',
		params: { ...params, mappingId: id, mappingVersion: version },
	};
}

function optionOperations(flow: Dataflow, options: FlowOptions | undefined): PatchOperation[] {
	const wanted = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
	const differing = wanted.filter(
		([name, value]) => flow.options[name as keyof FlowOptions] !== value,
	);
	if (differing.length === 0) return [];
	if (asRecord(flow.raw.options) === undefined) {
		return [{ op: 'add', path: '/options', value: Object.fromEntries(differing) }];
	}
	return differing.map(([name, value]) => ({ op: 'add', path: `/options/${name}`, value }));
}

/** Whether somebody else has changed the same members to something else than is wanted. */
function collides(
	before: Dataflow,
	now: Dataflow,
	changes: FlowChanges,
	copyBy: (deltaColumn: string) => object,
): boolean {
	const paths = (flow: Dataflow) =>
		new Set(operationsFor(flow, changes, copyBy).map(({ path }) => path));
	const stillWanted = paths(now);
	const moved = (path: string) => valueAt(before, path) !== valueAt(now, path);
	return [...paths(before), ...stillWanted].some((path) => stillWanted.has(path) && moved(path));
}

function valueAt({ raw }: Dataflow, path: string): string {
	let value: unknown = raw;
	for (const part of path.split('/').slice(1)) {
		value = Array.isArray(value) ? (value as unknown[])[Number(part)] : asRecord(value)?.[part];
	}
	return JSON.stringify(value) ?? '';
}
