import { asRecord, textOf } from '../platform/shape';
import { numberOf, truthOf } from './wireValues';

/** When a dataflow runs, as this package puts it out. */
export interface FlowSchedule {
	/** once, minute, hour, day or week. */
	frequency?: string;
	/** So many of the frequency's units lie between two runs. */
	interval?: number;
	/** ISO, UTC. */
	startTime?: string;
	/** Whether the first run takes the rows that are there already. */
	backfill?: boolean;
}

// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/**
 * `scheduleParams` of a flow: epoch seconds, numbers as numbers or as texts, truth as truth or as
 * text (Adobe's samples and its API description disagree).
 */
export function readSchedule(scheduleParams: unknown): FlowSchedule | undefined {
	const params = asRecord(scheduleParams);
	if (params === undefined) return undefined;
	const startEpochMs = (numberOf(params.startTime) ?? Number.NaN) * 1000;
	return {
		frequency: textOf(params.frequency),
		interval: numberOf(params.interval),
		startTime:
			Math.abs(startEpochMs) <= LAST_DATE_MS ? new Date(startEpochMs).toISOString() : undefined,
		backfill: truthOf(params.backfill),
	};
}
