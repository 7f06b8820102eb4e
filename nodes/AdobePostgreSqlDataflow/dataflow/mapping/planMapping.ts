import { getResource } from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import type { Dataflow } from '../../../adobe/dataflows';
import { getDataSet } from '../../../adobe/datasets';
import type { Mapping, MappingSetReference, ShownMapping } from '../../../adobe/mappingSets';
import { getMappings } from '../../../adobe/mappingSets';
import { getSchema } from '../../../adobe/schemas';
import type { SourceColumn } from '../../../adobe/tables';
import { listColumns } from '../../../adobe/tables';
import type { ItemClient } from '../../../platform/client';
import { Problem } from '../../../platform/errors/problem';
import type { ReadOnce } from '../../../platform/keyed';
import { findMappingProblems, unmappedOf } from '../create/checkMapping';
import { checkByAdobe, fitMapping } from '../create/fitMapping';
import type { PossibleMatch } from '../create/mapByName';
import type { MappingWish } from './changeParameters';
import { asMapping, isSameMapping, sourceInWords } from './sameMapping';

/** A field that another mapping fills otherwise; null for the side that does not fill it. */
export interface FieldChange {
	field: string;
	before: string | null;
	after: string | null;
}

/** What another mapping of a dataflow comes to, before anything is written. */
export interface MappingPlan {
	/** The mapping set that is there already, where one is gone back to. */
	earlier?: MappingSetReference;
	/** `$id` of the schema that the mapping is for. */
	schemaId: string;
	mappings: Mapping[];
	/** Whether the dataflow has this mapping already. */
	isSame: boolean;
	/** The mapping set that the dataflow has. */
	previous?: MappingSetReference;
	changes: FieldChange[];
	/** What the mapping takes nothing from. */
	unmappedColumns: string[];
	/** What an automatic mapping leaves out, though it may have a field. */
	possibleMatches: PossibleMatch[];
	/** What the mapping takes from columns that the source connection does not name. */
	columnsNotRead: string[];
	table: string;
	datasetId?: string;
}

export const UPDATE_A_DATAFLOW = 'Update a dataflow';

/**
 * Looks at everything that another mapping of a dataflow needs, and writes nothing.
 *
 * @param readings what the items of an execution read once
 * @param operation that the mapping is changed by, in the details of a problem
 * @throws Problem for a mapping that does not fit the table or the dataset
 */
export async function planMapping(
	client: ItemClient,
	readings: ReadOnce,
	flow: Dataflow,
	wish: MappingWish,
	operation = UPDATE_A_DATAFLOW,
): Promise<MappingPlan> {
	const refuse = (message: string, advice: string) =>
		cannotChange(client, message, advice, operation);
	const ends = await endsOfMapping(client, readings, flow, refuse);
	const { columns, table, fields, schemaId, datasetId } = ends;
	const previous =
		flow.mappingId === undefined
			? undefined
			: { id: flow.mappingId, version: flow.mappingVersion ?? 0 };
	const actual =
		previous === undefined ? [] : await getMappings(client, previous.id, flow.mappingVersion);
	const fitted =
		'earlier' in wish
			? { mappings: await earlierMappings(client, wish.earlier), possibleMatches: [] }
			: fitMapping({ mapping: wish.mapping, table }, { columns, fields, refuse });
	const { mappings, possibleMatches } = fitted;
	if ('earlier' in wish) {
		const problems = findMappingProblems(mappings, { columns, fields, table });
		if (problems.length > 0) {
			throw refuse(
				'The mapping does not fit the dataset',
				`${problems.join(' ')} Correct 'Mapping'.`,
			);
		}
	}
	const isSame =
		'earlier' in wish
			? wish.earlier.id === previous?.id && wish.earlier.version === previous.version
			: isSameMapping(mappings, actual);
	if (!isSame && !('earlier' in wish)) {
		await checkByAdobe(client, schemaId, mappings, operation);
	}
	const unmappedColumns = unmappedOf(mappings, columns);
	return {
		...('earlier' in wish ? { earlier: wish.earlier } : {}),
		schemaId,
		mappings,
		isSame,
		previous,
		changes: isSame ? [] : changesBetween(actual, mappings),
		unmappedColumns,
		possibleMatches,
		columnsNotRead: notRead(columns, unmappedColumns, ends.readColumns),
		table,
		datasetId,
	};
}

type Refuse = (message: string, advice: string) => Problem;

/** The table as it is now, and the fields of the dataset. */
async function endsOfMapping(
	client: ItemClient,
	readings: ReadOnce,
	flow: Dataflow,
	refuse: Refuse,
) {
	const [sourceId, targetId] = [flow.sourceConnectionIds[0], flow.targetConnectionIds[0]];
	const [source, target] = await Promise.all([
		sourceId === undefined ? undefined : getResource(client, SOURCE_CONNECTION, sourceId),
		targetId === undefined ? undefined : getResource(client, TARGET_CONNECTION, targetId),
	]);
	const { table, connectionId = flow.connectionId, columns: readColumns = [] } = source ?? {};
	const read = async <T>(key: string, work: () => Promise<T>) =>
		await readings.read(`${client.scope} ${key}`, work);
	const datasetId = target?.datasetId;
	if (table === undefined || connectionId === undefined || datasetId === undefined) {
		throw refuse(
			'Adobe does not show which table and dataset this dataflow has',
			"Without them a mapping can't be checked. Change it in Experience Platform under Sources > Dataflows.",
		);
	}
	const [columns, schema] = await Promise.all([
		read(`columns ${connectionId} ${table}`, async () => listColumns(client, connectionId, table)),
		read(`schema of ${datasetId}`, async () => {
			const { schemaId = target?.schemaId } = await getDataSet(client, datasetId);
			return schemaId === undefined ? undefined : await getSchema(client, schemaId);
		}),
	]);
	if (schema === undefined) {
		throw refuse(
			`The dataset '${datasetId}' has no schema`,
			"Choose another 'Dataset', one that was made with a schema.",
		);
	}
	return { table, columns, readColumns, datasetId, schemaId: schema.id, fields: schema.fields };
}

async function earlierMappings(
	client: ItemClient,
	{ id, version }: MappingSetReference,
): Promise<Mapping[]> {
	return (await getMappings(client, id, version)).map(asMapping);
}

function changesBetween(before: readonly ShownMapping[], after: readonly Mapping[]): FieldChange[] {
	const [was, is] = [sourcesByField(before), sourcesByField(after)];
	const fields = new Set([...was.keys(), ...is.keys()]);
	return [...fields]
		.filter((field) => was.get(field) !== is.get(field))
		.map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

function sourcesByField(mappings: readonly ShownMapping[]): Map<string, string> {
	return new Map(mappings.map((mapping) => [mapping.destination, sourceInWords(mapping)]));
}

/**
 * Adobe advises against changing the source connection of a live dataflow; whether it loads a column
 * that this does not name is not documented.
 */
function notRead(
	columns: readonly SourceColumn[],
	unmapped: readonly string[],
	readColumns: readonly SourceColumn[],
): string[] {
	if (readColumns.length === 0) return [];
	const known = new Set([...unmapped, ...readColumns.map(({ name }) => name)]);
	return columns.map(({ name }) => name).filter((name) => !known.has(name));
}

function cannotChange(
	client: ItemClient,
	message: string,
	advice: string,
	operation: string,
): Problem {
	return new Problem(message, {
		advice,
		notes: ['Nothing was changed.'],
		details: { operation, sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
