interface Pending {
	controller: AbortController;
	stop: (reason: unknown) => void;
}

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

	constructor(private readonly signal: AbortSignal | undefined) {}

	/**
	 * The result of some work, or the execution's reason as soon as it is cancelled.
	 *
	 * @param work is given a signal that is aborted then
	 */
	async unlessCancelled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
		this.signal?.throwIfAborted();
		let stop: (reason: unknown) => void = () => {};
		const cancelled = new Promise<never>((_resolve, reject) => (stop = reject));
		const pending = { controller: new AbortController(), stop };
		if (this.pending.size === 0) this.signal?.addEventListener('abort', this.endAll);
		this.pending.add(pending);
		try {
			return await Promise.race([work(pending.controller.signal), cancelled]);
		} finally {
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
