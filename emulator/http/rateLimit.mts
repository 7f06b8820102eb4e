/** A token bucket per key: a burst of requests at once, then a number per second. */
export class RateLimit {
	private buckets = new Map<string, { left: number; at: number }>();

	constructor(
		private readonly perSecond: number,
		private readonly burst: number,
	) {}

	/** Takes a token; without one left, returns the whole seconds until there is one, at least 1. */
	take(key: string, now = Date.now()): number | undefined {
		if (!Number.isFinite(this.perSecond)) return undefined;
		const bucket = this.buckets.get(key) ?? { left: this.burst, at: now };
		bucket.left = Math.min(this.burst, bucket.left + ((now - bucket.at) / 1000) * this.perSecond);
		bucket.at = now;
		this.buckets.set(key, bucket);
		if (bucket.left >= 1) {
			bucket.left -= 1;
			return undefined;
		}
		return Math.max(1, Math.ceil((1 - bucket.left) / this.perSecond));
	}

	reset(): void {
		this.buckets.clear();
	}
}
