import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { AuthMode } from '../../adobe/connectionSpec';
import type { NewConnection } from '../../adobe/connections';
import { readName } from '../../operation/commonParameters';
import type { OperationCall } from '../../operation/operation';
import type { ItemParameters } from '../../operation/parameters';
import type { Cloud } from '../../outputs/connection';
import { databaseDetailsParameters, readAuthParams } from './databaseDetails';

const connectionStringOption = {
	name: 'Account Key (Connection String)',
	value: 'connectionString',
	description: 'One text with server, database, user and password, as Adobe calls "account key"',
};

const basicOption = {
	name: 'Basic',
	value: 'basic',
	description: 'Server, port, database, user, password and SSL mode one by one',
};

/** Cloud, and the ways to authenticate that exist there; what does not exist is not shown. */
export const cloudParameters: INodeProperties[] = [
	{
		displayName: 'Cloud',
		name: 'cloud',
		type: 'options',
		options: [
			{
				name: 'AWS',
				value: 'aws',
				description:
					'Experience Platform on Amazon Web Services, open to a limited set of organizations',
			},
			{ name: 'Azure', value: 'azure', description: 'Experience Platform on Microsoft Azure' },
		],
		default: 'azure',
		description: 'The cloud that your organization’s Experience Platform runs on',
	},
	{
		displayName: 'Authentication',
		name: 'authMode',
		type: 'options',
		displayOptions: { show: { cloud: ['azure'] } },
		options: [connectionStringOption, basicOption],
		default: 'connectionString',
		description: 'How Adobe is to sign in to the database',
	},
	{
		displayName: 'Authentication',
		name: 'authMode',
		type: 'options',
		displayOptions: { show: { cloud: ['aws'] } },
		options: [basicOption],
		default: 'basic',
		description: 'How Adobe is to sign in to the database; on AWS there is one way',
	},
];

/** @throws UserError for values that do not exist, and for a connection string on AWS */
export function readCloudAndAuthMode(parameters: ItemParameters): {
	cloud: Cloud;
	authMode: AuthMode;
} {
	const cloud = parameters.choice<Cloud>('cloud', 'Cloud', ['azure', 'aws']);
	const authMode = parameters.choice<AuthMode>('authMode', 'Authentication', [
		'connectionString',
		'basic',
	]);
	if (cloud === 'aws' && authMode === 'connectionString') {
		throw new UserError("'Authentication' is a connection string, which does not exist on AWS", {
			description: "Set 'Authentication' to Basic (basic), or 'Cloud' to Azure (azure).",
		});
	}
	return { cloud, authMode };
}

const showForConnectionString = { show: { authMode: ['connectionString'] } };

/** The TLS keys of a connection string (Adobe's PostgreSQL tutorial): set them, or leave them. */
export const tlsParameters: INodeProperties[] = [
	{
		displayName: 'Connection String SSL',
		name: 'encryptionMethod',
		type: 'options',
		displayOptions: showForConnectionString,
		options: [
			{
				name: 'As in Connection String',
				value: 'asIs',
				description: 'Leave EncryptionMethod as the connection string has it',
			},
			{ name: 'Off', value: '0', description: 'EncryptionMethod=0: no encryption' },
			{ name: 'On', value: '1', description: 'EncryptionMethod=1: TLS, or no connection' },
			{
				name: 'Request',
				value: '6',
				description: 'EncryptionMethod=6: TLS where the server offers it',
			},
		],
		default: 'asIs',
		description:
			'Whether Adobe encrypts its connection to the database; sets EncryptionMethod in the connection string',
	},
	{
		displayName: 'Validate Server Certificate',
		name: 'validateServerCertificate',
		type: 'options',
		displayOptions: showForConnectionString,
		options: [
			{
				name: 'As in Connection String',
				value: 'asIs',
				description: 'Leave ValidateServerCertificate as the connection string has it',
			},
			{
				name: 'No',
				value: '0',
				description: 'ValidateServerCertificate=0: accept any certificate',
			},
			{
				name: 'Yes',
				value: '1',
				description:
					'ValidateServerCertificate=1: the certificate must come from an authority Adobe trusts',
			},
		],
		default: 'asIs',
		description:
			'Whether Adobe checks the server’s certificate when it encrypts; sets ValidateServerCertificate in the connection string',
	},
];

export interface TlsChoice {
	encryptionMethod: 'asIs' | '0' | '1' | '6';
	validateServerCertificate: 'asIs' | '0' | '1';
}

/** @throws UserError for values that do not exist */
export function readTls(parameters: ItemParameters): TlsChoice {
	return {
		encryptionMethod: parameters.choice('encryptionMethod', 'Connection String SSL', [
			'asIs',
			'0',
			'1',
			'6',
		]),
		validateServerCertificate: parameters.choice(
			'validateServerCertificate',
			'Validate Server Certificate',
			['asIs', '0', '1'],
		),
	};
}

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
