/**
 * Milliseconds to wait as a `Retry-After` header says it: whole seconds, or an HTTP date.
 * Undefined when the header is absent or unreadable; never negative.
 */
export function retryAfterMs(header: unknown, nowEpochMs: number): number | undefined {
	const text = typeof header === 'number' ? String(header) : header;
	if (typeof text !== 'string' || text.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
	const dateEpochMs = Date.parse(text);
	return Number.isNaN(dateEpochMs) ? undefined : Math.max(0, dateEpochMs - nowEpochMs);
}
