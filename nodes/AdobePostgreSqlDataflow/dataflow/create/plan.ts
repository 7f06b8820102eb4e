import { getResource } from '../../../adobe/collection';
import { POSTGRESQL_CONNECTION_SPEC } from '../../../adobe/connectionSpec';
import { CONNECTION } from '../../../adobe/connections';
import type { ProfileState } from '../../../adobe/datasets';
import type { Mapping } from '../../../adobe/mappingSets';
import { listNamespaces } from '../../../adobe/profile/namespaces';
import { findSchemaParts } from '../../../adobe/schemas';
import type { SourceColumn } from '../../../adobe/tables';
import { previewRows } from '../../../adobe/tables';
import { mappingDigest } from '../../../adobe/together/mappingMark';
import { labelOf } from '../../../operation/values';
import type { ItemClient } from '../../../platform/client';
import { isProblem, Problem } from '../../../platform/errors/problem';
import { asRecord, textOf } from '../../../platform/json';
import type { ColumnProblem } from '../columns';
import { columnProblem, deltaColumnsOf, timeColumnProblem, undecided } from '../columns';
import { deltaColumnParameter } from '../scheduleParameters';
import type { CreateRun } from './createDataflow';
import type { NewDatasetWanted } from './datasetParameters';
import { eventIdColumnParameter, eventTimeColumnParameter } from './datasetParameters';
import { checkByAdobe, fitMapping } from './fitMapping';
import type { PossibleMatch } from './mapByName';
import {
	emptyIdentities,
	fieldOf,
	identityColumnProblem,
	namespaceProblem,
} from './profile/checkIdentity';
import type { WantedIdentity } from './profile/parameters';
import type { WantedDataflow } from './request';
import type { TableSchema } from './tableSchema';
import { tableSchema } from './tableSchema';

/** Everything that a dataflow is made from, once it is known that it fits together. */
export interface Plan {
	columns: SourceColumn[];
	/** The dataset that is there, or what a new one is made from. */
	dataset: ExistingDataset | NewDataset;
	mappings: Mapping[];
	/** What the mapping takes nothing from. */
	unmappedColumns: string[];
	/** What an automatic mapping leaves out, though it may have a field. */
	possibleMatches: PossibleMatch[];
	/** What marks new rows; undefined with the schedule Once, and on demand where it is not clear. */
	deltaColumn?: string;
	/** What a person should know; no failure. */
	warnings: string[];
}

export interface ExistingDataset {
	id: string;
	name?: string;
	schemaId: string;
	profile?: ProfileState;
}

export interface NewDataset {
	name: string;
	schema: TableSchema;
	identity?: PlannedIdentity;
}

/** An identity that is known to be possible. */
export interface PlannedIdentity extends WantedIdentity {
	/** Dotted path of the column's field. */
	path: string;
}

/** What a dataflow is known by. */
export interface OwnParts {
	/** For the descriptions of what it creates. */
	marker: string;
	/** A schema that was made for it already. */
	schemaId?: string;
}

/**
 * Looks at everything that a dataflow needs, and makes nothing.
 *
 * @throws Problem that names the parameter that does not fit
 */
export async function inspect(
	client: ItemClient,
	run: CreateRun,
	wanted: WantedDataflow,
	own: OwnParts,
): Promise<Plan> {
	const { connectionId, table } = wanted;
	await checkConnection(client, run, connectionId);
	const columns = await run.lookUps.columns(client, connectionId, table);
	if (columns.length === 0) {
		throw unfit(client, `The table '${table}' has no columns`, "Choose another 'Table'.");
	}
	const deltaColumn = deltaColumnFor(client, columns, wanted);
	const plan =
		'id' in wanted.dataset
			? await forExisting(client, run, wanted, wanted.dataset.id, columns)
			: await forNew(client, run, wanted, wanted.dataset.create, columns, own);
	return { ...plan, deltaColumn };
}

async function checkConnection(client: ItemClient, run: CreateRun, id: string): Promise<void> {
	const connection = await run.lookUps.read(client, `connection ${id}`, async () =>
		getResource(client, CONNECTION, id),
	);
	const specId = textOf(asRecord(connection.raw.connectionSpec)?.id);
	if (specId !== undefined && specId !== POSTGRESQL_CONNECTION_SPEC.id) {
		throw unfit(
			client,
			`The connection '${id}' is not one to PostgreSQL`,
			"Choose another 'Connection'.",
		);
	}
	if (connection.state === undefined || connection.state === 'enabled') return;
	throw unfit(
		client,
		`The connection '${id}' is '${connection.state}' and not 'enabled'`,
		"A new connection on AWS takes a minute or two: create it with 'Verify Connection' on, which waits. Look at it in Experience Platform under Sources > Accounts.",
	);
}

/**
 * The given one, or the only one that can be it. On demand, Run Now may still be given one.
 *
 * @throws Problem
 */
function deltaColumnFor(
	client: ItemClient,
	columns: readonly SourceColumn[],
	{ schedule, table }: WantedDataflow,
): string | undefined {
	const { frequency, deltaColumn: name } = schedule;
	if (frequency === 'once') return undefined;
	const label = labelOf(deltaColumnParameter);
	if (name !== undefined) {
		refuse(client, timeColumnProblem(columns, { name, label, table }));
		return name;
	}
	const found = deltaColumnsOf(columns);
	if (found.only === undefined && frequency !== 'onDemand') {
		refuse(client, undecided(found, label, table));
	}
	return found.only;
}

