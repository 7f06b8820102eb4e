import type { Run } from '../adobe/runModel';
import type { RunEvent, Stage } from './events';
import { createdOf, ENDED, eventsBetween, NOT_BEGUN, stageOf } from './events';
import type { KnownRun } from './watchState';

interface Entry {
	createdEpochMs: number;
	stage: Stage;
}

/** Knows how far each run had come when it was seen last, and so what is new about it. */
export class RunLedger {
	private readonly entries: Map<string, Entry>;

	constructor(known: readonly KnownRun[]) {
		this.entries = new Map(
			known.map(([id, createdEpochMs, stage]) => [id, { createdEpochMs, stage }]),
		);
	}

	/**
	 * Takes a run down as it is now and gives what has happened to it since it was seen last.
	 *
	 * @param floorEpochMs runs that were created before and are not known have been forgotten: they
	 *   are passed over
	 */
	see(run: Run, floorEpochMs: number): RunEvent[] {
		const known = this.entries.get(run.id);
		const createdEpochMs = known?.createdEpochMs ?? createdOf(run);
		if (createdEpochMs === undefined) return [];
		if (known === undefined && createdEpochMs < floorEpochMs) return [];
		const before = known?.stage ?? NOT_BEGUN;
		// A run never goes back: one that shows an older state comes from a server that lags behind.
		const now = Math.max(before, stageOf(run)) as Stage;
		this.entries.set(run.id, { createdEpochMs, stage: now });
		return eventsBetween(before, now, run);
	}

	/** The runs that have not ended, those first that were looked at the longest time ago. */
	underWay(): string[] {
		return [...this.entries].flatMap(([id, { stage }]) => (stage === ENDED ? [] : [id]));
	}

	/** Puts a run behind all others in {@link underWay}. */
	moveBack(id: string): void {
		const entry = this.entries.get(id);
		if (entry === undefined) return;
		this.entries.delete(id);
		this.entries.set(id, entry);
	}

	/**
	 * @param floorEpochMs runs that were created before and have ended are forgotten
	 * @param lostEpochMs runs that were created before are forgotten, ended or not
	 */
	forget(floorEpochMs: number, lostEpochMs = -Infinity): void {
		for (const [id, { createdEpochMs, stage }] of this.entries) {
			const isOver = stage === ENDED && createdEpochMs < floorEpochMs;
			if (isOver || createdEpochMs < lostEpochMs) this.entries.delete(id);
		}
	}

	rows(): KnownRun[] {
		return [...this.entries].map(([id, { createdEpochMs, stage }]) => [id, createdEpochMs, stage]);
	}
}
