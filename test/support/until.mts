import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 20;

/**
 * Waits until something holds.
 *
 * @throws when it does not by then
 */
export async function until(holds: () => boolean, maxWaitMs = 20_000): Promise<void> {
	const endEpochMs = Date.now() + maxWaitMs;
	while (!holds()) {
		if (Date.now() > endEpochMs) throw new Error(`It did not come true in ${maxWaitMs} ms`);
		await sleep(STEP_MS);
	}
}
