// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/** Epoch milliseconds, as Flow Service gives times, as an ISO text; null for anything else. */
export function isoDate(epochMs: unknown): string | null {
	return typeof epochMs === 'number' && Math.abs(epochMs) <= LAST_DATE_MS
		? new Date(epochMs).toISOString()
		: null;
}
