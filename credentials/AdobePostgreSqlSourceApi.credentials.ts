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
		'Adobe’s connection string, or one of another driver, a PostgreSQL or JDBC URL or a psql command, which are converted',
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
				'These are the details that Adobe connects with. Testing here checks their form only: n8n never opens the database. Whether Adobe reaches it is shown by the operation Test of the node Adobe PostgreSQL Connection.',
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
					description: 'One text: a connection string, a URL or a psql command',
				},
				{ name: 'Basic', value: 'basic', description: 'Field by field' },
			],
			default: 'connectionString',
			description:
				'How the details are given here. How the connection is registered at Adobe is chosen in the node, which converts them.',
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
			description: 'Name of the PostgreSQL role that Adobe signs in with',
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
				'How Adobe encrypts its connection to the database. On AWS, Adobe also documents true and false; give those by expression.',
		},
	];
}
