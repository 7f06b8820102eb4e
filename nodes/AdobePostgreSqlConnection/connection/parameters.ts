import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { AuthMode } from '../../adobe/connectionSpec';
import type { NewConnection } from '../../adobe/connections';
import {
	additionalFieldsCollection,
	descriptionFieldOf,
	nameParameter,
	readName,
} from '../../operation/commonParameters';
import type { OperationCall } from '../../operation/operation';
import type { ItemParameters } from '../../operation/parameters';
import { choiceParameter } from '../../operation/parameters';
import type { Cloud } from '../../outputs/connection';
import { databaseDetailsParameters, readAuthParams } from './databaseDetails';
import { verifyParameter } from './verify';

const connectionStringChoice = {
	name: 'Account Key (Connection String)',
	value: 'connectionString',
	description: 'One connection string, which Adobe calls the account key',
} as const;

const basicChoice = {
	name: 'Basic',
	value: 'basic',
	description: 'Server, port, database, user, password and SSL mode',
} as const;

export const cloudParameter = choiceParameter({
	displayName: 'Cloud',
	name: 'cloud',
	type: 'options',
	options: [
		{
			name: 'AWS',
			value: 'aws',
			description: 'Experience Platform on Amazon Web Services (selected organizations only)',
		},
		{ name: 'Azure', value: 'azure', description: 'Experience Platform on Microsoft Azure' },
	],
	default: 'azure',
	description: 'Cloud that your Experience Platform runs on',
});

/** On Azure, where all of them exist. */
const authModeParameter = choiceParameter({
	displayName: 'Authentication',
	name: 'authMode',
	type: 'options',
	displayOptions: { show: { cloud: ['azure'] } },
	options: [connectionStringChoice, basicChoice],
	default: 'basic',
	description:
		'How the connection is registered in Experience Platform. The credential may hold the details in either form; they are converted.',
});

/** Cloud, and the ways to authenticate that exist there; what does not exist is not shown. */
export const cloudParameters: INodeProperties[] = [
	cloudParameter,
	authModeParameter,
	{
		...authModeParameter,
		displayOptions: { show: { cloud: ['aws'] } },
		options: [basicChoice],
		default: 'basic',
		description:
			'On AWS, only Basic exists. The credential may hold the details in either form; they are converted.',
	},
];

/** @throws UserError for values that do not exist, and for a connection string on AWS */
export function readCloudAndAuthMode(parameters: ItemParameters): {
	cloud: Cloud;
	authMode: AuthMode;
} {
	const cloud = parameters.choice(cloudParameter);
	const authMode = parameters.choice(authModeParameter);
	if (cloud === 'aws' && authMode === 'connectionString') {
		throw new UserError("'Authentication' is a connection string, which does not exist on AWS", {
			description: "Set 'Authentication' to Basic (basic), or 'Cloud' to Azure (azure).",
		});
	}
	return { cloud, authMode };
}

const descriptionField = descriptionFieldOf('What the connection is for');
const additionalFields = additionalFieldsCollection([descriptionField]);

export const newNameParameter = nameParameter({
	placeholder: 'e.g. Sales database',
	description: 'Name of the connection in Experience Platform',
});

/** What a connection is created from: the parameters that Create and Create or Update share. */
export const newConnectionParameters: INodeProperties[] = [
	newNameParameter,
	...cloudParameters,
	...databaseDetailsParameters,
	verifyParameter,
	additionalFields,
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
	const description = call.parameters.collection(additionalFields).text(descriptionField)?.trim();
	return { connection: { name, description, authMode, params }, cloud };
}