/** @throws Problem when there is something wrong with the column */
function refuse(client: ItemClient, problem: ColumnProblem | undefined): void {
	if (problem !== undefined) throw unfit(client, problem.message, problem.description);
}

async function forExisting(
	client: ItemClient,
	run: CreateRun,
	wanted: WantedDataflow,
	datasetId: string,
	columns: SourceColumn[],
): Promise<Plan> {
	const { name, schemaId, profile } = await run.lookUps.dataSets.get(client, datasetId);
	if (schemaId === undefined) {
		throw unfit(
			client,
			`The dataset '${datasetId}' has no schema`,
			"Choose another 'Dataset', one that was made with a schema.",
		);
	}
	const { fields } = await run.lookUps.schema(client, schemaId);
	const refuse = (message: string, advice: string) => unfit(client, message, advice);
	const { mappings, ...left } = fitMapping(wanted, { columns, fields, refuse });
	// Many tables of the same columns may go into one dataset.
	await run.lookUps.read(client, `valid ${schemaId} ${mappingDigest(mappings)}`, async () =>
		checkByAdobe(client, schemaId, mappings),
	);
	const dataset = { id: datasetId, name, schemaId, profile };
	return { columns, dataset, mappings, ...left, warnings: [] };
}

async function forNew(
	client: ItemClient,
	run: CreateRun,
	wanted: WantedDataflow,
	{ name, schemaClass, event, identity }: NewDatasetWanted,
	columns: SourceColumn[],
	{ marker, schemaId }: OwnParts,
): Promise<Plan> {
	if (event !== undefined) {
		const id = { name: event.idColumn, label: labelOf(eventIdColumnParameter) };
		const time = { name: event.timestampColumn, label: labelOf(eventTimeColumnParameter) };
		refuse(client, columnProblem(columns, id) ?? timeColumnProblem(columns, time));
	}
	if (identity !== undefined) await checkIdentity(client, run, wanted, identity, columns);
	const [datasets, schemas, tenantId] = await Promise.all([
		run.lookUps.dataSets.named(client, name),
		findSchemaParts(client, 'schemas', name),
		run.lookUps.tenantId(client),
	]);
	const [dataset] = datasets;
	if (dataset !== undefined) {
		throw unfit(
			client,
			`A dataset named '${name}' already exists in the sandbox '${client.sandboxName}'`,
			`It is ${dataset.id}. Set 'Target Dataset' to Use Existing and choose it, or enter another 'Dataset Name'.`,
		);
	}
	const taken = schemas.find(({ id }) => id !== schemaId);
	if (taken !== undefined) {
		throw unfit(
			client,
			`A schema named '${name}' already exists in the sandbox '${client.sandboxName}'`,
			`It is ${taken.id}. Enter another 'Dataset Name', or delete that schema first.`,
		);
	}
	const schema = tableSchema({ name, marker, columns, schemaClass, tenantId, event });
	return {
		columns,
		dataset: { name, schema, identity: plannedIdentity(identity, schema.mappings) },
		mappings: schema.mappings,
		unmappedColumns: [],
		possibleMatches: [],
		warnings: identity === undefined ? [] : await warningsFor(client, wanted, identity),
	};
}

/** @throws Problem where the column or the namespace can't be used */
async function checkIdentity(
	client: ItemClient,
	run: CreateRun,
	{ table }: WantedDataflow,
	identity: WantedIdentity,
	columns: readonly SourceColumn[],
): Promise<void> {
	refuse(client, identityColumnProblem(columns, identity, table));
	const namespaces = await run.lookUps.read(client, 'namespaces', async () =>
		listNamespaces(client),
	);
	refuse(client, namespaceProblem(namespaces, identity));
}

function plannedIdentity(
	identity: WantedIdentity | undefined,
	mappings: readonly Mapping[],
): PlannedIdentity | undefined {
	const path = identity === undefined ? undefined : fieldOf(identity.column, mappings);
	return identity === undefined || path === undefined ? undefined : { ...identity, path };
}

/** Adobe does not say whether a column may be null, so that the first rows have to tell. */
async function warningsFor(
	client: ItemClient,
	{ connectionId, table }: WantedDataflow,
	{ column }: WantedIdentity,
): Promise<string[]> {
	const rows = await previewRows(client, connectionId, table).catch((error: unknown) => {
		if (isProblem(error, 'stopped')) throw error;
		return [];
	});
	const warning = emptyIdentities(rows, column);
	return warning === undefined ? [] : [warning];
}

type Sandboxed = Pick<ItemClient, 'sandboxName'>;

/** Something about the wanted dataflow that can't work, found before anything was made. */
export function unfit(client: Sandboxed, message: string, advice: string): Problem {
	return cannotCreate(client, message, advice).noting('Nothing was created.');
}

/** Something that keeps the wanted dataflow from being made, also when parts of it were made already. */
export function cannotCreate(client: Sandboxed, message: string, advice: string): Problem {
	return new Problem(message, {
		advice,
		details: { operation: 'Create a dataflow', sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
