import type { Dataflow } from '../../../adobe/dataflows';
import type { RunStatus } from '../../../adobe/runModel';
import { runStatusOf } from '../../../adobe/runModel';
import { asRecord, textOf, timeOf } from '../../../platform/json';

/** The last run of a dataflow, as the list of dataflows shows it. */
export interface LastRun {
	id?: string;
	/** Absent for a word that is not known. */
	status?: RunStatus;
	/** Adobe's own word. */
	statusWord?: string;
	startedEpochMs?: number;
	completedEpochMs?: number;
}

/** Undefined where Adobe shows none. */
export function lastRunOf({ raw }: Dataflow): LastRun | undefined {
	const details = asRecord(raw.lastRunDetails);
	if (details === undefined) return undefined;
	const statusWord = textOf(details.state);
	return {
		id: textOf(details.id),
		status: statusWord === undefined ? undefined : runStatusOf(statusWord),
		statusWord,
		startedEpochMs: timeOf(details.startedAtUTC),
		completedEpochMs: timeOf(details.completedAtUTC),
	};
}
