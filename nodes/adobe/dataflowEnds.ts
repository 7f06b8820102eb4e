import type { ItemClient } from '../platform/client';
import { asRecord, recordsOf, textOf } from '../platform/json';
import type { Reference, Resource, ResourceKind } from './collection';
import { createResource } from './collection';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { FLOW_ERRORS } from './errors/errorCatalogue';
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
