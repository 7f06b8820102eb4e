import type { Slot, Verdict } from './concurrencyLimit';
import { ConcurrencyLimit } from './concurrencyLimit';

const INITIAL_WINDOW = 32;
const GROWTH_PER_ANSWER = 2;

/** Growth after a 429, as a share of the window per second, and at least. */
const GROWTH_SHARE_PER_SECOND = 0.3;
const MIN_GROWTH_PER_SECOND = 2;

/**
 * A 429 that comes at least this long after the previous one (waiting excluded) means that the window
 * was nearly right: shrink by 30 % instead of half.
 */
const NEARLY_RIGHT_AFTER_MS = 700;
const NEARLY_RIGHT_FACTOR = 0.7;
const FACTOR = 0.5;

/** Spreads the return of several executions that were throttled together. */
const MAX_JITTER_MS = 20;

/** What the token bucket has to know: a 429 of a rate, or that what it has counted is no rate. */
export type Lesson = 'throttled' | 'anew';

interface Waiter {
	startByEpochMs: number;
	signal?: AbortSignal;
	resolve(slot: Slot | undefined): void;
	reject(reason: unknown): void;
}

/**
 * How many requests may be in flight: an AIMD window (additive increase, multiplicative decrease).
 *
 * The very first request goes alone, so that the token it fetches serves the others. Then 32 may be in
 * flight, and two more for each success, up to the maximum. A 429 halves the window (or shrinks it by
 * 30 %), once for all that were in flight together, and closes it for as long as Adobe asks; from then
 * on it grows by a third per second only.
 *
 * Where Adobe has a concurrency limit (see `concurrencyLimit.ts`), that is how many may be in flight, and
 * a 429 closes nothing.
 */
export class ConcurrencyWindow {
	private size = 1;
	private isOpened = false;
	private inFlight = 0;
	private started = 0;
	/** How many had been started at the last decrease. */
	private decreasedAfter?: number;
	private decreasedAtEpochMs = 0;
	private increasedAtEpochMs = 0;
	private closedUntilEpochMs = 0;
	/** When the last wait but the present one was over. */
	private reopenedAtEpochMs = 0;
	private readonly waiting: Waiter[] = [];
	private readonly limit: ConcurrencyLimit;

	/**
	 * @param maxSize at least 1
	 * @param now the clock, epoch milliseconds
	 * @param random from 0 to below 1
	 */
	constructor(
		private readonly maxSize: number,
		private readonly now: () => number,
		private readonly random: () => number,
	) {
		this.limit = new ConcurrencyLimit(maxSize);
	}

	/** How many wait for a place. */
	get waitingCount(): number {
		return this.waiting.length;
	}

	/** Changes with every decrease; turns granted before are void. */
	get version(): number | undefined {
		return this.decreasedAfter;
	}

	/** Milliseconds until Adobe may be asked again, 0 for at once. */
	closedForMs(): number {
		return Math.max(0, this.closedUntilEpochMs - this.now());
	}

	/**
	 * Waits for a place, in the order of the calls. It must be given back with {@link release}.
	 *
	 * @param startByEpochMs when it is too late
	 * @returns undefined where it was too late (see {@link review})
	 * @throws the reason of the signal
	 */
	async acquire(startByEpochMs = Infinity, signal?: AbortSignal): Promise<Slot | undefined> {
		if (this.waiting.length === 0 && this.hasRoom()) return this.take();
		return await new Promise<Slot | undefined>((resolve, reject) =>
			this.waiting.push({ startByEpochMs, signal, resolve, reject }),
		);
	}

	/** The request that has this place is sent now. */
	begin(slot: Slot): void {
		this.limit.begin(slot);
	}

	/** Gives a place back and learns from how its request ended. */
	release(slot: Slot, verdict: Verdict): Lesson | undefined {
		this.inFlight--;
		const isFirst = !this.isOpened;
		if (isFirst) this.open();
		const lesson = this.learn(slot, verdict);
		if (verdict.outcome === 'ok' && !isFirst && this.limit.size === undefined) this.increase();
		if (this.limit.endHold()) this.reopen();
		this.grant();
		return lesson;
	}

