import type { ItemClient } from '../../platform/client';
import { arrayOf, asRecord } from '../../platform/json';
import { requestValue } from '../answers';
import { sendOnce } from '../lostWrites/sendOnce';
import { FULL_SCHEMA } from '../schemas';

const SCHEMAS = ['data', 'foundation', 'schemaregistry', 'tenant', 'schemas'] as const;
const TAGS = 'meta:immutableTags';

/**
 * Enables a schema for Real-Time Customer Profile: `PATCH /tenant/schemas/{$id}`, which adds it to the union of its
 * class. Adobe can't undo it. The same twice does no harm, so it is sent again where the schema does not show it.
 *
 * @throws Problem
 */
export async function enableSchemaForProfile(client: ItemClient, id: string): Promise<void> {
	await sendOnce<undefined>(client, {
		repeatable: true,
		async send() {
			await client.request({
				method: 'PATCH',
				path: [...SCHEMAS, id],
				body: [{ op: 'add', path: `/${TAGS}`, value: ['union'] }],
				operation: 'Enable a schema for Profile',
				permission: 'Manage Schemas',
				subject: `The schema '${id}'`,
			});
			return undefined;
		},
		find: async () => ((await isEnabledForProfile(client, id)) ? { done: undefined } : undefined),
		unclear: (unknown) =>
			unknown.leadingTo('It is not clear whether Adobe has enabled the schema for Profile'),
	});
}

async function isEnabledForProfile(client: ItemClient, id: string): Promise<boolean> {
	return await requestValue(
		client,
		{
			method: 'GET',
			path: [...SCHEMAS, id],
			headers: { Accept: FULL_SCHEMA },
			operation: 'Get a schema',
			permission: 'View Schemas',
			subject: `The schema '${id}'`,
		},
		'a schema',
		(body) => {
			const schema = asRecord(body);
			return schema === undefined ? undefined : arrayOf(schema[TAGS]).includes('union');
		},
	);
}
