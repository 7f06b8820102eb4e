import type { ItemClient } from '../platform/client';
import { asRecord, textOf } from '../platform/shape';
import { FLOW_REFUSALS } from './flowRefusals';
import type { Reference, Resource, ResourceKind } from './resources';
import { createResource, deleteResource, getResource } from './resources';
import { FULL_SCHEMA } from './schemas';

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
	refusals: FLOW_REFUSALS,
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

/** `GET /targetConnections/{id}`: 200 `{ items: [target connection] }`. */
export async function getTargetConnection(
	client: ItemClient,
	id: string,
): Promise<TargetConnection> {
	return await getResource(client, TARGET_CONNECTION, id);
}

/** `DELETE /targetConnections/{id}`: 204. Refused while a dataflow uses it. */
export async function deleteTargetConnection(client: ItemClient, id: string): Promise<void> {
	await deleteResource(client, TARGET_CONNECTION, id);
}
