import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ChoiceParameter, NumberParameter } from '../../operation/parameters';

/** How often a dataflow runs, in Adobe's words. */
export type Frequency = 'once' | 'minute' | 'hour' | 'day' | 'week';

/** Adobe's least interval in minutes; of the other units it is one. */
export const MIN_MINUTES = 15;

const RECURRING = { hide: { schedule: ['once'] } };

const frequencyOptions: Array<INodePropertyOptions & { value: Frequency }> = [
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

export const scheduleParameter: ChoiceParameter<Frequency> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: frequencyOptions,
	default: 'once',
	description: 'How often Adobe is to take in rows',
};

export const intervalParameter: NumberParameter = {
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

export const startTimeParameter: INodeProperties = {
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

export const backfillParameter: INodeProperties = {
	displayName: 'Backfill',
	name: 'backfill',
	type: 'boolean',
	default: true,
	displayOptions: RECURRING,
	description: 'Whether the first run also takes in the rows that are there already',
};

/** In Create: when the dataflow runs, and by what it tells new rows. */
export const scheduleParameters: INodeProperties[] = [
	scheduleParameter,
	intervalOfMinutesParameter,
	intervalParameter,
	startTimeParameter,
	deltaColumnParameter,
	backfillParameter,
];

export const backfillField: INodeProperties = {
	displayName: 'Backfill',
	name: 'backfill',
	type: 'boolean',
	default: true,
	description:
		'Whether the first run also takes in the rows that are there already; Adobe changes it before the start time only',
};

export const deltaColumnField: INodeProperties = {
	displayName: 'Delta Column',
	name: 'deltaColumn',
	type: 'string',
	default: '',
	placeholder: 'e.g. updated_at',
	description:
		'The date-time column that marks new rows; needed where a dataflow with the schedule Once is to run again and again',
};

export const intervalField: NumberParameter = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description:
		'How many minutes, hours, days or weeks lie between two runs; of minutes, 15 at the least',
};

export const scheduleField: ChoiceParameter<Frequency> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: frequencyOptions,
	default: 'day',
	description: 'How often Adobe is to take in rows',
};

export const startTimeField: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	description:
		'When the first run starts, in the future; Adobe changes it before the present start time only',
};
