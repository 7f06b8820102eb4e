import { asRecord } from '../platform/json';

/** A dataflow that is disabled, or was lately. */
export interface KnownState {
	id: string;
	isDisabled: boolean;
	/** When Adobe had changed it last at that time, so that an older view of it is known as such; 0 if not shown. */
	updatedEpochMs: number;
	/** Polls in a row whose list did not have it. */
	missed: number;
}

/** A dataflow of which something is known that Adobe's list of dataflows does not say. */
export interface KnownQuiet {
	id: string;
	/** Time without a run counts from here, or later. */
	fromEpochMs: number;
	/** Whether it was reported that it does not run. */
	isReported: boolean;
	missed: number;
}

/**
 * What the trigger remembers of dataflows from poll to poll, apart from their runs: plain values only. Times
 * are epoch milliseconds by Adobe's clock.
 */
export interface FlowMemory {
	/** When the trigger began to watch. */
	sinceEpochMs: number;
	states: KnownState[];
	quiet: KnownQuiet[];
}

export function isFlowMemory(value: unknown): value is FlowMemory {
	const memory = asRecord(value);
	return (
		memory !== undefined &&
		isNumber(memory.sinceEpochMs) &&
		Array.isArray(memory.states) &&
		memory.states.every(isKnownState) &&
		Array.isArray(memory.quiet) &&
		memory.quiet.every(isKnownQuiet)
	);
}

function isKnownState(value: unknown): value is KnownState {
	const row = asRecord(value);
	return isRow(row) && typeof row.isDisabled === 'boolean' && isNumber(row.updatedEpochMs);
}

function isKnownQuiet(value: unknown): value is KnownQuiet {
	const row = asRecord(value);
	return isRow(row) && typeof row.isReported === 'boolean' && isNumber(row.fromEpochMs);
}

function isRow(row: Record<string, unknown> | undefined): row is Record<string, unknown> {
	return row !== undefined && typeof row.id === 'string' && isNumber(row.missed);
}

function isNumber(value: unknown): boolean {
	return typeof value === 'number' && Number.isFinite(value);
}
