interface Entry {
	token?: string;
	fetchedAtEpochMs: number;
	pending?: Promise<string>;
}

// Short on purpose: with several workers, the token that another one has stored meanwhile may be
// the better one, and n8n hands that over with the next execution.
const REUSE_WINDOW_MS = 60_000;

const entries = new Map<string, Entry>();

/**
 * One token call for all who ask at the same time, in this process, for the same client.
 *
 * @param fingerprint identifies what the token is made from; callers with the same one share a token
 * @param stale tokens the caller knows to be of no use; a cached one among them is forgotten
 * @param fetch makes the one call; its failure reaches all who wait and is not kept
 */
export async function sharedToken(
	fingerprint: string,
	stale: string[],
	fetch: () => Promise<string>,
): Promise<string> {
	const now = Date.now();
	forgetOld(now);
	const known = entries.get(fingerprint);
	if (known?.token !== undefined && !stale.includes(known.token)) return known.token;
	if (known?.pending !== undefined) return await known.pending;

	const pending = fetch();
	entries.set(fingerprint, { fetchedAtEpochMs: now, pending });
	pending.then(
		(token) => entries.set(fingerprint, { token, fetchedAtEpochMs: Date.now() }),
		() => entries.delete(fingerprint),
	);
	return await pending;
}

/** Whether this process has fetched a token after some moment. */
export function isFetchedSince(token: string, epochMs: number): boolean {
	return [...entries.values()].some(
		(entry) => entry.token === token && entry.fetchedAtEpochMs >= epochMs,
	);
}

function forgetOld(nowEpochMs: number) {
	for (const [fingerprint, entry] of entries) {
		const age = nowEpochMs - entry.fetchedAtEpochMs;
		if (entry.pending === undefined && (age > REUSE_WINDOW_MS || age < 0))
			entries.delete(fingerprint);
	}
}
