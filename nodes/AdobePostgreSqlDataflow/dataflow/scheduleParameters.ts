import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ChoiceParameter, NumberParameter } from '../../operation/parameters';

/** How often a dataflow runs; all but `onDemand` are Adobe's words. */
export type Schedule = 'onDemand' | 'once' | 'minute' | 'hour' | 'day' | 'week';

/** Adobe's least interval in minutes; of the other units it is one. */
export const MIN_MINUTES = 15;

const RECURRING = { hide: { schedule: ['onDemand', 'once'] } };

/** By their length, the ones without an interval first. */
const scheduleOptions: Array<INodePropertyOptions & { value: Schedule }> = [
	{
		name: 'On Demand (Run Now)',
		value: 'onDemand',
		description: 'Runs only when the operation Run Now starts it',
	},
	{ name: 'Once', value: 'once', description: 'Runs at the start time, then only by Run Now' },
	{ name: 'Every N Minutes', value: 'minute', description: 'At least 15 minutes' },
	{ name: 'Every N Hours', value: 'hour' },
	{ name: 'Every N Days', value: 'day' },
	{ name: 'Every N Weeks', value: 'week' },
];

export const scheduleParameter: ChoiceParameter<Schedule> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: scheduleOptions,
	default: 'onDemand',
	description: 'How often Adobe loads new rows',
};

export const intervalParameter: NumberParameter = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	displayOptions: { show: { schedule: ['hour', 'day', 'week'] } },
	description: 'The number of hours, days or weeks between two runs',
};

const intervalOfMinutesParameter: NumberParameter = {
	...intervalParameter,
	typeOptions: { minValue: MIN_MINUTES },
	default: MIN_MINUTES,
	displayOptions: { show: { schedule: ['minute'] } },
	description: 'The number of minutes between two runs, at least 15',
};

export const startTimeParameter: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	displayOptions: { hide: { schedule: ['onDemand'] } },
	description:
		"When the first run starts. Leave empty to start in five minutes. Uses the workflow's time zone.",
};

/** The list of columns, as every operation has it that may need one. */
export const DELTA_COLUMN = {
	displayName: 'Delta Column Name or ID',
	name: 'deltaColumn',
	type: 'options',
	default: '',
} as const satisfies INodeProperties;

const CHOOSE =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

export const deltaColumnParameter: INodeProperties = {
	...DELTA_COLUMN,
	typeOptions: {
		loadOptionsMethod: 'getDeltaColumns',
		loadOptionsDependsOn: ['connectionId.value', 'table.value'],
	},
	displayOptions: { hide: { schedule: ['once'] } },
	description: `The date-time column that marks new rows, e.g. updated_at (in Adobe's UI: "load incremental data by"). Adobe reads it as UTC. Leave empty to use the only column that can be one; the output says which. ${CHOOSE}.`,
};

export const backfillParameter: INodeProperties = {
	displayName: 'Backfill',
	name: 'backfill',
	type: 'boolean',
	default: true,
	displayOptions: RECURRING,
	description: 'Whether the first run also loads existing rows',
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
		'Whether the first run also loads existing rows. Adobe allows a change only before the start time.',
};

export const deltaColumnField: INodeProperties = {
	...DELTA_COLUMN,
	typeOptions: { loadOptionsMethod: 'getDeltaColumns', loadOptionsDependsOn: ['flowId.value'] },
	description: `The date-time column that marks new rows. Leave empty to keep the present one or, where there is none, to use the only column that can be one. ${CHOOSE}.`,
};

/** In Run Now. */
export const runDeltaColumnParameter: INodeProperties = {
	...DELTA_COLUMN,
	typeOptions: { loadOptionsMethod: 'getDeltaColumns', loadOptionsDependsOn: ['flowId.value'] },
	description: `The date-time column that marks new rows. Only the first run needs it; Adobe keeps it for later ones. Leave empty to use the only column that can be one; the output says which. ${CHOOSE}.`,
};

export const intervalField: NumberParameter = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description: 'The number of minutes (at least 15), hours, days or weeks between two runs',
};

export const scheduleField: ChoiceParameter<Schedule> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: scheduleOptions,
	default: 'day',
	description: 'How often Adobe loads new rows',
};

export const startTimeField: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	description:
		'When the first run starts, in the future. Adobe allows a change only before the present start time.',
};
