import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { RunWindow } from '../../../adobe/runs';
import { readOptions } from '../../../operation/commonParameters';
import type { OperationCall } from '../../../operation/operation';
import type { NumberParameter } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import type { WindowUnit } from './cutWindows';
import { cutWindows, MAX_WINDOWS } from './cutWindows';
import type { ExpectedCounts } from './expectedCounts';
import { readExpectedCounts } from './expectedCounts';

const BACKFILL = { load: ['backfill'] };

/** What one execution of Run Now loads. */
export const loadParameter = choiceParameter({
	displayName: 'Load',
	name: 'load',
	type: 'options',
	options: [
		{
			name: 'Backfill in Windows',
			value: 'backfill',
			description:
				'A span of the past, cut into days or hours: one run a window, one after the other. Executed again, it continues where it stopped.',
		},
		{ name: 'One Window', value: 'window', description: 'One run, e.g. with what is new' },
	],
	default: 'window',
	description: 'Whether to start one run, or one for each window of a span of time',
});

const fromParameter: INodeProperties = {
	displayName: 'From',
	name: 'from',
	type: 'dateTime',
	default: '',
	required: true,
	displayOptions: { show: BACKFILL },
	description:
		"Load rows changed after this time. Times without a zone use the workflow's time zone. Keep it the same in all executions of a backfill.",
};

const toParameter: INodeProperties = {
	displayName: 'To',
	name: 'to',
	type: 'dateTime',
	default: '',
	displayOptions: { show: BACKFILL },
	description:
		'Load rows changed up to this time. Leave empty for the end of the last full window before now.',
};

const windowLengthParameter: NumberParameter = {
	displayName: 'Window Length',
	name: 'windowLength',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MAX_WINDOWS },
	default: 1,
	displayOptions: { show: BACKFILL },
	description: 'The number of days or hours in each window',
};

const windowUnitParameter = choiceParameter<WindowUnit>({
	displayName: 'Window Unit',
	name: 'windowUnit',
	type: 'options',
	options: [
		{ name: 'Days', value: 'days' },
		{ name: 'Hours', value: 'hours' },
	],
	default: 'days',
	displayOptions: { show: BACKFILL },
	description:
		'Days are cut at midnight in the time zone of the workflow, or in UTC by the option Time Zone',
});

const MAX_WAIT_MINUTES = 7 * 24 * 60;

/** Of the parameter, for messages. */
export const WAIT_LABEL = 'Maximum Wait per Window';

const maxWaitParameter: NumberParameter = {
	displayName: WAIT_LABEL,
	name: 'maxWaitPerWindow',
	type: 'number',
	typeOptions: { minValue: 0.05, maxValue: MAX_WAIT_MINUTES, numberPrecision: 2 },
	default: 60,
	displayOptions: { show: BACKFILL },
	description:
		'The number of minutes to wait for the run of a window at most. The run continues at Adobe when they are over, and the next execution waits for it.',
};

const expectedCountsParameter: INodeProperties = {
	displayName: 'Expected Counts',
	name: 'expectedCounts',
	type: 'json',
	default: '',
	displayOptions: { show: BACKFILL },
	description:
		"The number of rows that the table holds, to compare with what was written: a number for the whole span, or a list with windowStart and count for each window, e.g. from n8n's Postgres node. Leave empty for no comparison.",
};

/** In Run Now, for a backfill. */
export const backfillParameters: INodeProperties[] = [
	fromParameter,
	toParameter,
	windowLengthParameter,
	windowUnitParameter,
	maxWaitParameter,
	expectedCountsParameter,
];

const SHOWN_FOR_BACKFILL = { show: { '/load': ['backfill'] } };

const continueOption: INodeProperties = {
	displayName: 'Continue After Failed Window',
	name: 'continueAfterFailedWindow',
	type: 'boolean',
	default: false,
	displayOptions: SHOWN_FOR_BACKFILL,
	description:
		'Whether to load the later windows where the run of one fails. The output then says which have failed; otherwise the first is an error.',
};

const ignoreBeforeOption: INodeProperties = {
	displayName: 'Ignore Runs Before',
	name: 'ignoreRunsBefore',
	type: 'dateTime',
	default: '',
	displayOptions: SHOWN_FOR_BACKFILL,
	description:
		'Load windows again that runs from before this time have loaded, e.g. into a dataset that was emptied. Use a fixed time, so that the backfill can continue where it stopped.',
};

const timeZoneOption = choiceParameter({
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'options',
	options: [
		{ name: 'UTC', value: 'utc' },
		{ name: 'Workflow', value: 'workflow' },
	],
	default: 'workflow',
	displayOptions: SHOWN_FOR_BACKFILL,
	description:
		'The time zone in which days begin at midnight, and of times that name none. The workflow has its own in its settings.',
});

/** Of Run Now, for a backfill. */
export const backfillOptions: INodeProperties[] = [
	continueOption,
	ignoreBeforeOption,
	timeZoneOption,
];

/** What to load, and how. */
export interface Backfill {
	windows: RunWindow[];
	maxWaitMs: number;
	/** Whether later windows are loaded where one fails. */
	continues: boolean;
	/** Epoch milliseconds; runs that were created before do not count. */
	ignoreBeforeEpochMs: number;
	expected?: ExpectedCounts;
}

/** @throws UserError for what can't be used, by the parameter's name */
export function readBackfill({ context, parameters }: OperationCall): Backfill {
	const options = readOptions(parameters);
	const timeZone = options.choice(timeZoneOption) === 'utc' ? 'UTC' : context.getTimezone();
	const seconds = (parameter: INodeProperties) => {
		const epochMs = parameters.time(parameter, timeZone);
		return epochMs === undefined ? undefined : Math.floor(epochMs / 1000);
	};
	const from = seconds(fromParameter);
	if (from === undefined) {
		throw new UserError("'From' is empty", {
			description: 'Enter the time that the backfill starts at, e.g. that of the oldest row.',
		});
	}
	const windows = cutWindows({
		from,
		to: seconds(toParameter),
		unit: parameters.choice(windowUnitParameter),
		length: parameters.wholeNumber(windowLengthParameter),
		timeZone,
		now: Math.floor(Date.now() / 1000),
	});
	return {
		windows,
		maxWaitMs: parameters.number(maxWaitParameter) * 60_000,
		continues: options.boolean(continueOption) ?? false,
		ignoreBeforeEpochMs: options.time(ignoreBeforeOption, timeZone) ?? -Infinity,
		expected: readExpectedCounts(parameters, expectedCountsParameter, windows, timeZone),
	};
}
