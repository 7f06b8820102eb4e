import type { INodeProperties, IPollFunctions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { Located } from '../locators/locate';
import { locateFlow } from '../locators/locate';
import { flowIdParameter } from '../locators/locators';
import {
	readSandboxName,
	simplifyParameter,
	triggerOptionsCollection,
} from '../operation/commonParameters';
import { ParameterReader } from '../operation/parameterReader';
import { choiceParameter, ItemParameters } from '../operation/parameters';
import { IMS_CREDENTIAL } from '../platform/auth/credential';
import { ReadOnce } from '../platform/keyed';
import type { RunEventName } from './events';

const triggerOnParameter = choiceParameter<RunEventName>({
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'multiOptions',
	required: true,
	options: [
		{
			name: 'Run Failed',
			value: 'failed',
			description: 'A run failed',
		},
		{
			name: 'Run Started',
			value: 'started',
			description: 'A run started. A short one may already have ended when it is seen.',
		},
		{
			name: 'Run Succeeded',
			value: 'succeeded',
			description: 'A run succeeded without rejected records',
		},
		{
			name: 'Run Succeeded With Rejected Records',
			value: 'rejectedRecords',
			description: 'A run succeeded, but some records were rejected',
		},
	],
	default: ['failed'],
	description: 'What starts the workflow. Each event of a run does so once.',
});

const watchParameter = choiceParameter({
	displayName: 'Watch',
	name: 'watch',
	type: 'options',
	options: [
		{ name: 'A Dataflow', value: 'one' },
		{ name: 'All PostgreSQL Dataflows', value: 'all' },
	],
	default: 'one',
	description: 'Whose runs to watch. All includes dataflows that are created later.',
});

const deliveryParameter = choiceParameter({
	displayName: 'Delivery',
	name: 'delivery',
	type: 'options',
	options: [
		{
			name: 'Adobe I/O Events Journal',
			value: 'journal',
			description:
				'One request a poll for any number of dataflows. The project in the Adobe Developer Console needs the I/O Management API.',
		},
		{
			name: 'Flow Service Lists',
			value: 'flowService',
			description: 'Lists the runs of the dataflows. Needs nothing else.',
		},
	],
	default: 'flowService',
	description: 'How to learn of runs. Both give the same items.',
});

const journalUrlParameter: INodeProperties = {
	displayName: 'Journaling Endpoint',
	name: 'journalUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://events.adobe.io/events/organizations/…/integrations/…/…',
	displayOptions: { show: { delivery: ['journal'] } },
	description:
		'Of an event registration in the Developer Console. Leave empty to register by itself, with Developer Console Project in the credential.',
};

/** What the canvas says below the trigger's name: the names of the events. */
export const triggerSubtitle = `={{ [$parameter["triggerOn"]].flat().map((event) => (${JSON.stringify(
	Object.fromEntries(triggerOnParameter.options.map(({ name, value }) => [value, name])),
)})[event] ?? event).join(", ") }}`;

/** The parameters of the trigger. */
export const triggerParameters: INodeProperties[] = [
	triggerOnParameter,
	watchParameter,
	{
		...flowIdParameter,
		description: 'The dataflow whose runs to watch',
		displayOptions: { show: { watch: ['one'] } },
	},
	deliveryParameter,
	journalUrlParameter,
	simplifyParameter,
	triggerOptionsCollection,
];

/** The trigger's parameters as they were read. */
export interface TriggerSettings {
	triggerOn: RunEventName[];
	/** The one dataflow that is watched; undefined for all PostgreSQL dataflows. */
	dataflow?: Located;
	/** Where runs come by the journal of events. */
	journal?: {
		/** Of a registration that somebody has made by hand. */
		url?: string;
	};
	simplify: boolean;
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** Identifies what is watched: the same as long as that does not change. */
	target: string;
}

/** @throws UserError that names the parameter */
export function readSettings(context: IPollFunctions): TriggerSettings {
	// A poll has no items, so every expression has one value.
	const reader = new ParameterReader({
		getNode: () => context.getNode(),
		getNodeParameter: (name, _itemIndex, fallback) => context.getNodeParameter(name, fallback),
	});
	const parameters = new ItemParameters(reader, 0);
	const triggerOn = readTriggerOn(parameters);
	const one = parameters.choice(watchParameter) === 'one';
	const dataflow = one ? locateFlow({ parameters, lookups: new ReadOnce() }) : undefined;
	const sandboxName = readSandboxName(parameters);
	const journal = readJournalSettings(parameters);
	const credentialId = context.getNode().credentials?.[IMS_CREDENTIAL]?.id;
	return {
		triggerOn,
		dataflow,
		journal,
		simplify: parameters.boolean(simplifyParameter),
		sandboxName,
		target: JSON.stringify([
			credentialId,
			sandboxName,
			dataflow?.key ?? 'all',
			[...triggerOn].sort(),
			...(journal === undefined ? [] : [journal]),
		]),
	};
}

function readJournalSettings(parameters: ItemParameters): TriggerSettings['journal'] {
	if (parameters.choice(deliveryParameter) === 'flowService') return undefined;
	const url = parameters.optionalText(journalUrlParameter);
	return url === undefined ? {} : { url };
}

function readTriggerOn(parameters: ItemParameters): RunEventName[] {
	const chosen = parameters.choices(triggerOnParameter);
	if (chosen.length > 0) return chosen;
	throw new UserError("'Trigger On' is empty", {
		description: "Choose at least one event in 'Trigger On'.",
	});
}
