import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import {
	searchConnections,
	searchDataflows,
	searchDatasets,
	searchRuns,
	searchTables,
} from '../locators/listSearch';
import { getSandboxes } from '../locators/loadOptions';
import { describeResources, route, subtitleOf } from '../operation/node';
import { database } from './database';
import { dataflow } from './dataflow';
import { getDatasetFields } from './methods/getDatasetFields';
import { getDeltaColumns } from './methods/getDeltaColumns';
import { getIdentityColumns, getIdentityNamespaces } from './methods/getIdentities';
import { run } from './run';

const RESOURCES = [dataflow, run, database];

export class AdobePostgreSqlDataflow implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Adobe PostgreSQL Dataflow',
		name: 'adobePostgreSqlDataflow',
		icon: {
			light: 'file:../../icons/adobePostgreSqlDataflow.svg',
			dark: 'file:../../icons/adobePostgreSqlDataflow.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(RESOURCES),
		description:
			'Load PostgreSQL tables into Adobe Experience Platform (AEP) datasets, on a schedule or on demand',
		defaults: { name: 'Adobe PostgreSQL Dataflow' },
		parameterPane: 'wide',
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'adobeImsApi', displayName: 'Adobe Experience Platform', required: true },
		],
		properties: describeResources(RESOURCES),
	};

	methods = {
		listSearch: { searchConnections, searchDataflows, searchDatasets, searchRuns, searchTables },
		loadOptions: { getDeltaColumns, getIdentityColumns, getIdentityNamespaces, getSandboxes },
		resourceMapping: { getDatasetFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this, RESOURCES);
	}
}
