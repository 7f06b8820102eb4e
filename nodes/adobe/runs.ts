import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/errors/explain';
import { asRecord, textOf } from '../platform/json';
import { collectPages } from '../platform/pages';
import type { PlatformRequest } from '../platform/request';
import type { ListOptions, Reference, ResourcePage } from './collection';
import { FLOW_SERVICE, getResource, listResources } from './collection';
import { explainRunRefusal } from './refusals';
import type { Run, RunStatus } from './runModel';
import { RUN, STATUS_SPELLINGS } from './runModel';

/** The rows that a run is to take: those whose delta column lies behind `start`, up to `end`. */
export interface RunWindow {
	/** Epoch seconds. */
	start: number;
	/** Epoch seconds. */
	end: number;
}

/** What a run is made from. */
export interface NewRun {
	flowId: string;
	window: RunWindow;
	/** The column that marks new rows. */
	deltaColumn: string;
}

/** What runs are looked for; what is left out does not matter. */
export interface RunQuery {
	flowIds?: readonly string[];
	status?: RunStatus;
	/** Epoch milliseconds; started then or later. */
	startedFromEpochMs?: number;
	/** Epoch milliseconds; started then or earlier. */
	startedToEpochMs?: number;
}

// Adobe documents no greatest page; a hundred are known to work.
export const RUNS_A_PAGE = 100;

/** So many IDs fit in one filter without making the address longer than a gateway takes. */
export const MOST_IDS_IN_A_FILTER = 50;

/** `createdAt` never changes, so that a page is not shifted by runs that go on meanwhile. */
export const OLDEST_FIRST = 'createdAt';
export const NEWEST_FIRST = '-createdAt';

const STARTED = 'metrics.durationSummary.startedAtUTC';

/** `GET /runs/{id}`: 200 `{ items: [run] }`. */
export async function getRun(client: ItemClient, id: string): Promise<Run> {
	return await getResource(client, RUN, id);
}

/**
 * `GET /runs`, one page. Adobe filters by any member that a run has, and sorts by them (its page
 * "Sorting and filtering responses in the Flow Service API").
 */
export async function listRuns(
	client: ItemClient,
	options: ListOptions,
): Promise<ResourcePage<Run>> {
	return await listResources(client, RUN, options);
}

/**
 * The newest runs that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at the most; all by default
 */
export async function findRuns(
	client: ItemClient,
	query: RunQuery,
	limit = Infinity,
): Promise<Run[]> {
	const { flowIds, status } = query;
	if (flowIds?.length === 0) return [];
	const wantedFlows = flowIds === undefined ? undefined : new Set(flowIds);
	const isTooMany = flowIds !== undefined && flowIds.length > MOST_IDS_IN_A_FILTER;
	const filters = [
		...(flowIds === undefined || isTooMany ? [] : [`flowId==${flowIds.join(',')}`]),
		// Adobe's samples disagree on upper and lower case.
		...(status === undefined
			? []
			: [`metrics.statusSummary.status==${STATUS_SPELLINGS[status].join(',')}`]),
		// Its documents show these two signs alone, so the bounds are moved by a millisecond.
		...(query.startedFromEpochMs === undefined
			? []
			: [`${STARTED}>${query.startedFromEpochMs - 1}`]),
		...(query.startedToEpochMs === undefined ? [] : [`${STARTED}<${query.startedToEpochMs + 1}`]),
	];
	const fits = (run: Run) =>
		(wantedFlows === undefined || wantedFlows.has(run.flowId ?? '')) &&
		(status === undefined || run.status === status);
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listRuns(client, {
			filters,
			orderBy: NEWEST_FIRST,
			limit: isTooMany ? RUNS_A_PAGE : Math.min(RUNS_A_PAGE, wanted),
			continuationToken,
		});
		return { ...page, items: page.items.filter(fits) };
	}, limit);
}

/**
 * `POST /runs`: 201. It is not idempotent; `RunStarts` sends it once, whatever happens.
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
			// Seconds as texts, as in Adobe's samples; its API description has whole numbers.
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
	return await start(client, {
		method: 'POST',
		path: [...FLOW_SERVICE, RUN.path, id, 'action'],
		query: [['op', 're-trigger']],
		operation: 'Retry a run',
		permission: 'Manage Sources',
		subject: `The run '${id}'`,
	});
}

/**
 * Adobe's documents show the new run in three shapes: `{ items: [{ id, etag }] }`, `{ id, etag }`,
 * and the whole run.
 */
async function start(client: ItemClient, request: PlatformRequest): Promise<Reference> {
	const answer = await client.request(request).catch((error: unknown) => {
		throw explainRunRefusal(error);
	});
	const body = asRecord(answer.body);
	const made = Array.isArray(body?.items) ? asRecord(body.items[0]) : body;
	const id = textOf(made?.id);
	if (id === undefined) throw unexpectedBody(request, answer, 'the ID of the run');
	return { id, etag: textOf(made?.etag) ?? textOf(made?.eTag) };
}
