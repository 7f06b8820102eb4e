import type { ItemClient } from '../platform/client';
import { asRecord, asRecords, textOf } from '../platform/json';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';
import type { Reference } from './collection';
import { actionRequest, etagOf, findResources, FLOW_SERVICE, inWordsOf } from './collection';
import { MAX_IDS_PER_FILTER } from './filters/limits';
import type { Run, RunStatus } from './runModel';
import { hasRejections, RUN, STATUS_SPELLINGS } from './runModel';

/** The rows that a run ingests: those whose delta column is later than `start`, up to `end`. */
export interface RunWindow {
	/** Epoch seconds. */
	start: number;
	/** Epoch seconds. */
	end: number;
}

/** What a run is started with. */
export interface NewRun {
	flowId: string;
	window: RunWindow;
	/** The column that marks new rows. */
	deltaColumn: string;
}

/** Which runs to find; what is left out does not matter. */
export interface RunQuery {
	flowIds?: readonly string[];
	status?: RunStatus;
	/** Only those that have rejected records. Adobe's word says so in newer runs alone, so they are told apart here. */
	withRejections?: boolean;
	/** Epoch milliseconds; started then or later. */
	startedFromEpochMs?: number;
	/** Epoch milliseconds; started then or earlier. */
	startedToEpochMs?: number;
}

/** `createdAt` never changes, so that runs in progress do not shift the pages. */
export const OLDEST_FIRST = 'createdAt';
export const NEWEST_FIRST = '-createdAt';

const STARTED = 'metrics.durationSummary.startedAtUTC';

/**
 * The newest runs that fit, or as many as are wanted, page by page. Adobe filters by any member that a
 * run has, and sorts by them (its page "Sorting and filtering responses in the Flow Service API").
 *
 * @param limit how many to find at most; all by default
 */
export async function findRuns(
	client: ItemClient,
	query: RunQuery,
	limit = Infinity,
): Promise<Run[]> {
	const { flowIds, status, withRejections = false, startedFromEpochMs, startedToEpochMs } = query;
	if (flowIds?.length === 0) return [];
	const wantedFlows = flowIds === undefined ? undefined : new Set(flowIds);
	const isTooMany = flowIds !== undefined && flowIds.length > MAX_IDS_PER_FILTER;
	return await findResources(
		client,
		RUN,
		{
			filters: [
				...(flowIds === undefined || isTooMany ? [] : [`flowId==${flowIds.join(',')}`]),
				// Adobe's samples disagree on upper and lower case.
				...(status === undefined
					? []
					: [`metrics.statusSummary.status==${STATUS_SPELLINGS[status].join(',')}`]),
				// Its documents show these two signs alone, so the bounds are moved by a millisecond.
				...(startedFromEpochMs === undefined ? [] : [`${STARTED}>${startedFromEpochMs - 1}`]),
				...(startedToEpochMs === undefined ? [] : [`${STARTED}<${startedToEpochMs + 1}`]),
			],
			orderBy: NEWEST_FIRST,
			fits: (run) =>
				(wantedFlows === undefined || wantedFlows.has(run.flowId ?? '')) &&
				(status === undefined || run.status === status) &&
				(!withRejections || hasRejections(run)),
			fewFit: isTooMany || withRejections,
		},
		limit,
	);
}

/**
 * `POST /runs`: 201. It is not idempotent; `startRunOnce` sends it once, whatever happens.
 *
 * @throws Problem
 */
export async function createRun(client: ItemClient, run: NewRun): Promise<Reference> {
	const { flowId, window, deltaColumn } = run;
	return await start(client, {
		method: 'POST',
		path: [...FLOW_SERVICE, RUN.path],
		body: {
			flowId,
			// Seconds as strings, as in Adobe's samples; its API description has whole numbers.
			params: {
				startTime: String(Math.floor(Date.now() / 1000)),
				windowStartTime: String(window.start),
				windowEndTime: String(window.end),
				deltaColumn: { name: deltaColumn },
			},
		},
		operation: 'Run a dataflow',
		permission: 'Manage Sources',
		subject: `The dataflow '${flowId}'`,
	});
}

/**
 * `POST /runs/{id}/action?op=re-trigger`: 200, the reference of a new run over the same window.
 *
 * @throws Problem
 */
export async function retriggerRun(client: ItemClient, id: string): Promise<Reference> {
	return await start(client, actionRequest(RUN, id, 're-trigger', 'Retry a run'));
}

async function start(client: ItemClient, request: PlatformRequest): Promise<Reference> {
	return await requestValue(client, request, 'the ID of the run', readStarted).catch(
		inWordsOf(RUN),
	);
}

/**
 * Adobe's documents show the new run in three shapes: `{ items: [{ id, etag }] }`, `{ id, etag }`,
 * and the whole run.
 */
function readStarted(body: unknown): Reference | undefined {
	const record = asRecord(body);
	const started = (asRecords(record?.items) ?? [record])[0];
	const id = textOf(started?.id);
	return id === undefined ? undefined : { id, etag: etagOf(started) };
}
