import { UserError } from 'n8n-workflow';

/** Ten digits are seconds until the year 5138; milliseconds have had more since 1973. */
const MIN_MILLISECONDS = 1e11;

const NUMBER = /^\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)$/i;

/**
 * A point in time that a user gave, in epoch milliseconds; undefined where it was left empty. It
 * may be a string of the editor's date field, which has no time zone and means the workflow's, an
 * ISO string with a zone, epoch seconds or milliseconds, or a date object from an expression.
 *
 * @param timeZone of the workflow, e.g. `Europe/Stockholm`
 * @throws UserError for anything else
 */
export function epochMsOf(
	value: unknown,
	displayName: string,
	timeZone: string,
): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const epochMs = typeof value === 'string' ? parse(value.trim(), timeZone) : plain(value);
	if (epochMs === undefined || Number.isNaN(epochMs)) {
		throw new UserError(`'${displayName}' is not a date and time`, {
			description: `Choose a date in '${displayName}', or let its expression give one, e.g. 2026-01-31T06:00:00Z or {{ $now.minus(1, 'day') }}.`,
		});
	}
	return epochMs;
}

function parse(text: string, timeZone: string): number | undefined {
	if (NUMBER.test(text)) return plain(Number(text));
	if (DATE.test(text)) return inZone(Date.parse(`${withTime(text)}Z`), timeZone);
	return WITH_ZONE.test(text) ? Date.parse(text.replace(/^(\S+) (?=\d)/, '$1T')) : undefined;
}

function withTime(text: string): string {
	return text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T');
}

/** The value of a date, JavaScript's or Luxon's, is its milliseconds. */
function plain(value: unknown): number | undefined {
	const number = typeof value === 'object' && value !== null ? value.valueOf() : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return undefined;
	return typeof value === 'number' && number < MIN_MILLISECONDS ? number * 1000 : number;
}

/** When the clocks of a zone show what the clocks of UTC show at the given time. */
function inZone(shownEpochMs: number, timeZone: string): number {
	const first = shownEpochMs - offsetMs(shownEpochMs, timeZone);
	// Between the two, summer time may have begun or ended.
	return shownEpochMs - offsetMs(first, timeZone);
}

function offsetMs(epochMs: number, timeZone: string): number {
	if (Number.isNaN(epochMs)) return 0;
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
	const [year = 0, month = 1, ...rest] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
		(type) => Number(parts.get(type as Intl.DateTimeFormatPartTypes)),
	);
	const [day = 1, hour = 0, minute = 0, second = 0] = rest;
	const shown = Date.UTC(year, month - 1, day, hour, minute, second);
	return shown - Math.floor(epochMs / 1000) * 1000;
}

// JavaScript has no later date, and would throw.
const MAX_DATE_MS = 8.64e15;

/** Epoch milliseconds, as Flow Service gives times, as an ISO string; null for anything else. */
export function isoDate(epochMs: unknown): string | null {
	return typeof epochMs === 'number' && Math.abs(epochMs) <= MAX_DATE_MS
		? new Date(epochMs).toISOString()
		: null;
}
