import type { ItemClient } from '../platform/client';

/** How long is waited before each look; the last one repeats. */
const PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;

/** By then, lists show what was made. */
export const MAX_LIST_LAG_MS = 15_000;

/**
 * The waits before each look for something that a list may not show yet, for as long as there is time.
 *
 * @param patienceMs how long they may be together
 */
export function* pausesBetweenLooks(
	client: ItemClient,
	patienceMs: number = MAX_LIST_LAG_MS,
): Generator<number> {
	let waitedMs = 0;
	for (let look = 0; ; look++) {
		const pauseMs = PAUSES_MS[Math.min(look, PAUSES_MS.length - 1)] ?? 0;
		waitedMs += pauseMs;
		if (waitedMs > patienceMs || client.remainingMs() <= pauseMs) return;
		yield pauseMs;
	}
}

/** A list, read again until it shows what was just made, or time is up. */
export async function readUntilListed<T>(
	client: ItemClient,
	read: () => Promise<T[]>,
	isListed: (found: T[]) => boolean,
): Promise<T[]> {
	let found: T[] = [];
	for (const pauseMs of pausesBetweenLooks(client)) {
		await client.pause(pauseMs);
		found = await read();
		if (isListed(found)) break;
	}
	return found;
}
