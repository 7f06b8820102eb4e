import type { IHookFunctions, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import type { Located } from '../locators/locate';
import { locateFlow } from '../locators/locate';
import { flowIdParameter } from '../locators/locators';
import {
	optionsCollection,
	readOptions,
	readSandboxName,
	simplifyParameter,
} from '../operation/commonParameters';
import { ParameterReader } from '../operation/parameterReader';
import { choiceParameter, ItemParameters } from '../operation/parameters';
import type { RunEventName } from '../operation/runEventParameters';
import {
	readTriggerOn,
	RUN_EVENT_OPTIONS,
	triggerOnOf,
	triggerSubtitleOf,
	watchParameter,
} from '../operation/runEventParameters';
import { IMS_CREDENTIAL } from '../platform/auth/credential';
import { ReadOnce } from '../platform/keyed';

const triggerOnParameter = triggerOnOf(RUN_EVENT_OPTIONS);

/** What the canvas says below the trigger's name. */
export const webhookTriggerSubtitle = triggerSubtitleOf(triggerOnParameter);

const registrationParameter = choiceParameter({
	displayName: 'Registration',
	name: 'registration',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'Registered with Adobe when the workflow is published, and removed afterwards',
		},
		{
			name: 'By Hand',
			value: 'manual',
			description: 'You register the webhook URL in the Adobe Developer Console',
		},
	],
	default: 'automatic',
	description:
		"How Adobe learns of this webhook. Automatic needs the I/O Management API in the project, and the credential's Developer Console Project.",
});

const byHandNotice: INodeProperties = {
	displayName:
		'Copy the production URL from Webhook URLs above. In the Adobe Developer Console: your project > Add event > Experience Platform > Platform notifications > choose the Sources Flow Run events > the same OAuth Server-to-Server credential > Webhook. Publish this workflow first: Adobe asks it at once.',
	name: 'byHandNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { registration: ['manual'] } },
};

const eventCodesOption: INodeProperties = {
	displayName: 'Event Codes',
	name: 'eventCodes',
	type: 'string',
	default: '',
	placeholder: 'e.g. sources_flow_run_failure,sources_flow_run_success',
	description:
		"Codes of Adobe's events to register for, separated by commas, in place of those that the node finds. Only if your organization calls them otherwise.",
};

/** The parameters of the trigger. */
export const webhookTriggerParameters: INodeProperties[] = [
	triggerOnParameter,
	watchParameter,
	{
		...flowIdParameter,
		description: 'The dataflow whose runs to watch',
		displayOptions: { show: { watch: ['one'] } },
	},
	registrationParameter,
	byHandNotice,
	simplifyParameter,
	optionsCollection([eventCodesOption], []),
];

/** The trigger's parameters as they were read. */
export interface WebhookSettings {
	triggerOn: RunEventName[];
	/** The one dataflow that is watched; undefined for all PostgreSQL dataflows. */
	dataflow?: Located;
	isByHand: boolean;
	simplify: boolean;
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** In place of those that are looked up. */
	eventCodes: string[];
	/** Identifies what is watched: the same as long as that does not change. */
	target: string;
}

/** @throws UserError that names the parameter */
export function readWebhookSettings(context: IHookFunctions | IWebhookFunctions): WebhookSettings {
	// There are no items, so every expression has one value.
	const reader = new ParameterReader({
		getNode: () => context.getNode(),
		getNodeParameter: (name, _itemIndex, fallback) => context.getNodeParameter(name, fallback),
	});
	const parameters = new ItemParameters(reader, 0);
	const triggerOn = readTriggerOn(parameters, triggerOnParameter);
	const one = parameters.choice(watchParameter) === 'one';
	const dataflow = one ? locateFlow({ parameters, lookups: new ReadOnce() }) : undefined;
	const sandboxName = readSandboxName(parameters);
	const credentialId = context.getNode().credentials?.[IMS_CREDENTIAL]?.id;
	const codes = readOptions(parameters).optionalText(eventCodesOption) ?? '';
	return {
		triggerOn,
		dataflow,
		isByHand: parameters.choice(registrationParameter) === 'manual',
		simplify: parameters.boolean(simplifyParameter),
		sandboxName,
		eventCodes: codes.split(/[\s,]+/).filter((code) => code !== ''),
		target: JSON.stringify([
			credentialId,
			sandboxName,
			dataflow?.key ?? 'all',
			[...triggerOn].sort(),
		]),
	};
}