	/** Lets go who has waited too long or was cancelled; to be called now and then while some wait. */
	review(): void {
		if (this.limit.isHolding && this.closedForMs() === 0) this.limit.startTrial();
		const nowEpochMs = this.now();
		for (const waiter of this.waiting.splice(0)) {
			if (waiter.signal?.aborted === true) waiter.reject(waiter.signal.reason);
			else if (nowEpochMs >= waiter.startByEpochMs) waiter.resolve(undefined);
			else this.waiting.push(waiter);
		}
		this.grant();
	}

	/** When {@link review} has something to do at the latest, epoch milliseconds. */
	get reviewByEpochMs(): number {
		const reopens = this.limit.isHolding ? this.closedUntilEpochMs : Infinity;
		return this.waiting.reduce((by, one) => Math.min(by, one.startByEpochMs), reopens);
	}

	private take(): Slot {
		this.inFlight++;
		return ++this.started;
	}

	private grant(): void {
		while (this.waiting.length > 0 && this.hasRoom()) this.waiting.shift()?.resolve(this.take());
	}

	private learn(slot: Slot, verdict: Verdict): Lesson | undefined {
		const { size } = this.limit;
		const limited = this.limit.end(slot, verdict, this.now());
		if (verdict.outcome !== 'throttled' || limited !== 'rate') return undefined;
		this.closeFor(verdict.waitMs);
		if (size !== undefined && size > 0) {
			// What has been taken since the window was held says nothing about the rate, or not yet.
			this.mark();
			return this.limit.isHolding ? 'anew' : undefined;
		}
		return this.decrease(slot) ? 'throttled' : undefined;
	}

	private hasRoom(): boolean {
		return this.inFlight < (this.limit.size ?? Math.max(1, Math.floor(this.size)));
	}

	private open(): void {
		this.isOpened = true;
		this.size = Math.min(this.maxSize, INITIAL_WINDOW);
	}

	private closeFor(waitMs: number): void {
		const nowEpochMs = this.now();
		if (this.closedUntilEpochMs <= nowEpochMs) this.reopenedAtEpochMs = this.closedUntilEpochMs;
		const untilEpochMs = nowEpochMs + waitMs + MAX_JITTER_MS * this.random();
		this.closedUntilEpochMs = Math.max(this.closedUntilEpochMs, untilEpochMs);
	}

	private reopen(): void {
		this.closedUntilEpochMs = Math.min(this.closedUntilEpochMs, this.now());
	}

	/** @returns whether it was one */
	private decrease(slot: Slot): boolean {
		// Those that were sent before the last decrease were throttled for the same reason.
		if (this.decreasedAfter !== undefined && slot <= this.decreasedAfter) return false;
		const nowEpochMs = this.now();
		const wentWellMs = nowEpochMs - Math.max(this.decreasedAtEpochMs, this.reopenedAtEpochMs);
		const isFirst = this.decreasedAfter === undefined;
		const isNearlyRight = !isFirst && wentWellMs > NEARLY_RIGHT_AFTER_MS;
		this.size = Math.max(1, this.size * (isNearlyRight ? NEARLY_RIGHT_FACTOR : FACTOR));
		this.mark();
		return true;
	}

	private mark(): void {
		const nowEpochMs = this.now();
		this.decreasedAfter = this.started;
		this.decreasedAtEpochMs = nowEpochMs;
		this.increasedAtEpochMs = nowEpochMs;
	}

	private increase(): void {
		if (this.decreasedAfter === undefined) {
			this.size = Math.min(this.maxSize, this.size + GROWTH_PER_ANSWER);
			return;
		}
		const nowEpochMs = this.now();
		const sinceMs = nowEpochMs - Math.max(this.increasedAtEpochMs, this.closedUntilEpochMs);
		if (sinceMs <= 0) return;
		const perSecond = Math.max(MIN_GROWTH_PER_SECOND, this.size * GROWTH_SHARE_PER_SECOND);
		this.size = Math.min(this.maxSize, this.size + (perSecond * sinceMs) / 1000);
		this.increasedAtEpochMs = nowEpochMs;
	}
}
