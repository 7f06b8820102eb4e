/** The value as a plain record; undefined for null, arrays and everything that is not an object. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

/** The records in an array, undefined for everything that is no array. */
export function asRecords(value: unknown): Array<Record<string, unknown>> | undefined {
	if (!Array.isArray(value)) return undefined;
	return value.map(asRecord).filter((one) => one !== undefined);
}

/** The members of an array; none for everything else. */
export function arrayOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

/** The records in an array; none for everything else. */
export function recordsOf(value: unknown): Array<Record<string, unknown>> {
	return asRecords(value) ?? [];
}

/** The strings in an array that have something in them; none for everything else. */
export function stringsOf(value: unknown): string[] {
	return arrayOf(value)
		.map(textOf)
		.filter((one) => one !== undefined);
}

/** The value when it is a string with something in it. */
export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A number, or a string that holds one, as in Adobe's samples. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * A time in epoch milliseconds: from a number, a string that holds one, an ISO date or the date of an
 * HTTP header. Adobe writes 0 for a time that has not come yet.
 */
export function timeOf(value: unknown): number | undefined {
	const epochMs = numberOf(value) ?? (typeof value === 'string' ? Date.parse(value) : Number.NaN);
	return epochMs > 0 ? epochMs : undefined;
}

/** Boolean, or the strings "true" and "false". */
export function booleanOf(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	return value === 'true' || value === 'false' ? value === 'true' : undefined;
}

/** Whether it is a text with nothing in it but blanks. */
export function isBlank(value: unknown): boolean {
	return typeof value === 'string' && value.trim() === '';
}

/** A record, e.g. of headers, with its names in lower case. */
export function lowerCaseNames(record: unknown): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(asRecord(record) ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
	);
}
