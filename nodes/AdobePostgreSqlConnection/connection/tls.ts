import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../operations/parameters';

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
