import type { FlowSchedule } from '../../../adobe/dataflows';
import { isOnDemand } from '../../../adobe/dataflows';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Adobe schedules in UTC, where all days have the same length. */
const UNIT_MS = new Map([
	['minute', MINUTE_MS],
	['hour', HOUR_MS],
	['day', DAY_MS],
	['week', 7 * DAY_MS],
]);

/** When a dataflow starts, as far as its schedule says. */
export interface Timetable {
	/** Epoch milliseconds of the first start. */
	startEpochMs: number;
	/** Between two starts; undefined for one that starts once. */
	periodMs?: number;
}

/** Undefined where the schedule does not say when the dataflow starts, and where it runs on demand only. */
export function timetableOf(schedule: FlowSchedule | undefined): Timetable | undefined {
	if (schedule === undefined || isOnDemand(schedule)) return undefined;
	const { frequency = '', interval = Number.NaN, startTime = '' } = schedule;
	const startEpochMs = Date.parse(startTime);
	if (Number.isNaN(startEpochMs)) return undefined;
	if (frequency === 'once') return { startEpochMs };
	const periodMs = (UNIT_MS.get(frequency) ?? Number.NaN) * interval;
	return periodMs >= MINUTE_MS ? { startEpochMs, periodMs } : undefined;
}

/** The first start after a time; undefined where there is none any more. */
export function nextStart(
	{ startEpochMs, periodMs }: Timetable,
	nowEpochMs: number,
): number | undefined {
	if (startEpochMs > nowEpochMs) return startEpochMs;
	if (periodMs === undefined) return undefined;
	const periods = Math.floor((nowEpochMs - startEpochMs) / periodMs) + 1;
	return startEpochMs + periods * periodMs;
}

/** How often it starts, e.g. `every 15 minutes`. */
export function periodInWords({
	frequency = '',
	interval = 1,
}: Pick<FlowSchedule, 'frequency' | 'interval'>): string {
	return interval === 1 ? `every ${frequency}` : `every ${interval} ${frequency}s`;
}

/** Counts dataflows by the minute that they start in. */
export class StartCounts {
	/** By period, then by the minute within it. */
	private readonly counts = new Map<number, Map<number, number>>();

	add({ startEpochMs, periodMs }: Timetable): void {
		if (periodMs === undefined) return;
		const ofPeriod = this.counts.get(periodMs) ?? new Map<number, number>();
		this.counts.set(periodMs, ofPeriod);
		const minute = minuteOf(startEpochMs % periodMs);
		ofPeriod.set(minute, (ofPeriod.get(minute) ?? 0) + 1);
	}

	/** How many of them start in the minute of that time. */
	at(epochMs: number): number {
		let count = 0;
		for (const [periodMs, ofPeriod] of this.counts) {
			count += ofPeriod.get(minuteOf(epochMs % periodMs)) ?? 0;
		}
		return count;
	}
}

function minuteOf(durationMs: number): number {
	return Math.floor(durationMs / MINUTE_MS);
}
