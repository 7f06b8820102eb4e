import { asRecord, textOf } from '../platform/shape';
import type { Resource, ResourceKind } from './resources';
import type { RunError } from './runErrors';
import { activitiesOf, readRunErrors } from './runErrors';
import type { RunStatus } from './runStatus';
import { runStatusOf, saysPartial } from './runStatus';
import { numberOf, timeOf } from './wireValues';

/** What a run has counted; absent where Adobe does not say, and where it says -1. */
export interface RunCounts {
	inputRecords?: number;
	outputRecords?: number;
	/** Records that did not fit and were left out. */
	failedRecords?: number;
	skippedRecords?: number;
	inputBytes?: number;
	outputBytes?: number;
	inputFiles?: number;
	outputFiles?: number;
}

/** A run of a dataflow as `GET /runs` gives it, with what this package reads of it. */
export interface Run extends Resource {
	flowId?: string;
	/** Absent for a word that this package does not know. */
	status?: RunStatus;
	/** Adobe's own word. */
	statusWord?: string;
	/** Set where Adobe's word says that only a part of it succeeded. */
	partial: boolean;
	/** When Adobe took it down; the first of its times, and it never changes. */
	createdEpochMs?: number;
	updatedEpochMs?: number;
	startedEpochMs?: number;
	completedEpochMs?: number;
	/** Rows whose delta column lies behind this time and up to the next are what it takes. */
	windowStartEpochMs?: number;
	windowEndEpochMs?: number;
	counts: RunCounts;
	errors: RunError[];
}

/** Flow Service's collection of runs. */
export const RUN: ResourceKind<Run> = { path: 'runs', one: 'run', read: readRun };

/**
 * How a run ended; undefined as long as it has not. One that is over by its times, in a state that
 * this package does not know, has at any rate not succeeded.
 */
export function endOf({ status, completedEpochMs }: Run): 'success' | 'failed' | undefined {
	if (status === 'success' || status === 'failed') return status;
	return status === undefined && completedEpochMs !== undefined ? 'failed' : undefined;
}

/** Whether a run that succeeded has left records out. */
export function hasRejections({ partial, counts, errors }: Run): boolean {
	return partial || (counts.failedRecords ?? 0) > 0 || errors.length > 0;
}

function readRun(resource: Resource): Run {
	const { raw } = resource;
	const metrics = asRecord(raw.metrics) ?? {};
	const statusWord = textOf(asRecord(metrics.statusSummary)?.status) ?? textOf(raw.state);
	const durations = asRecord(metrics.durationSummary);
	const window = windowOf(raw);
	return {
		...resource,
		// Adobe's API description spells it with a capital.
		etag: resource.etag ?? textOf(raw.eTag),
		flowId: textOf(raw.flowId),
		status: statusWord === undefined ? undefined : runStatusOf(statusWord),
		statusWord,
		partial: statusWord !== undefined && saysPartial(statusWord),
		createdEpochMs: timeOf(raw.createdAt),
		updatedEpochMs: timeOf(raw.updatedAt),
		startedEpochMs: timeOf(durations?.startedAtUTC),
		completedEpochMs: timeOf(durations?.completedAtUTC),
		windowStartEpochMs: window?.start,
		windowEndEpochMs: window?.end,
		counts: countsOf(metrics),
		errors: readRunErrors(raw),
	};
}

/** The copy activity holds the window, in epoch milliseconds. */
function windowOf(raw: Record<string, unknown>): { start?: number; end?: number } | undefined {
	for (const activity of activitiesOf(raw)) {
		const { windowStart, windowEnd } =
			asRecord(asRecord(activity.durationSummary)?.extensions) ?? {};
		// A window may start at 0, which is before all rows.
		const [start, end] = [timeOf(windowStart) ?? countFrom(windowStart), timeOf(windowEnd)];
		if (start !== undefined || end !== undefined) return { start, end };
	}
	return undefined;
}

function countsOf(metrics: Record<string, unknown>): RunCounts {
	const records = asRecord(metrics.recordSummary);
	const sizes = asRecord(metrics.sizeSummary);
	const files = asRecord(metrics.fileSummary);
	return {
		inputRecords: countFrom(records?.inputRecordCount),
		outputRecords: countFrom(records?.outputRecordCount),
		failedRecords: countFrom(records?.failedRecordCount),
		skippedRecords: countFrom(records?.skippedRecordCount),
		inputBytes: countFrom(sizes?.inputBytes),
		outputBytes: countFrom(sizes?.outputBytes),
		inputFiles: countFrom(files?.inputFileCount),
		outputFiles: countFrom(files?.outputFileCount),
	};
}

/** A count, also one that Adobe writes as a text; -1 says that there is none. */
function countFrom(value: unknown): number | undefined {
	const count = numberOf(value);
	return count !== undefined && count >= 0 ? count : undefined;
}
