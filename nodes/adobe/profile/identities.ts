import type { ItemClient } from '../../platform/client';
import { asRecord, textOf } from '../../platform/json';
import { requestValue } from '../answers';

const DESCRIPTORS = ['data', 'foundation', 'schemaregistry', 'tenant', 'descriptors'] as const;

/** The field of a schema that says whom a record is about. */
export interface NewPrimaryIdentity {
	/** `$id` of the schema. */
	schemaId: string;
	/** Dotted path of the field. */
	path: string;
	/** Code of the namespace, e.g. `Email`. */
	namespace: string;
}

/** `POST /tenant/descriptors`: 201 with the whole of it; its `@id`. Adobe takes one primary identity per schema. */
export async function createPrimaryIdentity(
	client: ItemClient,
	{ schemaId, path, namespace }: NewPrimaryIdentity,
): Promise<string> {
	return await requestValue(
		client,
		{
			method: 'POST',
			path: DESCRIPTORS,
			body: {
				'@type': 'xdm:descriptorIdentity',
				'xdm:sourceSchema': schemaId,
				'xdm:sourceVersion': 1,
				'xdm:sourceProperty': `/${path.replaceAll('.', '/')}`,
				'xdm:namespace': namespace,
				'xdm:property': 'xdm:code',
				'xdm:isPrimary': true,
			},
			operation: 'Create an identity descriptor',
			permission: 'Manage Schemas',
		},
		'the "@id" of the descriptor',
		(body) => textOf(asRecord(body)?.['@id']),
	);
}

/** `DELETE /tenant/descriptors/{@id}`: 204. */
export async function deleteIdentity(client: ItemClient, id: string): Promise<void> {
	await client.request({
		method: 'DELETE',
		path: [...DESCRIPTORS, id],
		operation: 'Delete an identity descriptor',
		permission: 'Manage Schemas',
		subject: `The identity descriptor '${id}'`,
	});
}
