import type { INodeProperties, IPollFunctions } from 'n8n-workflow';

import type { Located } from '../locators/locate';
import { locateFlow } from '../locators/locate';
import { flowIdParameter } from '../locators/locators';
import {
	readSandboxName,
	simplifyParameter,
	triggerOptionsCollection,
} from '../operation/commonParameters';
import { ParameterReader } from '../operation/parameterReader';
import type { NumberParameter } from '../operation/parameters';
import { choiceParameter, ItemParameters } from '../operation/parameters';
import type { RunEventName } from '../operation/runEventParameters';
import {
	readTriggerOn,
	RUN_EVENT_OPTIONS,
	RUN_EVENTS,
	triggerOnOf,
	triggerSubtitleOf,
	watchParameter,
} from '../operation/runEventParameters';
import { IMS_CREDENTIAL } from '../platform/auth/credential';
import { ReadOnce } from '../platform/keyed';
import type { FlowEventName } from './flowEvents';

export type EventName = RunEventName | FlowEventName;

const triggerOnParameter = triggerOnOf<EventName>([
	{
		name: 'Dataflow Disabled',
		value: 'dataflowDisabled',
		description: 'A dataflow was disabled, by somebody or by Adobe, and no longer runs',
	},
	{
		name: 'No Run Since',
		value: 'noRunSince',
		description: 'An enabled dataflow has had no run for a number of hours',
	},
	...RUN_EVENT_OPTIONS,
]);

/** Daily runs do not start at the same second each day. */
const DEFAULT_HOURS = 26;
const HOUR_MS = 60 * 60_000;
const MAX_HOURS = 365 * 24;

const noRunSinceHoursParameter: NumberParameter = {
	displayName: 'No Run Since (Hours)',
	name: 'noRunSinceHours',
	type: 'number',
	required: true,
	typeOptions: { minValue: 1, maxValue: MAX_HOURS },
	default: DEFAULT_HOURS,
	displayOptions: { show: { triggerOn: ['noRunSince'] } },
	description:
		'How many hours an enabled dataflow may be without a run, e.g. 26 for one that runs daily. When all dataflows are watched, those that are scheduled once or on demand are not expected to run.',
};

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
	description:
		'How to learn of runs. Both give the same items. Dataflow Disabled and No Run Since always come by the lists.',
});

const journalUrlParameter: INodeProperties = {
	displayName: 'Journaling Endpoint',
	name: 'journalUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://events.adobe.io/events/organizations/…/integrations/…/…',
	displayOptions: { show: { delivery: ['journal'] } },
	description:
		'Leave empty, and the trigger makes its own event registration, with Developer Console Project of the credential. Or paste the endpoint of a registration that was made by hand.',
};

/** What the canvas says below the trigger's name: the names of the events. */
export const triggerSubtitle = triggerSubtitleOf(triggerOnParameter);

/** The parameters of the trigger. */
export const triggerParameters: INodeProperties[] = [
	triggerOnParameter,
	noRunSinceHoursParameter,
	watchParameter,
	{
		...flowIdParameter,
		description: 'The dataflow to watch',
		displayOptions: { show: { watch: ['one'] } },
	},
	deliveryParameter,
	journalUrlParameter,
	simplifyParameter,
	triggerOptionsCollection,
];

/** The trigger's parameters as they were read. */
export interface TriggerSettings {
	/** The events of runs that start the workflow. */
	runEvents: RunEventName[];
	/** Whether a dataflow that was disabled starts it. */
	onDisabled: boolean;
	/** After how long without a run a dataflow starts it; undefined for never. */
	quietAfterMs?: number;
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
	const triggerOn = readTriggerOn(parameters, triggerOnParameter);
	const one = parameters.choice(watchParameter) === 'one';
	const dataflow = one ? locateFlow({ parameters, lookups: new ReadOnce() }) : undefined;
	const sandboxName = readSandboxName(parameters);
	const runEvents = triggerOn.filter(isRunEvent);
	// Events of dataflows themselves are in no journal.
	const journal = runEvents.length === 0 ? undefined : readJournalSettings(parameters);
	const hours = triggerOn.includes('noRunSince')
		? parameters.wholeNumber(noRunSinceHoursParameter)
		: undefined;
	const credentialId = context.getNode().credentials?.[IMS_CREDENTIAL]?.id;
	return {
		runEvents,
		onDisabled: triggerOn.includes('dataflowDisabled'),
		quietAfterMs: hours === undefined ? undefined : hours * HOUR_MS,
		dataflow,
		journal,
		simplify: parameters.boolean(simplifyParameter),
		sandboxName,
		target: JSON.stringify([
			credentialId,
			sandboxName,
			dataflow?.key ?? 'all',
			[...triggerOn].sort(),
			...(hours === undefined ? [] : [hours]),
			...(journal === undefined ? [] : [journal]),
		]),
	};
}

function readJournalSettings(parameters: ItemParameters): TriggerSettings['journal'] {
	if (parameters.choice(deliveryParameter) === 'flowService') return undefined;
	const url = parameters.optionalText(journalUrlParameter);
	return url === undefined ? {} : { url };
}

function isRunEvent(event: EventName): event is RunEventName {
	return (RUN_EVENTS as readonly EventName[]).includes(event);
}
