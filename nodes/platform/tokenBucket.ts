/** A little less than Adobe was seen to take. */
const SHARE = 0.97;

/** What was not used for so long can't be caught up on: nobody knows how much Adobe would take at once. */
const MOST_SAVED_MS = 1_000;

/** Two refusals closer than this say more about the time between than about the rate. */
const LEAST_SPAN_MS = 200;

/** Adobe may take more by now: after nine seconds half as much again is tried, after thirty anything. */
const GROWTH = 0.005;
const FORGOTTEN_AFTER_MS = 30_000;

/**
 * How many requests a second Adobe takes, learned from what it refuses: between two refusals it has
 * taken just as many as there was room for. From the second refusal on, requests begin at nearly that
 * rate, so that there is hardly ever a third, with the waiting that it brings. The rate rises the
 * faster, the longer all goes well.
 *
 * A number of requests under way at a time (see `throttle.ts`) is too coarse for this where answers
 * are fast: at 50 ms, six are 120 a second and five are 100.
 */
export class Pace {
	private refusedAtEpochMs?: number;
	private taken = 0;
	private perMs?: number;
	/** How many may begin at once; below 0 where some have been given a time in the future. */
	private saved = 0;
	private savedAtEpochMs = 0;

	/** A request was taken. */
	took(): void {
		this.taken++;
	}

	/** One was refused, the first of those that were under way together. */
	refused(nowEpochMs: number): void {
		const spanMs = nowEpochMs - (this.refusedAtEpochMs ?? nowEpochMs);
		if (spanMs >= LEAST_SPAN_MS && this.taken > 0) this.perMs = (SHARE * this.taken) / spanMs;
		this.taken = 0;
		this.refusedAtEpochMs = nowEpochMs;
		this.saved = 0;
		this.savedAtEpochMs = nowEpochMs;
	}

	/** Milliseconds until one more request may begin; it is counted as begun then. */
	next(nowEpochMs: number): number {
		const sinceMs = nowEpochMs - (this.refusedAtEpochMs ?? nowEpochMs);
		if (sinceMs > FORGOTTEN_AFTER_MS) this.perMs = undefined;
		if (this.perMs === undefined) return 0;
		const perMs = this.perMs * Math.exp(GROWTH * (sinceMs / 1000) ** 2);
		const gained = perMs * (nowEpochMs - this.savedAtEpochMs);
		this.savedAtEpochMs = nowEpochMs;
		this.saved = Math.min(this.saved + gained, perMs * MOST_SAVED_MS) - 1;
		return Math.max(0, -this.saved / perMs);
	}

	/** The request that was counted last does not begin. */
	giveBack(): void {
		if (this.perMs !== undefined) this.saved++;
	}
}
