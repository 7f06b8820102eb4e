import type { ItemClient } from '../platform/client';
import { asRecord, textOf } from '../platform/shape';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import type { SourceColumn } from './explore';
import { FLOW_REFUSALS } from './flowRefusals';
import type { Reference, Resource, ResourceKind } from './resources';
import { createResource, deleteResource, getResource } from './resources';

/** A table of a base connection, as a dataflow reads it. */
export interface SourceConnection extends Resource {
	/** The base connection. */
	connectionId?: string;
	/** As explore names it. */
	table?: string;
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
	}),
	refusals: FLOW_REFUSALS,
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

/** `GET /sourceConnections/{id}`: 200 `{ items: [source connection] }`. */
export async function getSourceConnection(
	client: ItemClient,
	id: string,
): Promise<SourceConnection> {
	return await getResource(client, SOURCE_CONNECTION, id);
}

/** `DELETE /sourceConnections/{id}`: 204. Refused while a dataflow uses it. */
export async function deleteSourceConnection(client: ItemClient, id: string): Promise<void> {
	await deleteResource(client, SOURCE_CONNECTION, id);
}
