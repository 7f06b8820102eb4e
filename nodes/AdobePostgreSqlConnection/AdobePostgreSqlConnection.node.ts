import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { searchConnections, searchTables } from '../locators/listSearch';
import { getSandboxes } from '../locators/loadOptions';
import { describeResources, route, subtitleOf } from '../operation/node';
import { connection } from './connection';
import { getSslModes } from './methods/getSslModes';
import { testSourceCredential } from './sourceCredentialTest';
import { table } from './table';

const RESOURCES = [connection, table];

export class AdobePostgreSqlConnection implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Adobe PostgreSQL Connection',
		name: 'adobePostgreSqlConnection',
		icon: {
			light: 'file:../../icons/adobePostgreSql.svg',
			dark: 'file:../../icons/adobePostgreSql.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(RESOURCES),
		description:
			'Create and test PostgreSQL connections in Adobe Experience Platform (AEP), and browse their tables',
		defaults: { name: 'Adobe PostgreSQL Connection' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'adobeImsApi', displayName: 'Adobe Experience Platform', required: true },
			{
				name: 'adobePostgreSqlSourceApi',
				displayName: 'PostgreSQL Source (for Adobe)',
				required: true,
				testedBy: 'testSourceCredential',
				displayOptions: {
					show: {
						resource: ['connection'],
						operation: ['create', 'update', 'upsert'],
						databaseDetails: ['credential'],
					},
				},
			},
		],
		sensitiveOutputFields: ['auth.params'],
		properties: describeResources(RESOURCES),
	};

	methods = {
		credentialTest: { testSourceCredential },
		listSearch: { searchConnections, searchTables },
		loadOptions: { getSandboxes, getSslModes },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this, RESOURCES);
	}
}
