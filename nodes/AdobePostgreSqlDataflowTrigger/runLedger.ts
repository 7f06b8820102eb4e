import type { Run } from '../adobe/runModel';
import type { RunEvent, Stage } from '../outputs/runEvents';
import { createdOf, ENDED, eventsBetween, NOT_BEGUN, stageOf } from '../outputs/runEvents';
import type { KnownRun } from './watchState';

interface Entry {
	createdEpochMs: number;
	stage: Stage;
}

/** Knows how far each run had come when it was seen last, and so what is new about it. */
export class RunLedger {
	private readonly entries: Map<string, Entry>;

	/** @param kept runs that are not forgotten when they are over: an event that told of them is still open */
	constructor(
		known: readonly KnownRun[],
		private readonly kept: ReadonlySet<string> = new Set(),
	) {
		this.entries = new Map(
			known.map(([id, createdEpochMs, stage]) => [id, { createdEpochMs, stage }]),
		);
	}

	/**
	 * Records a run as it is now and returns what has happened to it since it was last seen.
	 *
	 * @param listFromEpochMs unknown runs created before this were forgotten, so they are skipped
	 */
	see(run: Run, listFromEpochMs: number): RunEvent[] {
		const known = this.entries.get(run.id);
		const createdEpochMs = known?.createdEpochMs ?? createdOf(run);
		if (createdEpochMs === undefined) return [];
		if (known === undefined && createdEpochMs < listFromEpochMs) return [];
		const before = known?.stage ?? NOT_BEGUN;
		// A run never goes back: one that shows an older state comes from a server that lags behind.
		const now = Math.max(before, stageOf(run)) as Stage;
		this.entries.set(run.id, { createdEpochMs, stage: now });
		return eventsBetween(before, now, run);
	}

	/** The runs that have not ended, least recently checked first. */
	inFlight(): string[] {
		return [...this.entries].flatMap(([id, { stage }]) => (stage === ENDED ? [] : [id]));
	}

	/** Puts a run last in {@link inFlight}. */
	moveBack(id: string): void {
		const entry = this.entries.get(id);
		if (entry === undefined) return;
		this.entries.delete(id);
		this.entries.set(id, entry);
	}

	/**
	 * @param listFromEpochMs runs that were created before and have ended are forgotten
	 * @param lostEpochMs runs that were created before are forgotten, ended or not
	 */
	forget(listFromEpochMs: number, lostEpochMs = -Infinity): void {
		for (const [id, { createdEpochMs, stage }] of this.entries) {
			const isOver = stage === ENDED && createdEpochMs < listFromEpochMs && !this.kept.has(id);
			if (isOver || createdEpochMs < lostEpochMs) this.entries.delete(id);
		}
	}

	rows(): KnownRun[] {
		return [...this.entries].map(([id, { createdEpochMs, stage }]) => [id, createdEpochMs, stage]);
	}
}
