import type { INodeExecutionData } from 'n8n-workflow';

import type { Run } from '../adobe/runModel';
import { endOf, hasRejections } from '../adobe/runModel';
import type { Place } from '../adobe/webLinks';
import type { RunEventName } from '../operation/runEventParameters';
import { RUN_EVENTS } from '../operation/runEventParameters';
import { runDetails } from './run';

/** One thing that happened to one run. */
export interface RunEvent {
	/** `<run ID>:<event>`: the same for the same event, whenever and however often it is seen. */
	eventId: string;
	event: RunEventName;
	/** When it happened, by Adobe's clock, as far as the run shows. */
	atEpochMs: number;
	/** As it was when the event was seen. */
	run: Run;
}

/** How far a run has come: 0 not begun, 1 begun, 2 ended. */
export type Stage = 0 | 1 | 2;

export const NOT_BEGUN = 0;
export const BEGUN = 1;
export const ENDED = 2;

/** A run in a state that this package does not know has begun when it has a time of its start. */
export function stageOf(run: Run): Stage {
	if (endOf(run) !== undefined) return ENDED;
	if (run.status === 'scheduled') return NOT_BEGUN;
	return run.status === 'inProgress' || run.startedEpochMs !== undefined ? BEGUN : NOT_BEGUN;
}

/**
 * The events between two stages of a run. One that is seen for the first time when it has ended
 * already has started as well: short runs come and go between two polls.
 */
export function eventsBetween(before: Stage, now: Stage, run: Run): RunEvent[] {
	const events: RunEvent[] = [];
	if (before < BEGUN && now >= BEGUN) events.push(eventOf(run, 'started', startOf(run)));
	if (before < ENDED && now === ENDED) events.push(eventOf(run, nameOfEnd(run), timeOfEnd(run)));
	return events;
}

/** Sorts by time; what happened at the same time by run, and then in the order of its life. */
export function inOrder(events: readonly RunEvent[]): RunEvent[] {
	return [...events].sort(
		(a, b) =>
			a.atEpochMs - b.atEpochMs ||
			compare(a.run.id, b.run.id) ||
			RUN_EVENTS.indexOf(a.event) - RUN_EVENTS.indexOf(b.event),
	);
}

/** When Adobe took a run down; by the next best time where that is missing. */
export function createdOf(run: Run): number | undefined {
	return run.createdEpochMs ?? run.startedEpochMs ?? run.updatedEpochMs;
}

export function compare(a: string, b: string): number {
	if (a === b) return 0;
	return a < b ? -1 : 1;
}

function eventOf(run: Run, event: RunEventName, atEpochMs: number): RunEvent {
	return { eventId: `${run.id}:${event}`, event, atEpochMs, run };
}

function nameOfEnd(run: Run): RunEventName {
	if (endOf(run) === 'failed') return 'failed';
	return hasRejections(run) ? 'rejectedRecords' : 'succeeded';
}

function startOf(run: Run): number {
	return run.startedEpochMs ?? createdOf(run) ?? 0;
}

function timeOfEnd(run: Run): number {
	return run.completedEpochMs ?? run.updatedEpochMs ?? startOf(run);
}

/** An event as the trigger outputs it: the run as it was then, and what happened to it. */
export function eventItem(
	place: Place,
	{ eventId, event, run }: RunEvent,
	flowName: string | undefined,
	simplify: boolean,
): INodeExecutionData {
	return { json: runDetails(place, run, { event, flowName, ids: { eventId } }, simplify) };
}
