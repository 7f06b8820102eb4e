import type { INodeExecutionData } from 'n8n-workflow';

import type { Ends } from '../adobe/dataflowEnds';
import type { Dataflow, LastRun } from '../adobe/dataflows';
import type { Place } from '../adobe/webLinks';
import { isoDate } from '../operation/time';
import { textOf } from '../platform/json';
import { dataflowDetails } from '../outputs/dataflow';
import { rewrite } from '../outputs/common';
import { minuteInWords } from '../outputs/schedule';

/** What can happen to a dataflow itself. */
export const FLOW_EVENTS = ['dataflowDisabled', 'noRunSince'] as const;

export type FlowEventName = (typeof FLOW_EVENTS)[number];

/** One thing that happened to one dataflow. */
export interface FlowEvent {
	/** `<dataflow ID>:<event>:<what tells it from the same event before>` */
	eventId: string;
	event: FlowEventName;
	/** When it happened, by Adobe's clock, as far as Adobe shows. */
	atEpochMs: number;
	/** Since when it has been so; for one without a run, since its last one, or since one was to be expected. */
	sinceEpochMs: number;
	/** As it was when the event was seen. */
	flow: Dataflow;
	/** Its last run, where it has one. */
	lastRun?: LastRun;
}

const HOUR_MS = 60 * 60_000;

/** An event as the trigger outputs it: the dataflow as other nodes return it, and what happened to it. */
export function flowEventItem(
	place: Place,
	{ eventId, event, sinceEpochMs, atEpochMs, flow, lastRun }: FlowEvent,
	{ table, datasetId }: Ends,
	simplify: boolean,
): INodeExecutionData {
	const about = { table, datasetId, ids: { eventId } };
	const { name, ...details } = dataflowDetails(place, flow, about, simplify);
	const isDisabled = event === 'dataflowDisabled';
	const json = {};
	rewrite(json, {
		summary: isDisabled ? disabledInWords(atEpochMs, lastRun) : quietInWords(sinceEpochMs, lastRun),
		event,
		flowName: name,
		since: isoDate(sinceEpochMs) ?? undefined,
		hoursWithoutRun: isDisabled ? undefined : hoursIn(atEpochMs - sinceEpochMs),
		advice: isDisabled ? adviceForDisabled(lastRun) : ADVICE_FOR_QUIET,
		changedBy: isDisabled ? textOf(flow.raw.updatedBy) : undefined,
		...details,
	});
	return { json };
}

function disabledInWords(atEpochMs: number, lastRun: LastRun | undefined): string {
	return `The dataflow was disabled at ${minuteInWords(atEpochMs)} and does not run. ${lastRunInWords(lastRun)}`;
}

function quietInWords(sinceEpochMs: number, lastRun: LastRun | undefined): string {
	const since = minuteInWords(sinceEpochMs);
	if (lastRun === undefined) return `The dataflow has never run; one was due since ${since}`;
	return `The dataflow has not run since ${since}. ${lastRunInWords(lastRun)}`;
}

function lastRunInWords(lastRun: LastRun | undefined): string {
	if (lastRun === undefined) return 'It had never run.';
	const at = minuteInWords(lastRun.startedEpochMs ?? lastRun.completedEpochMs);
	switch (lastRun.status) {
		case 'failed':
			return `Its last run failed (started at ${at}).`;
		case 'success':
			return `Its last run succeeded (started at ${at}).`;
		default:
			return `Its last run started at ${at}.`;
	}
}

const ADVICE_FOR_QUIET =
	'Open the dataflow in Experience Platform. Check its schedule, and with Connection: Test that Adobe can still log in.';

function adviceForDisabled(lastRun: LastRun | undefined): string {
	return lastRun?.status === 'failed'
		? 'Adobe disables dataflows whose runs fail for 30 days in a row. Find the cause with Run: Get, then use Dataflow: Enable.'
		: 'If nobody should have disabled it, use Dataflow: Enable.';
}

function hoursIn(durationMs: number): number {
	return Math.floor(durationMs / HOUR_MS);
}
