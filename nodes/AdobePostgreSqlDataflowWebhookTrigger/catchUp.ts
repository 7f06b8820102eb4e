import { findResources } from '../adobe/collection';
import type { Run } from '../adobe/runModel';
import { RUN } from '../adobe/runModel';
import { steadyEpochMs } from '../platform/clocks/steadyClock';
import type { ItemClient } from '../platform/client';
import { asIs, isProblem } from '../platform/errors/problem';
import type { RunEvent } from '../outputs/runEvents';
import { eventsBetween, NOT_BEGUN, stageOf } from '../outputs/runEvents';
import type { OpenWebhook } from './openWebhook';
import type { SeenEvents } from './seenEvents';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What has just happened is delivered still. */
const ON_ITS_WAY_MS = 2 * MINUTE_MS;

/** For runs that lists show late. */
const OVERLAP_MS = 5 * MINUTE_MS;

/** Runs of so long are listed at a time, so that a long absence is caught up step by step. */
const STEP_MS = 3 * HOUR_MS;

/** Nothing older is caught up: Adobe's own journal reaches as far. */
const MAX_ABSENCE_MS = 7 * 24 * HOUR_MS;

/** No step begins later; the next delivery goes on. */
const MAX_MS = 20_000;

/** How long before its end a run may have started, where Adobe lists by the start alone. */
const MAX_RUN_MS = 24 * HOUR_MS;

const DURATION = 'metrics.durationSummary';

/**
 * Lists the runs that have started or ended since the last time, and takes the events that no delivery has
 * brought: while the registration was switched off, n8n was away, or an event got lost.
 *
 * @param take is given every event; those that are known are none of its business
 * @throws Problem; what was listed before it is done
 */
export async function catchUp(
	{ client, settings }: OpenWebhook,
	seen: SeenEvents,
	nowEpochMs: number,
	take: (event: RunEvent) => void,
): Promise<void> {
	const flowId = await settings.dataflow?.id(client);
	const toEpochMs = nowEpochMs - ON_ITS_WAY_MS;
	const stopEpochMs = steadyEpochMs() + MAX_MS;
	const fields = settings.triggerOn.includes('started')
		? (['completedAtUTC', 'startedAtUTC'] as const)
		: (['completedAtUTC'] as const);
	let at = Math.max(seen.caughtUp, nowEpochMs - MAX_ABSENCE_MS);
	while (at < toEpochMs && steadyEpochMs() < stopEpochMs) {
		const until = Math.min(at + STEP_MS, toEpochMs);
		for (const field of fields) {
			for (const run of await runsBetween(client, field, at - OVERLAP_MS, until, flowId)) {
				for (const event of eventsBetween(NOT_BEGUN, stageOf(run), run)) {
					if (event.atEpochMs >= seen.sinceEpochMs && event.atEpochMs <= until) take(event);
				}
			}
		}
		at = until;
		seen.caughtUp = at;
	}
	seen.isBehind = at < toEpochMs;
}

/** The runs with a time between two, in epoch milliseconds. */
async function runsBetween(
	client: ItemClient,
	field: 'startedAtUTC' | 'completedAtUTC',
	fromEpochMs: number,
	untilEpochMs: number,
	flowId: string | undefined,
): Promise<Run[]> {
	const filters = (name: string, from: number) => [
		...(flowId === undefined ? [] : [`flowId==${flowId}`]),
		`${DURATION}.${name}>${from - 1}`,
		`${DURATION}.${name}<${untilEpochMs + 1}`,
	];
	try {
		return await findResources(client, RUN, { filters: filters(field, fromEpochMs) });
	} catch (error) {
		// Adobe documents the start alone as something to filter by.
		if (field === 'startedAtUTC' || !isProblem(error, 'rejected')) throw asIs(error);
		return await findResources(client, RUN, {
			filters: filters('startedAtUTC', fromEpochMs - MAX_RUN_MS),
			fits: ({ completedEpochMs = 0 }) => completedEpochMs >= fromEpochMs,
			fewFit: true,
		});
	}
}
