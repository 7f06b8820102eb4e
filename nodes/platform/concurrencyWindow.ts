/** How a request ended, as far as it says how many more there may be. */
export type Verdict =
	| { outcome: 'ok' | 'failed' }
	/** `waitMs`: how long Adobe asks (or is assumed) to be left alone. */
	| { outcome: 'throttled'; waitMs: number };

/** A place in the window, by its number. */
export type Slot = number;

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

/**
 * How many requests may be in flight: an AIMD window (additive increase, multiplicative decrease).
 *
 * The very first request goes alone, so that the token it fetches serves the others. Then 32 may be in
 * flight, and two more for each success, up to the maximum. A 429 halves the window (or shrinks it by
 * 30 %), once for all that were in flight together, and closes it for as long as Adobe asks; from then
 * on it grows by a third per second only.
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
	private readonly waiting: Array<() => void> = [];

	/**
	 * @param maxSize at least 1
	 * @param now the clock, epoch milliseconds
	 * @param random from 0 to below 1
	 */
	constructor(
		private readonly maxSize: number,
		private readonly now: () => number,
		private readonly random: () => number,
	) {}

	/** Changes with every decrease; turns granted before are void. */
	get version(): number | undefined {
		return this.decreasedAfter;
	}

	/** Milliseconds until Adobe may be asked again, 0 for at once. */
	closedForMs(): number {
		return Math.max(0, this.closedUntilEpochMs - this.now());
	}

	/** Waits for a place, in the order of the calls. It must be given back with {@link release}. */
	async acquire(): Promise<Slot> {
		if (this.waiting.length === 0 && this.hasRoom()) this.inFlight++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		return ++this.started;
	}

	/** Gives a place back and learns from how its request ended. */
	release(slot: Slot, verdict: Verdict): void {
		this.inFlight--;
		const isFirst = !this.isOpened;
		if (isFirst) this.open();
		if (verdict.outcome === 'throttled') {
			this.closeFor(verdict.waitMs);
			this.decrease(slot);
		}
		if (verdict.outcome === 'ok' && !isFirst) this.increase();
		while (this.hasRoom() && this.waiting.length > 0) {
			this.inFlight++;
			this.waiting.shift()?.();
		}
	}

	private hasRoom(): boolean {
		return this.inFlight < Math.max(1, Math.floor(this.size));
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

	private decrease(slot: Slot): void {
		// Those that were sent before the last decrease were throttled for the same reason.
		if (this.decreasedAfter !== undefined && slot <= this.decreasedAfter) return;
		const nowEpochMs = this.now();
		const wentWellMs = nowEpochMs - Math.max(this.decreasedAtEpochMs, this.reopenedAtEpochMs);
		const isFirst = this.decreasedAfter === undefined;
		const isNearlyRight = !isFirst && wentWellMs > NEARLY_RIGHT_AFTER_MS;
		this.size = Math.max(1, this.size * (isNearlyRight ? NEARLY_RIGHT_FACTOR : FACTOR));
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
