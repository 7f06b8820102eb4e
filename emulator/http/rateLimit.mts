/** A token bucket for each key: so many requests at once, then so many in a second. */
export class RateLimit {
	private buckets = new Map<string, { left: number; at: number }>();

	constructor(
		private readonly perSecond: number,
		private readonly burst: number,
	) {}

	/** Takes one request out of the bucket; otherwise the whole seconds until one fits, 1 or more. */
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
