import { UserError } from 'n8n-workflow';

/*
 * What a number can mean: epoch seconds or milliseconds between 1973 and 2200. A smaller number is no time
 * (a year, a date such as 20260131, a duration), nor is one between the two (microseconds are greater).
 */
const SECONDS = { from: 1e8, to: 7.3e9 };
const MILLISECONDS = { from: 1e11, to: 7.3e12 };

const NUMBER = /^\d+(\.\d+)?$/;
const DATE =
	/^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?<fraction>\.\d+)?)?)?(?:\s?(?<zone>Z|[+-]\d{2}(?::?\d{2})?))?$/i;
const OFFSET = /^(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>\d{2})?$/;
const MAX_OFFSET_HOURS = 14;
const DAY_MS = 24 * 60 * 60_000;

/**
 * A point in time that a user gave, in epoch milliseconds. It may be a string of the editor's date field,
 * which has no time zone and means the workflow's, an ISO string with a zone, epoch seconds or
 * milliseconds, or a date object from an expression.
 *
 * @param label of the parameter
 * @param timeZone of the workflow, e.g. `Europe/Stockholm`
 * @throws UserError for anything else, such as 30 February or an hour that the clocks skip
 */
export function epochMsOf(value: unknown, label: string, timeZone: string): number {
	const epochMs = typeof value === 'string' ? parse(value.trim(), label, timeZone) : plain(value);
	// Adobe counts from 1970.
	if (epochMs !== undefined && epochMs >= 0) return epochMs;
	throw new UserError(`'${label}' is not a date and time`, {
		description: `Choose a date in '${label}' from 1970 on that the calendar has, or let its expression give one, e.g. 2026-01-31T06:00:00Z or {{ $now.minus(1, 'day') }}.`,
	});
}

/** Undefined for what is no time. */
function parse(text: string, label: string, timeZone: string): number | undefined {
	if (NUMBER.test(text)) return ofNumber(Number(text));
	const parts = DATE.exec(text)?.groups;
	if (parts === undefined) return undefined;
	const shown = shownEpochMs(parts);
	if (shown === undefined) return undefined;
	if (parts.zone === undefined) return inZone(shown, label, timeZone);
	// A zone belongs to a time of the day.
	const offset = parts.hour === undefined ? undefined : offsetOf(parts.zone);
	return offset === undefined ? undefined : shown - offset;
}

type Parts = Partial<Record<string, string>>;

/** What a clock of UTC would show; undefined for a date or an hour that does not exist. */
function shownEpochMs(parts: Parts): number | undefined {
	const { year, month, day, hour = '0', minute = '0', second = '0', fraction = '0' } = parts;
	const whole = [year, month, day, hour, minute, second].map(Number);
	const [years = 0, months = 0, days = 0, ...time] = whole;
	const date = new Date(0);
	// `Date.UTC` takes the year 26 for 1926, and 31 February for 3 March.
	date.setUTCFullYear(years, months - 1, days);
	const [hours = 0, minutes = 0, seconds = 0] = time;
	date.setUTCHours(hours, minutes, seconds);
	const read = [
		date.getUTCFullYear(),
		date.getUTCMonth() + 1,
		date.getUTCDate(),
		date.getUTCHours(),
		date.getUTCMinutes(),
		date.getUTCSeconds(),
	];
	const isReal = read.every((part, index) => part === whole[index]);
	return isReal ? date.getTime() + Math.floor(Number(fraction) * 1000) : undefined;
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone: string): number | undefined {
	const parts = OFFSET.exec(zone)?.groups;
	if (parts === undefined) return 0;
	const hours = Number(parts.hours);
	const minutes = Number(parts.minutes ?? '0');
	if (hours > MAX_OFFSET_HOURS || minutes > 59) return undefined;
	return (parts.sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function ofNumber(number: number): number | undefined {
	if (number === 0) return 0;
	if (number >= SECONDS.from && number < SECONDS.to) return number * 1000;
	return number >= MILLISECONDS.from && number < MILLISECONDS.to ? number : undefined;
}

/** The value of a date, JavaScript's or Luxon's, is its milliseconds; that of a duration is, too. */
function plain(value: unknown): number | undefined {
	if (typeof value === 'number') return ofNumber(value);
	if (typeof value !== 'object' || value === null) return undefined;
	const isLuxons = 'isLuxonDateTime' in value && value.isLuxonDateTime === true;
	// By its tag: n8n's expressions may come from another realm, with a `Date` of its own.
	const isDate = Object.prototype.toString.call(value) === '[object Date]';
	if (!isLuxons && !isDate) return undefined;
	const number: unknown = value.valueOf();
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** When the clocks of a zone show what the clocks of UTC show at the given time. */
function inZone(shown: number, label: string, timeZone: string): number {
	const format = formatOf(timeZone, label);
	// In between, summer time may have begun or ended. What comes twice is the first time, as in Luxon.
	for (const nearby of [shown - DAY_MS, shown + DAY_MS]) {
		const epochMs = shown - offsetMs(nearby, format);
		if (epochMs + offsetMs(epochMs, format) === shown) return epochMs;
	}
	throw new UserError(`'${label}' is a time that the clocks skip`, {
		description: `In the time zone of the workflow, ${timeZone}, summer time begins then. Give an hour earlier or later, or a time with its zone, e.g. 2026-01-31T06:00:00Z.`,
	});
}

/**
 * The first moment of a day by the clocks of a zone, in epoch milliseconds. Days there are not all of 24 hours.
 *
 * @param epochMs a time of the day that is counted from
 * @param days how many days later
 */
export function startOfDay(
	epochMs: number,
	days: number,
	{ label, timeZone }: { label: string; timeZone: string },
): number {
	const format = formatOf(timeZone, label);
	const shown = epochMs + offsetMs(epochMs, format);
	const midnight = (Math.floor(shown / DAY_MS) + days) * DAY_MS;
	for (const nearby of [midnight - DAY_MS, midnight + DAY_MS]) {
		const found = midnight - offsetMs(nearby, format);
		if (found + offsetMs(found, format) === midnight) return found;
	}
	// Where summer time begins at midnight, the clocks skip it: the day begins when they do.
	return midnight - offsetMs(midnight - DAY_MS, format);
}

/** @throws UserError for a zone that does not exist: n8n passes on what stands in the settings */
function formatOf(timeZone: string, label: string): Intl.DateTimeFormat {
	const format = formatIn(timeZone);
	if (format !== undefined) return format;
	throw new UserError(`The time zone of the workflow does not exist: '${timeZone}'`, {
		description: `'${label}' has no time zone of its own and goes by the workflow's. Choose one in the workflow's Settings > Timezone, or on the whole server by GENERIC_TIMEZONE; or give the time with its zone, e.g. 2026-01-31T06:00:00Z.`,
	});
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
	try {
		return new Intl.DateTimeFormat('en-US', {
			timeZone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
	} catch {
		return undefined;
	}
}

function offsetMs(epochMs: number, format: Intl.DateTimeFormat): number {
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
