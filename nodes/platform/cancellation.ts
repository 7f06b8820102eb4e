import { sleep } from 'n8n-workflow';

interface Pending {
	controller: AbortController;
	stop: (reason: unknown) => void;
}

/** Says that some work has taken longer than it may. */
export const TIMED_OUT = Symbol('timed out');

/**
 * Ends requests, and the waiting for them, when an execution is cancelled. n8n ends a request by itself
 * then, but not the sign-in in front of it.
 *
 * Each request has a signal of its own, and the execution's signal one listener for all of them:
 * Node.js warns of more than ten, and looks through all of them for each one that comes or goes. It
 * has none while nothing is under way, since a node in a loop runs many times in one execution.
 */
export class Cancellation {
	private readonly pending = new Set<Pending>();

	constructor(readonly signal: AbortSignal | undefined) {}

	/**
	 * The result of some work, or the execution's reason as soon as it is cancelled, or {@link TIMED_OUT}
	 * where it takes longer than it may: n8n's own time-out begins anew behind a sign-in, and with every
	 * byte of an answer that drips in.
	 *
	 * @param work is given a signal that is aborted then
	 */
	async unlessCancelled<T>(
		work: (signal: AbortSignal) => Promise<T>,
		timeoutMs: number,
	): Promise<T | typeof TIMED_OUT> {
		this.signal?.throwIfAborted();
		let stop: (reason: unknown) => void = () => {};
		const cancelled = new Promise<never>((_resolve, reject) => (stop = reject));
		const pending = { controller: new AbortController(), stop };
		if (this.pending.size === 0) this.signal?.addEventListener('abort', this.endAll);
		this.pending.add(pending);
		const time = AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)));
		let timeIsUp = () => {};
		const timedOut = new Promise<typeof TIMED_OUT>((resolve) => {
			timeIsUp = () => {
				resolve(TIMED_OUT);
				pending.controller.abort(time.reason);
			};
		});
		time.addEventListener('abort', timeIsUp);
		try {
			return await Promise.race([work(pending.controller.signal), cancelled, timedOut]);
		} finally {
			time.removeEventListener('abort', timeIsUp);
			this.pending.delete(pending);
			if (this.pending.size === 0) this.signal?.removeEventListener('abort', this.endAll);
		}
	}

	private readonly endAll = () => {
		const reason: unknown = this.signal?.reason;
		for (const { controller, stop } of this.pending) {
			// First, so that whoever waits learns the reason, not how the request took it.
			stop(reason);
			controller.abort(reason);
		}
	};
}

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
