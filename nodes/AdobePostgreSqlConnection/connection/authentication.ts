import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { AuthMode } from '../../flowService/connectionSpec';
import type { ItemParameters } from '../../operations/parameters';
import type { Cloud } from './output';

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
