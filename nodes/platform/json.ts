/** The value as a plain record; undefined for null, arrays and everything that is not an object. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

/** The value when it is a string that is not blank. */
export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A number, or a string that holds one, as in Adobe's samples. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * A time in epoch milliseconds: from a number, a string that holds one, or an ISO date. Adobe writes 0
 * for a time that has not come yet.
 */
export function timeOf(value: unknown): number | undefined {
	const epochMs = numberOf(value) ?? (typeof value === 'string' ? Date.parse(value) : Number.NaN);
	return epochMs > 0 ? epochMs : undefined;
}

/** Boolean, or the strings "true" and "false". */
export function truthOf(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	return value === 'true' || value === 'false' ? value === 'true' : undefined;
}
