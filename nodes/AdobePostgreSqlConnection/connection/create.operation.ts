import { createConnection } from '../../flowService/connections';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { cloudParameters, readCloudAndAuthMode } from './authentication';
import { databaseDetailsParameters, readAuthParams } from './databaseDetails';
import { connectionOutput } from './output';
import { readStates } from './readStates';
import { tlsParameters } from './tls';
import { verifyNewConnection, verifyOption } from './verify';

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a connection',
	description:
		'Create a PostgreSQL base connection in Adobe Experience Platform and pass its connectionId on; each call makes another one, also under the same name',
	parameters: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Sales database',
			description: 'Name of the base connection as Experience Platform is to show it',
		},
		...cloudParameters,
		...databaseDetailsParameters,
		...tlsParameters,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					description: 'What the connection is for',
				},
			],
		},
		optionsCollection([verifyOption]),
	],
	async prepare(call) {
		const name = call.parameters.requiredText('name', 'Name').trim();
		const { cloud, authMode } = readCloudAndAuthMode(call.parameters);
		const params = await readAuthParams(call, authMode);
		const description = call.parameters
			.collection('additionalFields')
			.text('description', 'Description');
		const verify = call.parameters.collection('options').boolean('verify', 'Verify') ?? false;
		return async () => {
			const client = call.openClient();
			const created = await createConnection(client, {
				name,
				description: description === '' ? undefined : description,
				authMode,
				params,
			});
			const ready = verify ? await verifyNewConnection(client, created.id) : undefined;
			return {
				...connectionOutput({
					connectionId: created.id,
					etag: ready?.etag ?? created.etag,
					name,
					state: ready?.state,
					cloud,
					authMode,
					sandboxName: client.sandboxName,
				}),
				action: 'created',
				...(verify ? { verified: true } : {}),
			};
		};
	},
	complete: readStates,
};
