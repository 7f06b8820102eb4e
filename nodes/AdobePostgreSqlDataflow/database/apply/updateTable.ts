import { randomUUID } from 'crypto';

import { addFields } from '../../../adobe/evolution/fieldGroups';
import { readMoreColumns } from '../../../adobe/evolution/sourceColumns';
import type { FlowChanges } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import { listNewestMappingSets } from '../../../adobe/mappingSets';
import type { OperationCall } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import { asIs, toProblem } from '../../../platform/errors/problem';
import { deltaColumnsOf, named } from '../../dataflow/columns';
import { checkByAdobe } from '../../dataflow/create/fitMapping';
import { isMarkedBy, partMarker } from '../../dataflow/create/markers';
import type { WantedMappingSet } from '../../dataflow/mapping/changeMapping';
import { changeMapping } from '../../dataflow/mapping/changeMapping';
import { lacksDeltaColumn, scheduleChanges } from '../../dataflow/schedule';
import { act } from '../../dataflow/setState.operation';
import type { Addition } from '../additions';
import { additionsOf } from '../additions';
import type { Change } from '../change';
import { columnDrift } from '../columnChanges';
import { columnsOf, expectedMapping } from '../expectedMapping';
import type { Compared } from '../judge';
import { comparable } from '../settingChanges';

/**
 * Makes the planned changes of a dataflow. Each step finds out whether it was done already, and the one that
 * a plan tells a new column by (that the source connection reads it) comes last: an execution that was
 * killed can be repeated.
 *
 * @param flow as it was read
 * @param marker of the plan
 * @returns what was done, in sentences
 * @throws Problem that says what became of the steps before
 */
export async function updateTable(
	call: OperationCall,
	client: ItemClient,
	flow: Dataflow,
	compared: Compared,
	{ changes, marker }: { changes: readonly Change[]; marker: string },
): Promise<string[]> {
	const { desired, actual } = compared;
	const has = (kind: Change['kind']) =>
		changes.some((change) => change.kind === kind && change.applies);
	const done: string[] = [];
	if (has('columnAdded') && desired.newColumns === 'stop') {
		await act(client, flow.id, 'disable');
		done.push('The dataflow was disabled, because of a new column.');
	}
	const additions =
		has('columnAdded') && desired.newColumns === 'add' ? additionsFor(compared) : [];
	for (const sentence of await addMissingFields(client, compared, additions)) done.push(sentence);
	try {
		const settings = settingsFor(client, flow, compared, changes);
		const isMapped = has('mapping') || additions.length > 0;
		const mapping = isMapped
			? await mappingFor(client, flow, compared, { additions, marker })
			: undefined;
		const text = partMarker(desired.name, marker, randomUUID().slice(0, 8));
		const unchanged: WantedMappingSet = { schemaId: '', mappings: [], isSame: true };
		const result = await changeMapping(call, client, flow, mapping ?? unchanged, settings, text);
		if (result.action === 'updated') {
			for (const sentence of sentencesFor(changes, mapping)) done.push(sentence);
		}
		for (const what of result.possiblyLeftBehind) done.push(`Adobe may have made ${what} besides.`);
		const { source } = actual;
		if (source !== undefined && additions.length > 0) {
			const columns = additions.map(({ column }) => column);
			await readMoreColumns(client, source.id, columns);
			done.push(`The dataflow reads ${named(columns.map(({ name }) => name))} from now on.`);
		}
		if (has('disabled')) {
			await act(client, flow.id, 'enable');
			done.push('The dataflow was enabled.');
		}
		if (has('enabled')) {
			await act(client, flow.id, 'disable');
			done.push('The dataflow was disabled.');
		}
	} catch (error) {
		throw done.length === 0
			? asIs(error)
			: toProblem(error).noting(`Before that: ${done.join(' ')} Apply can be repeated.`);
	}
	return done;
}

