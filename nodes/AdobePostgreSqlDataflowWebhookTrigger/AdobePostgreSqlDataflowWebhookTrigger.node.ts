import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { searchDataflows } from '../locators/listSearch';
import { getSandboxes } from '../locators/loadOptions';
import { webhookTriggerParameters, webhookTriggerSubtitle } from './parameters';
import { receive } from './receive';
import { isRegistered, register, unregister } from './registration';

export class AdobePostgreSqlDataflowWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Adobe PostgreSQL Dataflow Webhook Trigger',
		name: 'adobePostgreSqlDataflowWebhookTrigger',
		icon: {
			light: 'file:../../icons/adobePostgreSqlDataflow.svg',
			dark: 'file:../../icons/adobePostgreSqlDataflow.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: webhookTriggerSubtitle,
		description:
			'Get alerted within seconds when a run of a PostgreSQL dataflow in Adobe Experience Platform (AEP) fails or rejects records, by Adobe I/O Events',
		eventTriggerDescription: 'Waiting for an event of a dataflow run',
		activationMessage:
			'Runs that start or end from now on start this workflow within seconds. If it was published before with the same settings, runs since then do, too.',
		defaults: { name: 'Adobe PostgreSQL Dataflow Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'adobeImsApi', displayName: 'Adobe Experience Platform', required: true },
		],
		// The first one answers Adobe's question whether the events are wanted, so it has to be there when
		// the second one is registered.
		webhooks: [
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				path: 'events',
				ndvHideUrl: true,
			},
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'events' },
		],
		properties: webhookTriggerParameters,
	};

	methods = {
		listSearch: { searchDataflows },
		loadOptions: { getSandboxes },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await register(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unregister(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
