import { UserError } from 'n8n-workflow';

import type { FlowChanges } from '../../adobe/dataflowUpdate';
import type { Dataflow } from '../../adobe/dataflows';
import type { OperationCall } from '../../operation/operation';
import type { Collection } from '../../operation/parameters';
import type { Frequency } from './scheduleParameters';
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

/** When a new dataflow runs. */
export interface WantedSchedule {
	frequency: Frequency;
	/** Undefined for a few minutes from when the dataflow is created. */
	startEpochMs?: number;
	/** For everything but `once`. */
	recurring?: { interval: number; backfill: boolean; deltaColumn: string };
}

/** What is to be different about the schedule of a dataflow; undefined for what stays. */
export interface WantedScheduleChanges {
	frequency?: Frequency;
	startEpochMs?: number;
	interval?: number;
	backfill?: boolean;
	deltaColumn?: string;
}

/** @throws UserError for what Adobe would refuse */
export function readSchedule({ context, parameters }: OperationCall): WantedSchedule {
	const frequency = parameters.choice(scheduleParameter);
	const startEpochMs = parameters.time(startTimeParameter, context.getTimezone());
	checkStart(startEpochMs);
	if (frequency === 'once') return { frequency, startEpochMs };
	const recurring = {
		interval: parameters.wholeNumber(intervalParameter),
		backfill: parameters.boolean(backfillParameter),
		deltaColumn: parameters.text(deltaColumnParameter).trim(),
	};
	checkRecurring({ frequency, ...recurring }, MISSING_IN_CREATE);
	return { frequency, startEpochMs, recurring };
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
		deltaColumn: fields.requiredText(deltaColumnField)?.trim(),
	};
}

/**
 * The changes of this dataflow: what its schedule will be has to fit together as a whole.
 *
 * @throws UserError for a schedule that Adobe would refuse
 */
export function scheduleChanges(
	flow: Dataflow,
	wanted: WantedScheduleChanges,
): Pick<FlowChanges, 'schedule' | 'deltaColumn'> {
	const { interval, startEpochMs, backfill, deltaColumn } = wanted;
	const startTime = startEpochMs === undefined ? undefined : startSeconds(startEpochMs);
	const current = flow.schedule?.frequency;
	const frequency = wanted.frequency ?? current;
	if (frequency === 'once') {
		refuseWithOnce(wanted);
		if (wanted.frequency === undefined || current === 'once') return { schedule: { startTime } };
		return {
			schedule: { frequency, interval: null, backfill: null, startTime },
			deltaColumn: null,
		};
	}
	checkRecurring(
		{
			frequency,
			interval: interval ?? flow.schedule?.interval,
			deltaColumn: deltaColumn ?? flow.deltaColumn,
		},
		current === 'once' ? MISSING_IN_UPDATE : undefined,
	);
	return { schedule: { frequency: wanted.frequency, interval, startTime, backfill }, deltaColumn };
}

/** @throws UserError for a start that is over */
function checkStart(startEpochMs: number | undefined): void {
	if (startEpochMs === undefined || startEpochMs > Date.now()) return;
	throw new UserError("'Start Time' is in the past", {
		description: `It is ${new Date(startEpochMs).toISOString()}. Give a time in the future, or leave it empty for a start in five minutes.`,
	});
}

/** What is said where a schedule lacks something; Create and Update ask for it in different places. */
type Missing = Partial<
	Record<'interval' | 'deltaColumn', { message: string; description: string }>
>;

const MISSING_IN_CREATE: Missing = {
	deltaColumn: {
		message: "'Delta Column' is empty",
		description:
			"A dataflow that runs again needs a date-time column that marks new rows, e.g. updated_at. For a table without one, set 'Schedule' to Once.",
	},
};

const MISSING_IN_UPDATE: Missing = {
	interval: {
		message: "'Interval' is needed where a dataflow is to run again and again",
		description: "Add 'Interval' under Update Fields.",
	},
	deltaColumn: {
		message: "'Delta Column' is needed where a dataflow is to run again and again",
		description:
			"Add 'Delta Column' under Update Fields: a date-time column that marks new rows, e.g. updated_at.",
	},
};

/**
 * Everything but Once needs an interval, of minutes 15 at least, and a delta column.
 *
 * @param missing left out for a dataflow that recurs already, and so has both
 * @throws UserError
 */
function checkRecurring(
	schedule: { frequency?: string; interval?: number; deltaColumn?: string },
	missing: Missing = {},
): void {
	const { frequency, interval, deltaColumn = '' } = schedule;
	if (interval === undefined) refuse(missing.interval);
	else if (frequency === 'minute' && interval < MIN_MINUTES) {
		throw new UserError("'Interval' is too short", {
			description: `With minutes, Adobe takes ${MIN_MINUTES} at the least; ${interval} were given.`,
		});
	}
	if (deltaColumn === '') refuse(missing.deltaColumn);
}

function refuse(complaint: Missing['interval']): void {
	if (complaint === undefined) return;
	throw new UserError(complaint.message, { description: complaint.description });
}

/** @throws UserError for what a dataflow that runs once can't have */
function refuseWithOnce({ interval, backfill, deltaColumn }: WantedScheduleChanges): void {
	const given = [
		[intervalField, interval],
		[backfillField, backfill],
		[deltaColumnField, deltaColumn],
	] as const;
	for (const [{ displayName }, value] of given) {
		if (value === undefined) continue;
		throw new UserError(`'${displayName}' is not for a dataflow with the schedule Once`, {
			description: `Remove '${displayName}' under Update Fields, or add 'Schedule' with another choice.`,
		});
	}
}

/** `scheduleParams` of a flow: epoch seconds and numbers as strings, as Adobe's samples have them. */
export function scheduleParams({ frequency, startEpochMs, recurring }: WantedSchedule): object {
	return {
		startTime: String(startSeconds(startEpochMs ?? Date.now() + START_DELAY_MS)),
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