function additionsFor({ desired, actual, columns = [], tenantId }: Compared): Addition[] {
	const { schema } = actual;
	if (schema === undefined) return [];
	const { known, added } = columnDrift(actual, columns);
	return additionsOf({ desired, schema, tenantId }, known, added);
}

async function addMissingFields(
	client: ItemClient,
	{ actual: { schema }, tenantId }: Compared,
	additions: readonly Addition[],
): Promise<string[]> {
	const fields = additions.flatMap(({ field }) => (field === undefined ? [] : [field]));
	if (schema?.own === undefined || fields.length === 0) return [];
	await addFields(client, schema.own.id, tenantId, fields);
	const names = named(fields.map(({ name }) => name));
	return [`The field group has got ${names}, which Adobe keeps for good.`];
}

/** The mapping as desired, with the new columns; one that an earlier execution has made is taken. */
async function mappingFor(
	client: ItemClient,
	flow: Dataflow,
	{ desired, actual, columns = [], tenantId }: Compared,
	{ additions, marker }: { additions: readonly Addition[]; marker: string },
): Promise<WantedMappingSet | undefined> {
	const { schema, mapping = [] } = actual;
	if (schema === undefined) return undefined;
	const { known, added } = columnDrift(actual, columns);
	const mapped = columnsOf(mapping, added);
	const isTaken = ({ name }: { name: string }) =>
		mapped.has(name) || additions.some(({ column }) => column.name === name);
	const mappings = expectedMapping({ desired, schema, tenantId }, [
		...known,
		...added.filter(isTaken),
	]);
	const isThere = additions.every(({ column }) => mapped.has(column.name));
	if (isThere && additions.length > 0 && mappings.length === mapping.length) return undefined;
	await checkByAdobe(client, schema.id, mappings, 'Apply a plan');
	const part = partMarker(desired.name, marker);
	const earlier = (await listNewestMappingSets(client)).find(({ descriptions }) =>
		descriptions.some((text) => isMarkedBy(part, text)),
	);
	const { mappingId: id, mappingVersion: version = 0 } = flow;
	return {
		...(earlier === undefined ? {} : { earlier }),
		isShared: true,
		schemaId: schema.id,
		mappings,
		isSame: false,
		...(id === undefined ? {} : { previous: { id, version } }),
	};
}

function settingsFor(
	client: ItemClient,
	flow: Dataflow,
	{ desired, columns = [] }: Compared,
	changes: readonly Change[],
): FlowChanges {
	const applies = (kind: Change['kind']) =>
		changes.some((change) => change.kind === kind && change.applies);
	const { description, options } = desired;
	return {
		...(applies('description') ? { description } : {}),
		...(applies('options') ? { options } : {}),
		...(applies('schedule') ? scheduleFor(client, flow, { desired, columns }) : {}),
	};
}

function scheduleFor(
	client: ItemClient,
	flow: Dataflow,
	{ desired, columns }: Required<Pick<Compared, 'desired' | 'columns'>>,
): FlowChanges {
	const { frequency, startEpochMs, recurring, deltaColumn } = comparable(desired.schedule, flow);
	const needed = lacksDeltaColumn(flow, { frequency, deltaColumn })
		? deltaColumnsOf(columns).only
		: deltaColumn;
	return scheduleChanges(client, flow, {
		frequency,
		startEpochMs,
		...recurring,
		...(frequency === 'onDemand' || frequency === 'once' ? {} : { deltaColumn: needed }),
	});
}

const DONE: Partial<Record<Change['kind'], string>> = {
	schedule: 'The schedule was changed.',
	options: 'The options were changed.',
	description: 'The description was changed.',
};

function sentencesFor(changes: readonly Change[], mapping: WantedMappingSet | undefined): string[] {
	const told = changes.flatMap(({ kind, applies }) => (applies ? (DONE[kind] ?? []) : []));
	return [
		...(mapping === undefined
			? []
			: [`The dataflow has a new mapping with ${mapping.mappings.length} fields.`]),
		...new Set(told),
	];
}
