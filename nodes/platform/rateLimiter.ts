import { Pace } from './tokenBucket';

/** How a request ended, as far as it says how many more there may be. */
export type Verdict = 'good' | 'refused' | 'other';

const AT_FIRST = 32;
const GROWTH_AN_ANSWER = 2;

/** After a refusal: how many more may run a second later, as part of what may run now, and at least. */
const GROWTH_A_SECOND = 0.3;
const LEAST_GROWTH_A_SECOND = 2;

/** A refusal so long after the last one, waiting left out, says that the number was nearly right. */
const NEARLY_RIGHT_AFTER_MS = 700;
const NEARLY_RIGHT = 0.7;

/** Spreads the return of several executions that were refused together. */
const LONGEST_JITTER_MS = 20;

/**
 * Says when the next request may be sent, and how many may be under way at a time.
 *
 * The very first one goes alone, so that the token it fetches serves the others. Then 32 may run,
 * and two more for each good answer, up to the most. When Adobe asks for fewer, the number is halved (or
 * lowered by a third, where it had gone well for a while), once for all that were under way together,
 * nothing is sent for as long as Adobe asks, and from then on it grows by a third a second only. Refused
 * again, requests are also spread over time (see `pace.ts`).
 */
export class Throttle {
	private allowed = 1;
	private opened = false;
	private running = 0;
	private started = 0;
	/** How many had been started when the number was halved last. */
	private halvedAfter?: number;
	private halvedAtEpochMs = 0;
	private grownAtEpochMs = 0;
	private closedUntilEpochMs = 0;
	/** When the last wait but the present one was over. */
	private openedAtEpochMs = 0;
	private readonly waiting: Array<() => void> = [];
	private readonly pace = new Pace();

	/**
	 * @param most how many may be under way at a time, at least 1
	 * @param now the clock, epoch milliseconds
	 */
	constructor(
		private readonly most: number,
		private readonly now: () => number = Date.now,
	) {}

	/** Milliseconds until Adobe is to be asked again, 0 for at once. */
	closedForMs(): number {
		return Math.max(0, this.closedUntilEpochMs - this.now());
	}

	/** Another one after each lowering of the number; turns given before that do not hold any more. */
	get lowered(): number | undefined {
		return this.halvedAfter;
	}

	/** Milliseconds until a request that runs may be sent, 0 for at once; it is counted as sent then. */
	turnInMs(): number {
		return this.pace.next(this.now());
	}

	/** The turn that was given last is not used: another request may have its place. */
	giveTurnBack(): void {
		this.pace.giveBack();
	}

	/**
	 * Adobe has refused a request and says (or is assumed) to want no other for so long.
	 *
	 * @param random a number from 0 to below 1
	 */
	close(durationMs: number, random: number): void {
		const nowEpochMs = this.now();
		if (this.closedUntilEpochMs <= nowEpochMs) this.openedAtEpochMs = this.closedUntilEpochMs;
		const untilEpochMs = nowEpochMs + durationMs + LONGEST_JITTER_MS * random;
		this.closedUntilEpochMs = Math.max(this.closedUntilEpochMs, untilEpochMs);
	}

	/** Runs a task as soon as it may run, in the order they came. */
	async run<T>(task: () => Promise<T>, judge: (result: T) => Verdict): Promise<T> {
		await this.enter();
		const order = ++this.started;
		let verdict: Verdict = 'other';
		try {
			const result = await task();
			verdict = judge(result);
			return result;
		} finally {
			this.running--;
			this.learn(verdict, order);
			while (this.running < this.allowedNow() && this.waiting.length > 0) {
				this.running++;
				this.waiting.shift()?.();
			}
		}
	}

	private async enter(): Promise<void> {
		if (this.waiting.length === 0 && this.running < this.allowedNow()) {
			this.running++;
			return;
		}
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	private allowedNow(): number {
		return Math.max(1, Math.floor(this.allowed));
	}

	private learn(verdict: Verdict, order: number): void {
		const isFirst = !this.opened;
		if (isFirst) {
			this.opened = true;
			this.allowed = Math.min(this.most, AT_FIRST);
		}
		if (verdict === 'refused') this.halve(order);
		if (verdict === 'good') this.pace.took();
		if (verdict === 'good' && !isFirst) this.grow();
	}

	/** Those that were sent before the last halving were refused for the same reason. */
	private halve(order: number): void {
		if (this.halvedAfter !== undefined && order <= this.halvedAfter) return;
		const nowEpochMs = this.now();
		const wentWellMs = nowEpochMs - Math.max(this.halvedAtEpochMs, this.openedAtEpochMs);
		const isFirst = this.halvedAfter === undefined;
		const factor = isFirst || wentWellMs <= NEARLY_RIGHT_AFTER_MS ? 0.5 : NEARLY_RIGHT;
		this.allowed = Math.max(1, this.allowed * factor);
		this.pace.refused(nowEpochMs);
		this.halvedAfter = this.started;
		this.halvedAtEpochMs = nowEpochMs;
		this.grownAtEpochMs = nowEpochMs;
	}

	private grow(): void {
		if (this.halvedAfter === undefined) {
			this.allowed = Math.min(this.most, this.allowed + GROWTH_AN_ANSWER);
			return;
		}
		const nowEpochMs = this.now();
		const sinceMs = nowEpochMs - Math.max(this.grownAtEpochMs, this.closedUntilEpochMs);
		if (sinceMs <= 0) return;
		const aSecond = Math.max(LEAST_GROWTH_A_SECOND, this.allowed * GROWTH_A_SECOND);
		this.allowed = Math.min(this.most, this.allowed + (aSecond * sinceMs) / 1000);
		this.grownAtEpochMs = nowEpochMs;
	}
}
