import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { getSandboxes } from '../locators/getSandboxes';
import { searchConnections } from '../locators/searchConnections';
import { searchDatasets } from '../locators/searchDatasets';
import { searchDataflows } from '../locators/searchDataflows';
import { searchRuns } from '../locators/searchRuns';
import { searchTables } from '../locators/searchTables';
import { describeResources } from '../operations/describe';
import { route } from '../operations/route';
import { dataflow } from './dataflow';
import { getDatasetFields } from './getDatasetFields';
import { getDeltaColumns } from './getDeltaColumns';
import { run } from './run';

const RESOURCES = [dataflow, run];

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
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Bring tables of PostgreSQL into datasets of Adobe Experience Platform (AEP), on a schedule or at once',
		defaults: { name: 'Adobe PostgreSQL Dataflow' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'adobeImsApi', displayName: 'Adobe IMS', required: true }],
		properties: describeResources(RESOURCES),
	};

	methods = {
		listSearch: { searchConnections, searchDataflows, searchDatasets, searchRuns, searchTables },
		loadOptions: { getDeltaColumns, getSandboxes },
		resourceMapping: { getDatasetFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this, RESOURCES);
	}
}
