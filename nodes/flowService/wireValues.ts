/** A number, also one that Adobe writes as a text, as its samples do. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * A time in epoch milliseconds: a number, also one that Adobe writes as a text, or an ISO date. Adobe
 * writes 0 for a time that is not there yet.
 */
export function timeOf(value: unknown): number | undefined {
	const epochMs = numberOf(value) ?? (typeof value === 'string' ? Date.parse(value) : Number.NaN);
	return epochMs > 0 ? epochMs : undefined;
}

/** A truth, also one that Adobe writes as a text. */
export function truthOf(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	return value === 'true' || value === 'false' ? value === 'true' : undefined;
}
