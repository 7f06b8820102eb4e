/** A little less than Adobe was seen to take. */
const RATE_SHARE = 0.97;

/** Tokens not used for this long can't be caught up on: nobody knows how many Adobe would take at once. */
const MAX_SAVED_MS = 1_000;

/** 429s closer together than this are noise, not a rate. */
const MIN_SPAN_MS = 200;

/** Between 429s further apart than this, waiting excluded, there was less to do than Adobe would have taken. */
const MAX_SPAN_MS = 10_000;

/** Adobe may take more by now: after 9 s try 1.5×, after 30 s drop the limit. */
const GROWTH_PER_SQUARE_SECOND = 0.005;
const FORGOTTEN_AFTER_MS = 30_000;

/**
 * How many requests per second Adobe takes, learned from its 429s: between two of them it has taken just
 * as many as there was room for, if there was enough to do. From the second one on, requests begin at nearly that rate, so that there
 * is hardly ever a third, with the waiting that it brings. The rate rises the faster, the longer all goes
 * well.
 *
 * A number of requests in flight (see `concurrencyWindow.ts`) is too coarse for this where answers are
 * fast: at 50 ms, six are 120 per second and five are 100.
 */
export class TokenBucket {
	private throttledAtEpochMs?: number;
	/** How long it asked to be left alone then. */
	private closedMs = 0;
	/** Since the last 429. */
	private successes = 0;
	private tokensPerMs?: number;
	/** Token balance; negative when tokens are lent ahead. */
	private tokens = 0;
	private filledAtEpochMs = 0;

	/** Adobe has taken a request. */
	recordSuccess(): void {
		this.successes++;
	}

	/**
	 * It has throttled one, the first of those that were in flight together.
	 *
	 * @param waitMs how long it asks to be left alone
	 */
	recordThrottling(nowEpochMs: number, waitMs: number): void {
		const spanMs = nowEpochMs - (this.throttledAtEpochMs ?? nowEpochMs);
		const isBusy = spanMs <= this.closedMs + MAX_SPAN_MS;
		if (spanMs >= MIN_SPAN_MS && isBusy && this.successes > 0) {
			this.tokensPerMs = (RATE_SHARE * this.successes) / spanMs;
		}
		this.closedMs = waitMs;
		this.beginAnew(nowEpochMs);
	}

	/** Counts from here: what was taken before was held back by another limit. */
	beginAnew(nowEpochMs: number): void {
		this.successes = 0;
		this.throttledAtEpochMs = nowEpochMs;
		this.tokens = 0;
		this.filledAtEpochMs = nowEpochMs;
	}

	/** Takes a token, and gives the milliseconds until the request that it is for may begin. */
	take(nowEpochMs: number): number {
		const sinceMs = nowEpochMs - (this.throttledAtEpochMs ?? nowEpochMs);
		if (sinceMs > FORGOTTEN_AFTER_MS) this.tokensPerMs = undefined;
		if (this.tokensPerMs === undefined) return 0;
		const growth = Math.exp(GROWTH_PER_SQUARE_SECOND * (sinceMs / 1000) ** 2);
		const tokensPerMs = this.tokensPerMs * growth;
		const filled = this.tokens + tokensPerMs * (nowEpochMs - this.filledAtEpochMs);
		this.filledAtEpochMs = nowEpochMs;
		this.tokens = Math.min(filled, tokensPerMs * MAX_SAVED_MS) - 1;
		return Math.max(0, -this.tokens / tokensPerMs);
	}

	/** Gives the last token back, for a request that does not begin. */
	giveBack(): void {
		if (this.tokensPerMs !== undefined) this.tokens++;
	}
}
