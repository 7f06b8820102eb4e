import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { DEFAULT_SSL_MODE, SSL_MODES } from '../nodes/postgresql/sslMode';

const showForConnectionString = { show: { authMode: ['connectionString'] } };
const showForBasic = { show: { authMode: ['basic'] } };

// It holds the password, so it is masked although its name does not say so.
const connectionString: INodeProperties = {
	displayName: 'Connection String',
	name: 'connectionString',
	type: 'string',
	typeOptions: { password: true },
	required: true,
	default: '',
	placeholder: 'e.g. Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=…',
	displayOptions: showForConnectionString,
	description:
		'Adobe’s connection string. Strings of other drivers, PostgreSQL and JDBC URLs and psql commands are converted.',
};

export class AdobePostgreSqlSourceApi implements ICredentialType {
	name = 'adobePostgreSqlSourceApi';

	displayName = 'PostgreSQL Source (for Adobe) API';

	icon = {
		light: 'file:../icons/adobePostgreSql.svg',
		dark: 'file:../icons/adobePostgreSql.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-adobe-postgresql/n8n-nodes-adobe-postgresql#credentials';

	properties: INodeProperties[] = [
		{
			displayName:
				'Adobe (not n8n) connects with these details. Saving checks the format only; use Test in the node Adobe PostgreSQL Connection to check the login.',
			name: 'formNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authMode',
			type: 'options',
			options: [
				{
					name: 'Account Key (Connection String)',
					value: 'connectionString',
					description: 'One connection string, URL or psql command',
				},
				{ name: 'Basic', value: 'basic', description: 'Server, port, database, user and password' },
			],
			default: 'connectionString',
			description:
				'Form in which you enter the details. The node converts them to the authentication that you choose there.',
		},
		connectionString,
		{
			displayName: 'Server',
			name: 'server',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. db.example.com',
			displayOptions: showForBasic,
			description: 'Host name or IP address of the PostgreSQL server, as Adobe reaches it',
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 5432,
			displayOptions: showForBasic,
			description: 'TCP port of the PostgreSQL server',
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. sales',
			displayOptions: showForBasic,
			description: 'Name of the database',
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. aep_reader',
			displayOptions: showForBasic,
			description: 'PostgreSQL role that Adobe logs in with',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: showForBasic,
			description: 'Password of that role',
		},
		{
			displayName: 'SSL Mode',
			name: 'sslMode',
			type: 'options',
			options: [...SSL_MODES.azure],
			default: DEFAULT_SSL_MODE,
			displayOptions: showForBasic,
			description:
				'How Adobe encrypts the connection to the database. On AWS, Adobe also documents true and false: set those with an expression.',
		},
	];
}
