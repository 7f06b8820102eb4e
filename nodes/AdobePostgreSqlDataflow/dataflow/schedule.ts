import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { OperationCall } from '../../operation/operation';
import type { ChoiceParameter, NumberParameter } from '../../operation/parameters';

export type Frequency = 'once' | 'minute' | 'hour' | 'day' | 'week';

/** Adobe's least interval of minutes; of the other units it is one. */
const MIN_MINUTES = 15;

/** Adobe refuses a start in the past, and making a dataflow takes a while. */
const START_DELAY_MS = 5 * 60_000;

const RECURRING = { hide: { schedule: ['once'] } };

export const frequencyOptions: Array<INodePropertyOptions & { value: Frequency }> = [
	{ name: 'Day', value: 'day', description: 'Every day, or every so many days' },
	{ name: 'Hour', value: 'hour', description: 'Every hour, or every so many hours' },
	{ name: 'Minute', value: 'minute', description: 'Every so many minutes, 15 at the least' },
	{
		name: 'Once',
		value: 'once',
		description: 'At the start time, and then whenever Run Now asks for it',
	},
	{ name: 'Week', value: 'week', description: 'Every week, or every so many weeks' },
];

const scheduleParameter: ChoiceParameter<Frequency> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: frequencyOptions,
	default: 'once',
	description: 'How often Adobe is to take in rows',
};

const intervalParameter: NumberParameter = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	displayOptions: { show: { schedule: ['hour', 'day', 'week'] } },
	description: 'How many hours, days or weeks lie between two runs',
};

const intervalOfMinutesParameter: NumberParameter = {
	...intervalParameter,
	typeOptions: { minValue: MIN_MINUTES },
	default: MIN_MINUTES,
	displayOptions: { show: { schedule: ['minute'] } },
	description: 'How many minutes lie between two runs, 15 at the least',
};

const startTimeParameter: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	description:
		'When the first run starts, in the future; empty is in five minutes. Without a time zone, it is in the one of the workflow.',
};

export const deltaColumnParameter: INodeProperties = {
	displayName: 'Delta Column Name or ID',
	name: 'deltaColumn',
	type: 'options',
	typeOptions: {
		loadOptionsMethod: 'getDeltaColumns',
		loadOptionsDependsOn: ['connectionId.value', 'table.value'],
	},
	default: '',
	displayOptions: RECURRING,
	description:
		'The date-time column that marks new rows, e.g. updated_at; Adobe reads it as UTC. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const backfillParameter: INodeProperties = {
	displayName: 'Backfill',
	name: 'backfill',
	type: 'boolean',
	default: true,
	displayOptions: RECURRING,
	description: 'Whether the first run also takes in the rows that are there already',
};

/** When the dataflow runs, and by what it tells new rows. */
export const scheduleParameters: INodeProperties[] = [
	scheduleParameter,
	intervalOfMinutesParameter,
	intervalParameter,
	startTimeParameter,
	deltaColumnParameter,
	backfillParameter,
];

/** When a new dataflow runs. */
export interface WantedSchedule {
	frequency: Frequency;
	/** Undefined for a few minutes from when the dataflow is made. */
	startEpochMs?: number;
	/** For everything but `once`. */
	recurring?: { interval: number; backfill: boolean; deltaColumn: string };
}

/** @throws UserError for what Adobe would refuse */
export function readSchedule(call: OperationCall): WantedSchedule {
	const { parameters } = call;
	const frequency = parameters.choice(scheduleParameter);
	const startEpochMs = parameters.time(startTimeParameter, call.context.getTimezone());
	checkStart(startEpochMs);
	if (frequency === 'once') return { frequency, startEpochMs };
	const interval = parameters.wholeNumber(intervalParameter);
	checkInterval(frequency, interval);
	const backfill = parameters.boolean(backfillParameter);
	const deltaColumn = parameters.text(deltaColumnParameter).trim();
	if (deltaColumn === '') {
		throw new UserError("'Delta Column' is empty", {
			description:
				"A dataflow that runs again needs a date-time column that marks new rows, e.g. updated_at. For a table without one, set 'Schedule' to Once.",
		});
	}
	return { frequency, startEpochMs, recurring: { interval, backfill, deltaColumn } };
}

/** @throws UserError for a start that is over */
export function checkStart(startEpochMs: number | undefined): void {
	if (startEpochMs === undefined || startEpochMs > Date.now()) return;
	throw new UserError("'Start Time' is in the past", {
		description: `It is ${new Date(startEpochMs).toISOString()}. Give a time in the future, or leave it empty for a start in five minutes.`,
	});
}

/** @throws UserError for less than Adobe takes */
export function checkInterval(frequency: Frequency, interval: number): void {
	if (frequency !== 'minute' || interval >= MIN_MINUTES) return;
	throw new UserError("'Interval' is too short", {
		description: `With minutes, Adobe takes ${MIN_MINUTES} at the least; ${interval} were given.`,
	});
}

/** `scheduleParams` of a flow: epoch seconds and numbers as texts, as Adobe's samples have them. */
export function scheduleParams({ frequency, startEpochMs, recurring }: WantedSchedule): object {
	return {
		startTime: startTimeOf(startEpochMs ?? Date.now() + START_DELAY_MS),
		frequency,
		...(recurring === undefined
			? {}
			: { interval: String(recurring.interval), backfill: String(recurring.backfill) }),
	};
}

/** Whole seconds, rounded up so that a time just ahead stays ahead. */
export function startTimeOf(epochMs: number): string {
	return String(Math.ceil(epochMs / 1000));
}

/** The Copy transformation of a flow, as Adobe's database tutorial writes it. */
export function copyBy(deltaColumn: string): object {
	return {
		name: 'Copy',
		params: {
			deltaColumn: { name: deltaColumn, dateFormat: 'YYYY-MM-DD', timezone: 'UTC' },
		},
	};
}
