import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { getSandboxes } from '../locators/loadOptions';
import { searchDataflows } from '../locators/listSearch';
import { triggerParameters, triggerSubtitle } from './parameters';
import { pollRuns } from './poll';

export class AdobePostgreSqlDataflowTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Adobe PostgreSQL Dataflow Trigger',
		name: 'adobePostgreSqlDataflowTrigger',
		icon: {
			light: 'file:../../icons/adobePostgreSqlDataflow.svg',
			dark: 'file:../../icons/adobePostgreSqlDataflow.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: triggerSubtitle,
		description:
			'Load PostgreSQL tables into Adobe Experience Platform (AEP), and get alerted when a run fails or rejects records',
		eventTriggerDescription: 'Waiting for a run of a dataflow',
		activationMessage:
			'Runs that start or end from now on start this workflow. If it was published before with the same settings, runs since then do, too.',
		defaults: { name: 'Adobe PostgreSQL Dataflow Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'adobeImsApi', displayName: 'Adobe Experience Platform', required: true },
		],
		properties: triggerParameters,
	};

	methods = {
		listSearch: { searchDataflows },
		loadOptions: { getSandboxes },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const items = await pollRuns(this);
		return items === null ? null : [items];
	}
}
