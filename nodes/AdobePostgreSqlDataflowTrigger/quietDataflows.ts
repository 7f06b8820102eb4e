import type { Dataflow, LastRun } from '../adobe/dataflows';
import { isOnDemand } from '../adobe/dataflows';
import type { Run } from '../adobe/runModel';
import { timeOf } from '../platform/json';

/**
 * Whether a run of a dataflow is to be expected. Nobody knows when one that is scheduled once, or runs on
 * demand, runs again; but who watches just that one says that it should.
 */
export function isRunExpected({ state, schedule }: Dataflow, isOnlyOne: boolean): boolean {
	if (state !== 'enabled') return false;
	if (isOnlyOne) return true;
	return schedule?.frequency !== undefined && schedule.frequency !== 'once';
}

/**
 * When a run was last to be seen: while it is in progress, now.
 *
 * @returns 0 where Adobe shows no run, or no times
 */
export function lastSignOf(run: LastRun | undefined, nowEpochMs: number): number {
	if (run === undefined) return 0;
	if (run.status === 'inProgress') return nowEpochMs;
	return Math.max(run.startedEpochMs ?? 0, run.completedEpochMs ?? 0);
}

/** From when on a dataflow could run at all; 0 where Adobe does not show it. */
export function couldRunFrom({ raw, schedule }: Dataflow): number {
	const start = schedule === undefined || isOnDemand(schedule) ? undefined : schedule.startTime;
	return Math.max(timeOf(raw.createdAt) ?? 0, start === undefined ? 0 : Date.parse(start));
}

/** A run out of the list of runs, as the list of dataflows would show it. */
export function asLastRun(run: Run): LastRun {
	const { id, status, statusWord, startedEpochMs, createdEpochMs, completedEpochMs } = run;
	return {
		id,
		status,
		statusWord,
		startedEpochMs: startedEpochMs ?? createdEpochMs,
		completedEpochMs,
	};
}
