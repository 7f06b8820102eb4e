import type { ItemClient } from '../platform/client';
import { isProblem } from '../platform/errors/problem';
import { asRecord, recordsOf, textOf } from '../platform/json';
import type { Reference, Resource, ResourceKind } from './collection';
import { createResource, getResource } from './collection';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { FLOW_ERRORS } from './errors/errorCatalogue';
import { findByIds } from './filters/byIds';
import { FULL_SCHEMA } from './schemas';
import type { SourceColumn } from './tables';
import { readColumn } from './tables';

/** A table of a base connection, as a dataflow reads it. */
export interface SourceConnection extends Resource {
	/** The base connection. */
	connectionId?: string;
	/** As explore names it. */
	table?: string;
	/** The columns that it reads, as they were when it was made. */
	columns?: SourceColumn[];
}

export interface NewSourceConnection {
	name: string;
	description?: string;
	/** The base connection. */
	connectionId: string;
	/** As explore names it. */
	table: string;
	columns: SourceColumn[];
}

/** Flow Service's collection of source connections. */
export const SOURCE_CONNECTION: ResourceKind<SourceConnection> = {
	path: 'sourceConnections',
	one: 'source connection',
	read: (resource) => ({
		...resource,
		connectionId: textOf(resource.raw.baseConnectionId),
		table: textOf(asRecord(resource.raw.params)?.tableName),
		columns: recordsOf(asRecord(resource.raw.params)?.columns).flatMap(readColumn),
	}),
	errors: FLOW_ERRORS,
};

/** `POST /sourceConnections`: 201 `{ id, etag }`. The columns go as explore gave them. */
export async function createSourceConnection(
	client: ItemClient,
	{ name, description, connectionId, table, columns }: NewSourceConnection,
): Promise<Reference> {
	return await createResource(client, SOURCE_CONNECTION, {
		name,
		...(description === undefined ? {} : { description }),
		baseConnectionId: connectionId,
		data: { format: 'tabular' },
		params: { tableName: table, columns: columns.map(({ raw }) => raw) },
		connectionSpec: { ...POSTGRESQL_CONNECTION_SPEC },
	});
}

/** Adobe's connection spec for the data lake, the only target of a batch source. */
const DATA_LAKE_SPEC = { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' } as const;

/** A dataset, as a dataflow writes to it. */
export interface TargetConnection extends Resource {
	datasetId?: string;
	/** `$id` of the schema, where Adobe names it. */
	schemaId?: string;
}

export interface NewTargetConnection {
	name: string;
	description?: string;
	datasetId: string;
	/** `$id` of the dataset's schema. */
	schemaId: string;
}

/** Flow Service's collection of target connections. */
export const TARGET_CONNECTION: ResourceKind<TargetConnection> = {
	path: 'targetConnections',
	one: 'target connection',
	read: (resource) => ({
		...resource,
		datasetId: textOf(asRecord(resource.raw.params)?.dataSetId),
		schemaId: textOf(asRecord(asRecord(resource.raw.data)?.schema)?.id),
	}),
	errors: FLOW_ERRORS,
};

/** `POST /targetConnections`: 201 `{ id, etag }`. */
export async function createTargetConnection(
	client: ItemClient,
	{ name, description, datasetId, schemaId }: NewTargetConnection,
): Promise<Reference> {
	return await createResource(client, TARGET_CONNECTION, {
		name,
		...(description === undefined ? {} : { description }),
		data: { schema: { id: schemaId, version: FULL_SCHEMA } },
		params: { dataSetId: datasetId },
		connectionSpec: { ...DATA_LAKE_SPEC },
	});
}

/** A dataflow, as far as its ends are concerned. */
interface WithEnds {
	sourceConnectionIds: readonly string[];
	targetConnectionIds: readonly string[];
}

/** What a dataflow reads from and writes to, as far as Adobe shows it. */
export interface Ends {
	table?: string;
	datasetId?: string;
}

/**
 * The ends of dataflows, in their order, a hundred with one request: only they say which table and which
 * dataset it is. Not knowing that makes no dataflow fail.
 */
export async function endsOf(client: ItemClient, flows: readonly WithEnds[]): Promise<Ends[]> {
	const firstOf = (ids: readonly string[]) => ids.slice(0, 1);
	const [sources, targets] = await Promise.all([
		byId(
			client,
			SOURCE_CONNECTION,
			flows.flatMap((flow) => firstOf(flow.sourceConnectionIds)),
		),
		byId(
			client,
			TARGET_CONNECTION,
			flows.flatMap((flow) => firstOf(flow.targetConnectionIds)),
		),
	]);
	return flows.map(
		({ sourceConnectionIds: [source = ''], targetConnectionIds: [target = ''] }) => ({
			table: sources.get(source)?.table,
			datasetId: targets.get(target)?.datasetId,
		}),
	);
}

/** One alone is read by its ID, as lists may not show it yet. */
async function byId<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	ids: readonly string[],
): Promise<Map<string, T>> {
	const [only, ...more] = new Set(ids);
	if (only === undefined || more.length > 0) {
		return await findByIds(client, kind, ids, unlessStopped);
	}
	const found = await getResource(client, kind, only).then((one) => [one], unlessStopped);
	return new Map(found.map((one) => [one.id, one]));
}

/** @throws the error of an execution that was stopped */
function unlessStopped(error: unknown): never[] {
	if (isProblem(error, 'stopped')) throw error;
	return [];
}
