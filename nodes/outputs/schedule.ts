import type { FlowSchedule } from '../adobe/dataflows';
import { isOnDemand } from '../adobe/dataflows';
import { isoDate } from '../operation/time';
import type { Members } from './common';

const ON_DEMAND = 'on demand (Run Now)';

/**
 * When a dataflow runs, as a person would say it: `every day from 2026-01-31 06:00 UTC`; undefined for one
 * without a schedule, e.g. a draft.
 */
export function scheduleInWords(schedule: FlowSchedule | undefined): string | undefined {
	if (schedule?.frequency === undefined) return undefined;
	const { frequency, interval, startTime } = schedule;
	if (isOnDemand(schedule)) return ON_DEMAND;
	const start = startTime === undefined ? undefined : inMinutes(startTime);
	if (frequency === 'once') return start === undefined ? 'once' : `once, at ${start}`;
	const every = interval === undefined || interval === 1 ? '' : ` ${interval}`;
	const unit = every === '' ? frequency : `${frequency}s`;
	return `every${every} ${unit}${start === undefined ? '' : ` from ${start}`}`;
}

/** The same in the values of the parameters of Create; a start that never comes is none. */
export function scheduleMembers(schedule: FlowSchedule | undefined): Members {
	if (schedule === undefined) return {};
	const { frequency, interval, startTime, backfill } = schedule;
	return isOnDemand(schedule)
		? { frequency: 'onDemand' }
		: { frequency, interval, startTime, backfill };
}

/** A minute by Adobe's clock, e.g. `2026-11-27 06:00 UTC`. */
export function minuteInWords(epochMs: number | undefined): string {
	const iso = isoDate(epochMs);
	return iso === null ? 'a time that is not known' : inMinutes(iso);
}

/** @param iso UTC, as `readSchedule` gives it */
function inMinutes(iso: string): string {
	return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
