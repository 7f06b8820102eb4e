import { DateTime } from 'luxon';
import { type XdmField, typeOfField } from '../schemaRegistry/xdmField.mts';

/** A value that a field cannot accept. The message names types only, never the value. */
export class NotConvertible extends Error {}

// flow-service.md 12 (15), Adobe's page "Handling data formats with Data Prep".
const TRUE = new Set(['true', 'yes', 'y', 'on']);
const FALSE = new Set(['false', 'no', 'n', 'off']);

/**
 * What a value becomes in a field of that type. Data Prep converts by itself: texts to booleans and times
 * by its page on data formats; whether the rest is as Adobe does it is ⚠UNV: texts to numbers, any scalar
 * to a text. A time without a zone is UTC (flow-service.md 9.2).
 *
 * @throws NotConvertible
 */
export function convertValue(value: unknown, field: XdmField): unknown {
	if (value === null || value === undefined) return null;
	const type = typeOfField(field);
	const refuse = () => new NotConvertible(`a value of type ${nameOf(value)} is no ${type}`);
	if (type === 'array' || type === 'object') {
		if (nameOf(value) !== type) throw refuse();
		return value;
	}
	if (typeof value === 'object' && !DateTime.isDateTime(value) && !(value instanceof Date)) {
		throw refuse();
	}
	const text = DateTime.isDateTime(value) || value instanceof Date ? toIso(value) : String(value);
	if (type === 'string') return text;
	if (type === 'date' || type === 'date-time') {
		if (typeof value === 'number' || typeof value === 'boolean') throw refuse();
		const time = readTime(text);
		if (time === undefined) throw refuse();
		return type === 'date' ? time.toISODate() : toIso(time);
	}
	if (type === 'boolean') {
		const word = text.trim().toLowerCase();
		if (TRUE.has(word)) return true;
		if (FALSE.has(word)) return false;
		throw refuse();
	}
	const number = typeof value === 'boolean' || text.trim() === '' ? Number.NaN : Number(text);
	if (!Number.isFinite(number) || (type === 'integer' && !Number.isInteger(number))) throw refuse();
	return number;
}

/**
 * The spellings of the page on data formats that are neither ISO 8601 nor a database's, in its order: a date
 * with slashes has the month first, one with dots the day. A digit less is taken, as Java does.
 */
const SPELLINGS = [
	'yyyy/M/d',
	'yyyy.M.d',
	'yyyy-MMM-d',
	'yyyyMMdd',
	'M-d-yyyy',
	'MMddyyyy',
	'M/d/yyyy',
	'd.M.yyyy',
	'M/d/yyyy h:mm:ss a',
	'd.M.yyyy h:mm:ss a',
	'd.MMM.yyyy',
	'd-MMM-yyyy',
	// ⚠UNV: day first where it can be no month, and the hours of a day in 24.
	'd/M/yyyy',
	'd-M-yyyy',
	'd/MMM/yyyy',
	'yyyy/M/d HH:mm:ss',
	'M/d/yyyy HH:mm:ss',
	'd.M.yyyy HH:mm:ss',
	'd/M/yyyy HH:mm:ss',
];

/** A time in ISO 8601, as databases write it, or in one of Data Prep's spellings; without a zone it is UTC. */
export function readTime(text: string): DateTime | undefined {
	const options = { zone: 'utc', locale: 'en-US' };
	const plain = text.trim();
	const usual = [DateTime.fromISO(plain, options), DateTime.fromSQL(plain, options)];
	for (const time of usual) if (time.isValid) return time;
	for (const spelling of SPELLINGS) {
		const time = DateTime.fromFormat(plain, spelling, options);
		if (time.isValid) return time;
	}
	return undefined;
}

/** As Data Prep's samples show a time: UTC, without milliseconds where there are none. */
export function toIso(time: DateTime | Date): string {
	const utc = DateTime.isDateTime(time) ? time.toUTC() : DateTime.fromJSDate(time, { zone: 'utc' });
	return utc.toISO({ suppressMilliseconds: true }) ?? '';
}

/** A mapping's result: times as strings, and null for undefined. */
export function outsideValue(value: unknown): unknown {
	if (DateTime.isDateTime(value) || value instanceof Date) return toIso(value);
	return value ?? null;
}

function nameOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	if (DateTime.isDateTime(value) || value instanceof Date) return 'date-time';
	return typeof value;
}
