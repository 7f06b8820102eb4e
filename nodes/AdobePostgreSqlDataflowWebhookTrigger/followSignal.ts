import { findResource } from '../adobe/collection';
import type { RunSignal } from '../adobe/ioEvents/eventPayload';
import type { Run } from '../adobe/runModel';
import { DATAFLOW } from '../adobe/dataflows';
import { RUN } from '../adobe/runModel';
import type { ItemClient } from '../platform/client';
import type { RunEvent, Stage } from '../outputs/runEvents';
import { BEGUN, ENDED, eventsBetween, NOT_BEGUN, stageOf } from '../outputs/runEvents';
import type { OpenWebhook } from './openWebhook';

/**
 * An event may arrive before Flow Service shows what it tells. It is asked again for half a minute: beyond
 * that, the run belongs to another sandbox, or is caught up later.
 */
const PAUSES_MS = [0, 300, 700, 1_500, 3_000, 6_000, 9_000, 9_000];

/** What Flow Service shows of a run that a signal has named. */
export interface Followed {
	/** None for a run that is not watched. */
	events: RunEvent[];
	/** Whether Flow Service did not show, as long as it was asked, what the signal tells. */
	isMissing: boolean;
}

const NOT_WATCHED: Followed = { events: [], isMissing: false };

/**
 * The events of the run that a signal names, as Flow Service shows it.
 *
 * @throws Problem
 */
export async function followSignal(
	{ client, settings }: OpenWebhook,
	signal: RunSignal,
): Promise<Followed> {
	const { sandboxName, flowId } = signal;
	if (sandboxName !== undefined && sandboxName !== client.sandboxName) return NOT_WATCHED;
	const watched = await settings.dataflow?.id(client);
	if (watched !== undefined && flowId !== undefined && flowId !== watched) return NOT_WATCHED;
	const wantedStage = stageTold(signal);
	let run: Run | undefined;
	for (const pauseMs of PAUSES_MS) {
		if (pauseMs > 0) await client.pause(pauseMs);
		run = (await findResource(client, RUN, signal.runId)) ?? run;
		if (run !== undefined && stageOf(run) >= wantedStage) break;
		// A sample, or a run of another sandbox: neither will ever be shown here.
		const isFirst = pauseMs === 0;
		if (run === undefined && isFirst && !(await hasFlow(client, flowId))) return NOT_WATCHED;
	}
	if (run === undefined) return { events: [], isMissing: true };
	if (watched !== undefined && run.flowId !== watched) return NOT_WATCHED;
	const stage = stageOf(run);
	return { events: eventsBetween(NOT_BEGUN, stage, run), isMissing: stage < wantedStage };
}

async function hasFlow(client: ItemClient, flowId: string | undefined): Promise<boolean> {
	if (flowId === undefined) return true;
	return (await findResource(client, DATAFLOW, flowId)) !== undefined;
}

/** How far a run has come that an event tells of. */
function stageTold({ kind }: RunSignal): Stage {
	if (kind === 'other') return NOT_BEGUN;
	return kind === 'started' ? BEGUN : ENDED;
}
