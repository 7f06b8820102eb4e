import { UserError } from 'n8n-workflow';

import type { FlowChanges } from '../../adobe/dataflowUpdate';
import type { Dataflow, FlowSchedule } from '../../adobe/dataflows';
import { isOnDemand, onDemandStartEpochMs } from '../../adobe/dataflows';
import type { OperationCall } from '../../operation/operation';
import type { Collection } from '../../operation/parameters';
import { labelOf } from '../../operation/values';
import type { ItemClient } from '../../platform/client';
import type { Schedule } from './scheduleParameters';
import {
	backfillField,
	backfillParameter,
	deltaColumnField,
	deltaColumnParameter,
	intervalField,
	intervalParameter,
	MIN_MINUTES,
	scheduleField,
	scheduleParameter,
	startTimeField,
	startTimeParameter,
} from './scheduleParameters';

/** Adobe refuses a start in the past, and creating a dataflow takes a while. */
const START_DELAY_MS = 5 * 60_000;

type AdobeClock = Pick<ItemClient, 'adobeEpochMs'>;

/** By n8n's clock or Adobe's, whichever is ahead. */
function soonEpochMs(clock: AdobeClock): number {
	return Math.max(Date.now(), clock.adobeEpochMs() ?? 0) + START_DELAY_MS;
}

/** When a new dataflow runs. */
export interface WantedSchedule {
	frequency: Schedule;
	/** Undefined for a few minutes from when the dataflow is created, and on demand. */
	startEpochMs?: number;
	/** Undefined for the only column that can be one, and with `once`. */
	deltaColumn?: string;
	/** For everything but `once` and `onDemand`. */
	recurring?: { interval: number; backfill: boolean };
}

/** What is to be different about the schedule of a dataflow; undefined for what stays. */
export interface WantedScheduleChanges {
	frequency?: Schedule;
	startEpochMs?: number;
	interval?: number;
	backfill?: boolean;
	deltaColumn?: string;
}

/** @throws UserError for what Adobe would refuse */
export function readSchedule({ context, parameters }: OperationCall): WantedSchedule {
	const frequency = parameters.choice(scheduleParameter);
	if (frequency === 'onDemand') {
		return { frequency, deltaColumn: parameters.optionalText(deltaColumnParameter) };
	}
	const startEpochMs = parameters.time(startTimeParameter, context.getTimezone());
	checkStart(startEpochMs);
	if (frequency === 'once') return { frequency, startEpochMs };
	const recurring = {
		interval: parameters.wholeNumber(intervalParameter),
		backfill: parameters.boolean(backfillParameter),
	};
	checkInterval(frequency, recurring.interval);
	const deltaColumn = parameters.optionalText(deltaColumnParameter);
	return { frequency, startEpochMs, deltaColumn, recurring };
}

/**
 * @param fields Update Fields
 * @param timeZone of the workflow
 * @throws UserError for what no dataflow can have; the rest shows with the dataflow as it is
 */
export function readScheduleFields(fields: Collection, timeZone: string): WantedScheduleChanges {
	const startEpochMs = fields.time(startTimeField, timeZone);
	checkStart(startEpochMs);
	return {
		frequency: fields.requiredChoice(scheduleField),
		startEpochMs,
		interval: fields.wholeNumber(intervalField),
		backfill: fields.boolean(backfillField),
		deltaColumn: fields.optionalText(deltaColumnField, labelOf(deltaColumnField)),
	};
}

/** Whether a dataflow that had no delta column needs one for its new schedule. */
export function lacksDeltaColumn(flow: Dataflow, wanted: WantedScheduleChanges): boolean {
	const { frequency, deltaColumn } = wanted;
	const isRecurring = frequency !== undefined && frequency !== 'once' && frequency !== 'onDemand';
	return isRecurring && deltaColumn === undefined && flow.deltaColumn === undefined;
}

/** Whether it runs by Run Now only: it never runs by itself, or its single run is over. */
export function runsOnDemandOnly(schedule: FlowSchedule = {}): boolean {
	const { frequency, startTime = '' } = schedule;
	const isOver = frequency === 'once' && Date.parse(startTime) <= Date.now();
	return isOver || isOnDemand(schedule);
}

/**
 * The changes of this dataflow: what its schedule will be has to fit together as a whole.
 *
 * @throws UserError for a schedule that Adobe would refuse
 */
