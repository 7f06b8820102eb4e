import type { INodeProperties } from 'n8n-workflow';

import type { NewConnection } from '../../flowService/connections';
import { readName } from '../../operations/name';
import type { OperationCall } from '../../operations/operation';
import { cloudParameters, readCloudAndAuthMode } from './authentication';
import { databaseDetailsParameters, readAuthParams } from './databaseDetails';
import type { Cloud } from './output';
import { tlsParameters } from './tls';

/** What a connection is made from: the parameters that Create and Create or Update share. */
export const newConnectionParameters: INodeProperties[] = [
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
];

/**
 * Reads and checks them. The description is undefined where the field was not added.
 *
 * @throws UserError naming the parameter or the credential's field
 */
export async function readNewConnection(
	call: OperationCall,
): Promise<{ connection: NewConnection; cloud: Cloud }> {
	const name = readName(call.parameters);
	const { cloud, authMode } = readCloudAndAuthMode(call.parameters);
	const params = await readAuthParams(call, authMode);
	const description = call.parameters
		.collection('additionalFields')
		.text('description', 'Description');
	return { connection: { name, description, authMode, params }, cloud };
}
