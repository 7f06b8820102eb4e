import { sleep } from 'n8n-workflow';

const LONGEST_STEP_MS = 250;

/**
 * Waits, in steps short enough that a cancelled execution ends within a quarter of a second.
 * n8n 1.x's `sleep` knows no signal, so the signal is looked at between the steps.
 *
 * @throws whatever reason the signal was aborted with
 */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
	const endEpochMs = Date.now() + durationMs;
	for (;;) {
		signal?.throwIfAborted();
		const restMs = endEpochMs - Date.now();
		if (restMs <= 0) return;
		await sleep(Math.min(restMs, LONGEST_STEP_MS));
	}
}