export function scheduleChanges(
	clock: AdobeClock,
	flow: Dataflow,
	wanted: WantedScheduleChanges,
): Pick<FlowChanges, 'schedule' | 'deltaColumn'> {
	const { interval, startEpochMs, backfill, deltaColumn } = wanted;
	const has = flow.schedule ?? {};
	const wasOnDemand = isOnDemand(has);
	const frequency = wanted.frequency ?? (wasOnDemand ? 'onDemand' : has.frequency);
	if (frequency === 'onDemand') {
		refuseWith('On Demand', wanted, [...RECURRING_FIELDS, 'startEpochMs']);
		// Adobe changes no start that has passed, and it would make no difference.
		return runsOnDemandOnly(has) ? {} : toOnce(has, onDemandStartEpochMs());
	}
	// Else it would begin when one that runs on demand never does.
	const startsSoon = wasOnDemand && startEpochMs === undefined;
	const start = startsSoon ? soonEpochMs(clock) : startEpochMs;
	if (frequency === 'once') {
		refuseWith('Once', wanted, RECURRING_FIELDS);
		return toOnce(has, start);
	}
	checkRecurring(
		{
			frequency,
			interval: interval ?? has.interval,
			deltaColumn: deltaColumn ?? flow.deltaColumn,
		},
		has.frequency === 'once',
	);
	const startTime = secondsOf(start);
	return { schedule: { frequency: wanted.frequency, interval, startTime, backfill }, deltaColumn };
}

/** Without what only a recurring schedule has. */
function toOnce(
	{ frequency }: FlowSchedule,
	startEpochMs: number | undefined,
): Pick<FlowChanges, 'schedule' | 'deltaColumn'> {
	const startTime = secondsOf(startEpochMs);
	if (frequency === 'once') return { schedule: { startTime } };
	return {
		schedule: { frequency: 'once', interval: null, backfill: null, startTime },
		deltaColumn: null,
	};
}

function secondsOf(epochMs: number | undefined): number | undefined {
	return epochMs === undefined ? undefined : startSeconds(epochMs);
}

/** @throws UserError for a start that is over */
function checkStart(startEpochMs: number | undefined): void {
	if (startEpochMs === undefined || startEpochMs > Date.now()) return;
	throw new UserError("'Start Time' is in the past", {
		description: `It is ${new Date(startEpochMs).toISOString()}. Enter a time in the future, or leave it empty to start in five minutes.`,
	});
}

/** @throws UserError for fewer minutes than Adobe takes */
export function checkInterval(frequency: string | undefined, interval: number): void {
	if (frequency !== 'minute' || interval >= MIN_MINUTES) return;
	throw new UserError("'Interval' is too short", {
		description: `Adobe accepts at least ${MIN_MINUTES} minutes; ${interval} were given.`,
	});
}

/**
 * Everything but Once needs an interval, of minutes 15 at least, and a delta column.
 *
 * @param wasOnce whether it has neither yet
 * @throws UserError
 */
function checkRecurring(
	schedule: { frequency?: string; interval?: number; deltaColumn?: string },
	wasOnce: boolean,
): void {
	const { frequency, interval, deltaColumn } = schedule;
	if (interval !== undefined) checkInterval(frequency, interval);
	else if (wasOnce) {
		throw new UserError("'Interval' is needed for a dataflow that runs repeatedly", {
			description: "Add 'Interval' under Update Fields.",
		});
	}
	if (deltaColumn === undefined && wasOnce) {
		throw new UserError("'Delta Column' is needed for a dataflow that runs repeatedly", {
			description:
				"Add 'Delta Column' under Update Fields: a date-time column that marks new rows, e.g. updated_at.",
		});
	}
}

const FIELDS = {
	startEpochMs: startTimeField,
	interval: intervalField,
	backfill: backfillField,
	deltaColumn: deltaColumnField,
};

const RECURRING_FIELDS: Array<keyof typeof FIELDS> = ['interval', 'backfill', 'deltaColumn'];

/** @throws UserError for what a dataflow with this schedule can't have */
function refuseWith(
	schedule: string,
	wanted: WantedScheduleChanges,
	fields: ReadonlyArray<keyof typeof FIELDS>,
): void {
	for (const field of fields) {
		if (wanted[field] === undefined) continue;
		const label = labelOf(FIELDS[field]);
		throw new UserError(`'${label}' is not for a dataflow with the schedule ${schedule}`, {
			description: `Remove '${label}' under Update Fields, or add 'Schedule' with another choice.`,
		});
	}
}

/** `scheduleParams` of a flow: epoch seconds and numbers as strings, as Adobe's samples have them. */
export function scheduleParams(
	clock: AdobeClock,
	{ frequency, startEpochMs, recurring }: WantedSchedule,
): object {
	if (frequency === 'onDemand') {
		return { startTime: String(startSeconds(onDemandStartEpochMs())), frequency: 'once' };
	}
	return {
		startTime: String(startSeconds(startEpochMs ?? soonEpochMs(clock))),
		frequency,
		...(recurring === undefined
			? {}
			: { interval: String(recurring.interval), backfill: String(recurring.backfill) }),
	};
}

/** Whole epoch seconds, rounded up so that a time just ahead stays ahead. */
function startSeconds(epochMs: number): number {
	return Math.ceil(epochMs / 1000);
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
