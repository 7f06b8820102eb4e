import { FlowError } from '../flowErrors.mts';
import { invalid, members, missing, wholeNumber } from '../input.mts';

/** flow-service.md 5.3, 7.2; in seconds, with the minimum interval. */
const FREQUENCIES = {
	minute: { seconds: 60, min: 15 },
	hour: { seconds: 3_600, min: 1 },
	day: { seconds: 86_400, min: 1 },
	week: { seconds: 604_800, min: 1 },
};

type Recurring = keyof typeof FREQUENCIES;

/** When a flow runs, all as strings as in the samples: flow-service.md 5.4. */
export interface ScheduleParams {
	/** Epoch seconds. */
	startTime: string;
	frequency: 'once' | Recurring;
	/** Absent with `once`, like `backfill`. */
	interval?: string;
	/** `true` when absent: flow-service.md 5.3. */
	backfill?: 'true' | 'false';
}

/**
 * Checks a schedule: flow-service.md 5.3, 5.4, 7.2.
 *
 * @param now epoch milliseconds
 * @param before the schedule so far; a start time that stays the same may be in the past
 * @throws FlowError 1304, 1312, 1317, 1360 to 1364, 1366, 1397, 1403 or 1404
 */
export function readSchedule(given: unknown, now: number, before?: ScheduleParams): ScheduleParams {
	const { startTime, frequency, interval, backfill } = members(given);
	if (Object.keys(members(given)).length === 0) {
		throw new FlowError('CONNECTOR-1317-400', 'The schedule params are empty.');
	}
	if (isEmpty(frequency)) throw missing('scheduleParams.frequency');
	if (!isFrequency(frequency)) {
		throw new FlowError(
			'CONNECTOR-1397-400',
			`The frequency ${String(frequency)} is invalid: it must be once, minute, hour, day or week.`,
		);
	}
	const schedule: ScheduleParams = {
		startTime: readStartTime(startTime),
		frequency,
		...readInterval(interval, frequency),
		...readBackfill(backfill, frequency),
	};
	if (before !== undefined && now >= Number(before.startTime) * 1000) {
		checkStarted(schedule, before);
	} else if (Number(schedule.startTime) < Math.floor(now / 1000)) {
		throw new FlowError('CONNECTOR-1360-400', 'The start time is in the past.');
	}
	return schedule;
}

/**
 * The next time of a schedule, epoch milliseconds.
 *
 * @param after only later ones; absent for the first
 * @returns undefined when there is none
 */
export function nextTime(schedule: ScheduleParams, after: number | undefined): number | undefined {
	const start = Number(schedule.startTime) * 1000;
	if (after === undefined || after < start) return start;
	if (schedule.frequency === 'once') return undefined;
	const step = FREQUENCIES[schedule.frequency].seconds * 1000 * Number(schedule.interval);
	return start + (Math.floor((after - start) / step) + 1) * step;
}

function readStartTime(value: unknown): string {
	if (isEmpty(value)) throw missing('scheduleParams.startTime');
	const seconds = wholeNumber(value);
	// Milliseconds instead of seconds would be a year far in the future.
	if (seconds === undefined || seconds >= 1e11) {
		throw invalid('scheduleParams.startTime', 'it must be epoch time in seconds');
	}
	return String(seconds);
}

function readInterval(value: unknown, frequency: ScheduleParams['frequency']) {
	if (frequency === 'once') {
		if (value === undefined) return {};
		throw new FlowError('CONNECTOR-1361-400', 'An interval is not allowed with frequency once.');
	}
	if (isEmpty(value)) throw missing('scheduleParams.interval');
	const { min } = FREQUENCIES[frequency];
	const interval = wholeNumber(value);
	if (interval === undefined) throw invalid('scheduleParams.interval', 'it must be a number');
	if (interval < 1) {
		throw new FlowError('CONNECTOR-1362-400', 'The interval is below the minimum of 1.');
	}
	// ⚠UNV which of 1362 and 1363 is meant for it: flow-service.md 2.6.2 has both in one line.
	if (interval < min) {
		throw new FlowError(
			'CONNECTOR-1363-400',
			`The interval ${interval} is not allowed with frequency ${frequency}: the minimum is ${min}.`,
		);
	}
	return { interval: String(interval) };
}

function readBackfill(value: unknown, frequency: ScheduleParams['frequency']) {
	if (value === undefined) return {};
	if (frequency === 'once') {
		throw new FlowError('CONNECTOR-1364-400', 'Backfill is not allowed with frequency once.');
	}
	const text = String(value);
	if (text !== 'true' && text !== 'false') {
		throw invalid('scheduleParams.backfill', 'it must be true or false');
	}
	return { backfill: text as 'true' | 'false' };
}

/** flow-service.md 5.4: what can no longer be changed once the start time has passed. */
function checkStarted(after: ScheduleParams, before: ScheduleParams): void {
	if (after.startTime !== before.startTime) {
		throw new FlowError(
			'CONNECTOR-1366-400',
			'The start time of the flow has passed: it cannot be updated.',
		);
	}
	if (after.frequency === 'once' && before.frequency !== 'once') {
		throw new FlowError(
			'CONNECTOR-1403-400',
			'The start time of the flow has passed: the frequency cannot be changed to once.',
		);
	}
	if (before.frequency !== 'once' && (after.backfill ?? 'true') !== (before.backfill ?? 'true')) {
		throw new FlowError(
			'CONNECTOR-1404-400',
			'The start time of the flow has passed: backfill cannot be changed.',
		);
	}
}

function isFrequency(value: unknown): value is ScheduleParams['frequency'] {
	return value === 'once' || (typeof value === 'string' && Object.hasOwn(FREQUENCIES, value));
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}
