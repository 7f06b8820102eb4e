interface Pending {
	controller: AbortController;
	stop: (reason: unknown) => void;
}

/** In the place of a result: the work took longer than it may. */
export const TIMED_OUT = Symbol('timed out');

/**
 * Ends requests, and the waiting for them, when an execution is cancelled. n8n ends a request by itself
 * then, but not the sign-in before it.
 *
 * Each request has a signal of its own, and the execution's signal has one listener for all of them:
 * Node.js warns of more than ten, and searches all of them for each one that is added or removed. It
 * has none while nothing is in flight, since a node in a loop runs many times in one execution.
 */
export class Cancellation {
	private readonly pending = new Set<Pending>();

	constructor(readonly signal: AbortSignal | undefined) {}

	/**
	 * The result of some work, or {@link TIMED_OUT} where it takes longer than it may: n8n's own time-out
	 * starts again after a sign-in, and with every byte of a slow answer.
	 *
	 * @param work gets a signal that is aborted when it times out or the execution is cancelled
	 * @throws what the work throws, or the execution's reason as soon as it is cancelled
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
