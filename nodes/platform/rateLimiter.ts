import { steadyEpochMs } from './clocks/steadyClock';
import type { Slot, Verdict } from './concurrencyLimit';
import { ConcurrencyWindow } from './concurrencyWindow';
import { TOO_LATE } from './deadline';
import { pause } from './n8nHost';
import { TokenBucket } from './tokenBucket';

/** Where the limiter takes time and chance from. */
export interface Clock {
	/** Epoch milliseconds. */
	now(): number;
	/** @throws whatever reason the signal was aborted with */
	sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
	/** From 0 to below 1. */
	random(): number;
}

const SYSTEM_CLOCK: Clock = {
	now: steadyEpochMs,
	sleep: pause,
	random: () => Math.random(),
};

/** In the place of a result: the work could not begin in time. */
export class NotBegun {
	/** @param closedForMs until Adobe may be asked again, 0 where that was not the reason */
	constructor(readonly closedForMs: number) {}
}

export interface ScheduleOptions<T> {
	/** When the work has to begin at the latest, epoch milliseconds. */
	startByEpochMs: number;
	/** Ends the waiting. */
	signal?: AbortSignal;
	/** What the result of the work says about how many requests there may be. */
	judge(result: T): Verdict;
}

/** How often those that wait for a place are looked at. */
const REVIEW_MS = 250;

/**
 * Adaptive limiter: an AIMD window for requests in flight, and after the second 429 a token bucket for
 * their rate. A 429 slows down all requests, not only the one that got it. Where it is found that Adobe
 * has a concurrency limit instead, the window stays below the number that was refused, and waits for
 * nothing.
 */
export class RateLimiter {
	private readonly window: ConcurrencyWindow;
	private readonly bucket = new TokenBucket();
	private isReviewing = false;

	/** @param maxConcurrency how many requests may be in flight at a time, at least 1 */
	constructor(
		maxConcurrency: number,
		private readonly clock: Clock = SYSTEM_CLOCK,
	) {
		this.window = new ConcurrencyWindow(
			maxConcurrency,
			() => clock.now(),
			() => clock.random(),
		);
	}

	/**
	 * Does some work, one request, as soon as it may be done, in the order of the calls.
	 *
	 * @param work gives {@link TOO_LATE} where it has found out by itself that it could not begin in time
	 * @returns what the work gives
	 * @throws what the work throws, or the reason of the signal while it waits
	 */
	async schedule<T>(
		work: () => Promise<T | typeof TOO_LATE>,
		{ startByEpochMs, signal, judge }: ScheduleOptions<T>,
	): Promise<T | NotBegun> {
		const slot = await this.place(startByEpochMs, signal);
		if (slot === undefined) return new NotBegun(this.window.closedForMs());
		let verdict: Verdict = { outcome: 'failed' };
		try {
			const inTime = await this.waitForTurn(startByEpochMs, signal);
			if (inTime) this.window.begin(slot);
			const result = inTime ? await work() : TOO_LATE;
			if (result === TOO_LATE) return new NotBegun(this.window.closedForMs());
			verdict = judge(result);
			return result;
		} finally {
			this.release(slot, verdict);
		}
	}

	private async place(startByEpochMs: number, signal?: AbortSignal): Promise<Slot | undefined> {
		signal?.throwIfAborted();
		const place = this.window.acquire(startByEpochMs, signal);
		if (this.window.waitingCount > 0 && !this.isReviewing) void this.reviewWaiting();
		return await place;
	}

	private async reviewWaiting(): Promise<void> {
		const { clock, window } = this;
		this.isReviewing = true;
		while (window.waitingCount > 0) {
			const waitMs = Math.min(REVIEW_MS, window.reviewByEpochMs - clock.now());
			await clock.sleep(Math.max(1, Math.ceil(waitMs)));
			window.review();
		}
		this.isReviewing = false;
	}

	/** @returns whether the turn came in time */
	private async waitForTurn(startByEpochMs: number, signal?: AbortSignal): Promise<boolean> {
		const { bucket, clock, window } = this;
		let version: number | undefined;
		do {
			version = window.version;
			if (!(await this.waitWhileClosed(startByEpochMs, signal))) return false;
			const waitMs = bucket.take(clock.now());
			if (clock.now() + waitMs >= startByEpochMs) {
				bucket.giveBack();
				return false;
			}
			await clock.sleep(waitMs, signal);
			// Another 429 may have arrived meanwhile: start over.
		} while (window.version !== version);
		return await this.waitWhileClosed(startByEpochMs, signal);
	}

	private async waitWhileClosed(startByEpochMs: number, signal?: AbortSignal): Promise<boolean> {
		for (;;) {
			const waitMs = this.window.closedForMs();
			if (this.clock.now() + waitMs >= startByEpochMs) return false;
			if (waitMs === 0) return true;
			// The window may open before its time.
			await this.clock.sleep(Math.min(REVIEW_MS, Math.ceil(waitMs)), signal);
		}
	}

	private release(slot: Slot, verdict: Verdict): void {
		const lesson = this.window.release(slot, verdict);
		if (verdict.outcome === 'ok') this.bucket.recordSuccess();
		if (lesson === 'throttled' && verdict.outcome === 'throttled') {
			this.bucket.recordThrottling(this.clock.now(), verdict.waitMs);
		}
		if (lesson === 'anew') this.bucket.beginAnew(this.clock.now());
	}
}
