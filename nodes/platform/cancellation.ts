/**
 * Ends waiting for requests when an execution is cancelled: n8n ends a request by itself then, but not
 * the sign-in in front of it. One listener for all of them, since Node.js warns of more than ten.
 */
export class Cancellation {
	private readonly stops = new Set<(reason: unknown) => void>();

	constructor(private readonly signal: AbortSignal | undefined) {
		signal?.addEventListener(
			'abort',
			() => {
				for (const stop of this.stops) stop(signal.reason);
			},
			{ once: true },
		);
	}

	/** The result of some work, or the signal's reason as soon as it is aborted. */
	async unlessCancelled<T>(work: Promise<T>): Promise<T> {
		this.signal?.throwIfAborted();
		let stop: (reason: unknown) => void = () => {};
		const cancelled = new Promise<never>((_resolve, reject) => (stop = reject));
		this.stops.add(stop);
		try {
			return await Promise.race([work, cancelled]);
		} finally {
			this.stops.delete(stop);
		}
	}
}
