/** How a request ended, as far as it says how many more there may be. */
export type Verdict =
	/** `ok`: Adobe has taken the request, whatever it has answered; `failed`: nobody knows. */
	| { outcome: 'ok' | 'failed' }
	/** `waitMs`: how long Adobe asks (or is assumed) to be left alone. */
	| { outcome: 'throttled'; waitMs: number };

/** A place in the window, by its number. */
export type Slot = number;

/** What a 429 is a sign of: requests come too fast, or too many are in flight. */
export type Limited = 'rate' | 'concurrency';

/** Successes that make it a concurrency limit: so many windows' worth, and at least. */
const TRIAL_WINDOWS = 2;
const MIN_TRIAL_SUCCESSES = 5;

/** One refusal among so many successes of the trial may be chance: another execution was faster. */
const SUCCESSES_PER_CHANCE = 8;

/** One more at a time is tried after this long, and after twice as long each time it was refused. */
const FIRST_PROBE_MS = 2_000;
const MAX_PROBE_MS = 30_000;

/** So many refusals, and more than successes, mean that the limit is another one by now. */
const MIN_REFUSALS = 3;

/**
 * Finds out whether Adobe limits how many requests are in flight (a concurrency limit), and how many.
 *
 * After the first 429 nothing begins until all that were in flight have ended: as many as succeeded
 * are as many as there may be. With a concurrency limit, that many may be sent again at once, and none
 * is refused; with a limit on the rate there is room for hardly any. So there is a trial: first one is
 * sent, and one more for each success. A refusal in it says that it is the rate.
 */
export class ConcurrencyLimit {
	private phase: 'unknown' | 'holding' | 'trial' | 'known' | 'rate' = 'unknown';
	/** Those in flight, each with how many there were when it began, itself included. */
	private readonly levels = new Map<Slot, number>();
	/** Of those that were in flight at the first 429, the ones that still are. */
	private readonly generation = new Set<Slot>();
	/** Successes among those that were in flight together. */
	private together = 0;
	/** How many there may be at a time. */
	private limit = 1;
	/** How many of them the trial has come to. */
	private tried = 1;
	private successes = 0;
	private refusals = 0;
	/** One more is being tried than was known to be taken. */
	private isProbing = false;
	private probeMs = FIRST_PROBE_MS;
	private probeAtEpochMs = 0;

	constructor(private readonly maxSize: number) {}

	/** How many may be in flight; undefined where no such limit is known. */
	get size(): number | undefined {
		if (this.phase === 'holding') return 0;
		if (this.phase === 'trial') return Math.min(this.limit, this.tried);
		return this.phase === 'known' ? this.limit : undefined;
	}

	/** Nothing begins until it is known how many of those in flight succeed. */
	get isHolding(): boolean {
		return this.phase === 'holding';
	}

	begin(slot: Slot): void {
		this.levels.set(slot, this.levels.size + 1);
		this.startTrial();
		if (this.phase === 'unknown') this.together = 0;
	}

	/** Adobe need not be left alone any longer: those still in flight were not refused, so they count. */
	startTrial(): void {
		if (this.phase !== 'holding') return;
		this.limit = this.together + this.generation.size;
		this.tried = this.levels.size + 1;
		this.successes = 0;
		this.refusals = 0;
		this.phase = 'trial';
	}

	/** @returns what the 429 is a sign of, where it was one */
	end(slot: Slot, { outcome }: Verdict, nowEpochMs: number): Limited | undefined {
		const level = this.levels.get(slot) ?? 1;
		this.levels.delete(slot);
		const isOfGeneration = this.generation.delete(slot);
		if (outcome === 'throttled') return this.refused(level, isOfGeneration, nowEpochMs);
		if (outcome === 'ok') this.succeeded(level, isOfGeneration, nowEpochMs);
		return undefined;
	}

	/** @returns true where those that were held may begin: all have ended, and some have succeeded */
	endHold(): boolean {
		if (this.phase !== 'holding' || this.generation.size > 0) return false;
		if (this.together === 0) {
			// Nothing was learned. The next 429 may say more.
			this.phase = 'unknown';
			return false;
		}
		this.startTrial();
		return true;
	}

	private succeeded(level: number, isOfGeneration: boolean, nowEpochMs: number): void {
		if (this.phase === 'unknown' || this.phase === 'holding') this.together++;
		if (isOfGeneration) return;
		this.successes++;
		if (this.phase === 'trial') this.trialSucceeded(nowEpochMs);
		else if (this.phase === 'known') this.probe(level, nowEpochMs);
	}

	private trialSucceeded(nowEpochMs: number): void {
		this.tried++;
		if (this.successes < Math.max(MIN_TRIAL_SUCCESSES, TRIAL_WINDOWS * this.limit)) return;
		this.phase = 'known';
		this.isProbing = false;
		this.probeMs = FIRST_PROBE_MS;
		this.probeAtEpochMs = nowEpochMs + this.probeMs;
		this.forget();
	}

	private probe(level: number, nowEpochMs: number): void {
		if (this.successes >= TRIAL_WINDOWS * this.limit) this.forget();
		// Where fewer are in flight than may be, one more would say nothing.
		if (level < this.limit || nowEpochMs < this.probeAtEpochMs) return;
		this.limit = Math.min(this.maxSize, this.limit + 1);
		if (this.isProbing) this.probeMs = Math.max(FIRST_PROBE_MS, this.probeMs / 2);
		this.isProbing = true;
		this.probeAtEpochMs = nowEpochMs + this.probeMs;
	}

	private forget(): void {
		this.successes = 0;
		this.refusals = 0;
	}

	private refused(level: number, isOfGeneration: boolean, nowEpochMs: number): Limited {
		if (this.phase === 'unknown') this.hold();
		if (this.phase === 'holding' || this.phase === 'rate') return 'rate';
		if (this.phase === 'trial' && isOfGeneration) {
			// It was counted as one that succeeds.
			this.limit = Math.max(1, this.limit - 1);
			return 'concurrency';
		}
		this.refusals++;
		// No such limit refuses one that is alone.
		if (level <= 1 || this.isOutnumbered()) {
			if (this.phase === 'trial') this.phase = 'rate';
			else this.hold();
			return 'rate';
		}
		this.lower(level, nowEpochMs);
		return 'concurrency';
	}

	private isOutnumbered(): boolean {
		const { phase, refusals, successes } = this;
		if (phase === 'trial') return refusals * SUCCESSES_PER_CHANCE > successes;
		return refusals >= MIN_REFUSALS && refusals > successes;
	}

	private hold(): void {
		if (this.phase === 'known') this.together = 0;
		for (const slot of this.levels.keys()) this.generation.add(slot);
		this.phase = 'holding';
	}

	/** Stays below the number that was refused. Those that began before it was lowered say nothing new. */
	private lower(level: number, nowEpochMs: number): void {
		if (level > this.limit) return;
		this.limit = Math.max(1, level - 1);
		this.probeMs = Math.min(MAX_PROBE_MS, this.probeMs * 2);
		this.probeAtEpochMs = nowEpochMs + this.probeMs;
		this.isProbing = false;
	}
}
