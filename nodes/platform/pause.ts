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

/**
 * The result of some work, or the signal's reason as soon as it is aborted: n8n ends a request of
 * a cancelled execution by itself, but not the sign-in in front of it.
 */
export async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (signal === undefined) return await work;
	let stop = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
