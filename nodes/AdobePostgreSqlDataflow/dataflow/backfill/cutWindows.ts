import { UserError } from 'n8n-workflow';

import type { RunWindow } from '../../../adobe/runs';
import { startOfDay } from '../../../operation/time';

export type WindowUnit = 'days' | 'hours';

/** A span of time, and how it is cut. Times are epoch seconds. */
export interface Span {
	from: number;
	/** Undefined for the end of the last full window before `now`. */
	to?: number;
	unit: WindowUnit;
	/** Days or hours of a window. */
	length: number;
	/** In which days begin at midnight. */
	timeZone: string;
	now: number;
}

/** Adobe makes a batch of each run, and a dataset is not made for very many of them. */
export const MAX_WINDOWS = 1_000;

const HOUR = 60 * 60;

/**
 * Cuts a span into windows that follow each other, so that each row is in one of them. Days are those of the
 * zone, cut at midnight: one on which the clocks change has 23 or 25 hours. Hours are counted from the start.
 * The last window ends with the span, also where it is shorter then.
 *
 * @throws UserError for a span that is empty, in the future, or cut into too many windows
 */
export function cutWindows(span: Span): RunWindow[] {
	const { from, to, now } = span;
	check(span);
	const windows: RunWindow[] = [];
	for (let index = 1, start = from; start < (to ?? now); index++) {
		const edge = edgeOf(span, index);
		if (to === undefined && edge > now) break;
		if (windows.length === MAX_WINDOWS) throw tooMany(span);
		const end = Math.min(edge, to ?? edge);
		windows.push({ start, end });
		start = end;
	}
	if (windows.length > 0) return windows;
	throw new UserError("Not one window has passed since 'From'", {
		description:
			"Without 'To', only windows that are over are loaded. Set an earlier 'From', shorter windows, or a 'To'.",
	});
}

/** Where a window ends, counted from 1. */
function edgeOf({ from, unit, length, timeZone }: Span, index: number): number {
	if (unit === 'hours') return from + index * length * HOUR;
	return startOfDay(from * 1000, index * length, { timeZone, label: 'From' }) / 1000;
}

/** @throws UserError */
function check({ from, to, now }: Span): void {
	const ahead = [
		['From', from],
		['To', to ?? 0],
	] as const;
	for (const [label, time] of ahead) {
		if (time > now) {
			throw new UserError(`'${label}' is in the future`, {
				description: `It would be ${dateOf(time)}. Rows that come until then would be in no window: a backfill loads what has passed.`,
			});
		}
	}
	if (to === undefined || to > from) return;
	throw new UserError("'To' must be later than 'From'", {
		description: `The span would go from ${dateOf(from)} to ${dateOf(to)}.`,
	});
}

function tooMany({ from, to, now, unit, length }: Span): UserError {
	const day = unit === 'days' ? 24 * HOUR : HOUR;
	const count = Math.ceil(((to ?? now) - from) / (length * day));
	return new UserError("'Window Length' is too short: a backfill has at most 1,000 windows", {
		description: `There would be about ${count.toLocaleString('en-US')}. Raise 'Window Length', or load the span in several parts. Adobe makes a batch of each window.`,
	});
}

function dateOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
