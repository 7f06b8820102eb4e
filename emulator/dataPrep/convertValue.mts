import { DateTime } from 'luxon';
import { type XdmField, typeOfField } from '../schemaRegistry/xdmField.mts';

/** A value that a field cannot accept. The message names types only, never the value. */
export class NotConvertible extends Error {}

/**
 * What a value becomes in a field of that type. Data Prep converts by itself, whether all of this
 * is as Adobe does it is ⚠UNV: strings to numbers, booleans and times (a time without a zone is UTC,
 * flow-service.md 9.2), any scalar to a string.
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
		if (text === 'true' || text === 'false') return text === 'true';
		throw refuse();
	}
	const number = typeof value === 'boolean' || text.trim() === '' ? Number.NaN : Number(text);
	if (!Number.isFinite(number) || (type === 'integer' && !Number.isInteger(number))) throw refuse();
	return number;
}

/** A time in ISO 8601 or as databases write it; without a zone it is UTC. */
export function readTime(text: string): DateTime | undefined {
	const zone = { zone: 'utc' };
	return [DateTime.fromISO(text, zone), DateTime.fromSQL(text, zone)].find((one) => one.isValid);
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
