import type { ResourcePage } from '../../../adobe/collection';
import { listResources, PAGE_SIZE } from '../../../adobe/collection';
import type { Dataflow } from '../../../adobe/dataflows';
import { findByIds } from '../../../adobe/filters/byIds';
import { MAX_IDS_PER_FILTER } from '../../../adobe/filters/limits';
import type { Run } from '../../../adobe/runModel';
import { endOf, RUN } from '../../../adobe/runModel';
import { NEWEST_FIRST } from '../../../adobe/runs';
import type { ItemClient } from '../../../platform/client';
import { lastRunOf } from './lastRun';

/** Pages of the newest runs of all dataflows; a hundred runs each. */
const MAX_RECENT_PAGES = 2;

/** Pages that look further back, for those that do not go well. */
const MAX_DEEP_PAGES = 3;

/** The newest runs of a dataflow, newest first and without gaps. */
export interface History {
	runs: Run[];
	/** Set where there are no older ones. */
	isComplete: boolean;
}

/**
 * The newest runs of many dataflows in few requests: shared pages of all, a few that look further back for
 * those that fail, and the last runs that were in none of these by their IDs, a hundred per request.
 */
export async function readHistories(
	client: ItemClient,
	flows: readonly Dataflow[],
): Promise<Map<string, History>> {
	const histories = new Histories(flows.map(({ id }) => id));
	const ids = histories.flowIds();
	// Among more dataflows than fit in a filter, the newest runs of the whole sandbox are read.
	await readPages(client, histories, ids, MAX_RECENT_PAGES, ids.length <= MAX_IDS_PER_FILTER);
	await readFurther(client, histories, flows);
	const unseen = flows.flatMap((flow) => {
		const id = lastRunOf(flow)?.id;
		return id === undefined || histories.has(flow.id, id) ? [] : [id];
	});
	histories.add((await findByIds(client, RUN, unseen)).values());
	return histories.sorted();
}

/** Back to the last success of those whose last run is not known to be one. */
async function readFurther(
	client: ItemClient,
	histories: Histories,
	flows: readonly Dataflow[],
): Promise<void> {
	const open = flows.filter(
		(flow) => lastRunOf(flow)?.status !== 'success' && histories.isOpen(flow.id),
	);
	// Those that fail come before those of which Adobe shows no run.
	const [running, others] = [open.filter(lastRunOf), open.filter((flow) => !lastRunOf(flow))];
	const unsettled = [...running, ...others].map(({ id }) => id);
	const chunks: string[][] = [];
	for (let start = 0; start < unsettled.length; start += MAX_IDS_PER_FILTER) {
		chunks.push(unsettled.slice(start, start + MAX_IDS_PER_FILTER));
	}
	const pagesEach = Math.max(1, Math.floor(MAX_DEEP_PAGES / chunks.length));
	for (const chunk of chunks.slice(0, MAX_DEEP_PAGES)) {
		await readPages(client, histories, chunk, pagesEach, true);
	}
}

/** Newest first, until enough is known of these dataflows or so many pages have been read. */
async function readPages(
	client: ItemClient,
	histories: Histories,
	flowIds: readonly string[],
	maxPages: number,
	isFiltered: boolean,
): Promise<void> {
	const filters = isFiltered ? [`flowId==${flowIds.join(',')}`] : [];
	let token: string | undefined;
	for (let pages = 0; pages < maxPages; pages++) {
		const page: ResourcePage<Run> = await listResources(client, RUN, {
			filters,
			orderBy: NEWEST_FIRST,
			limit: PAGE_SIZE,
			continuationToken: token,
		});
		histories.add(page.items);
		token = page.next;
		if (token === undefined) {
			histories.complete(flowIds);
			return;
		}
	}
}

class Histories {
	private readonly byFlow: Map<string, { runs: Map<string, Run>; isComplete: boolean }>;

	constructor(flowIds: readonly string[]) {
		this.byFlow = new Map(flowIds.map((id) => [id, { runs: new Map(), isComplete: false }]));
	}

	flowIds(): string[] {
		return [...this.byFlow.keys()];
	}

	/** Runs of other dataflows are passed over. */
	add(runs: Iterable<Run>): void {
		for (const run of runs) this.byFlow.get(run.flowId ?? '')?.runs.set(run.id, run);
	}

	complete(flowIds: readonly string[]): void {
		for (const id of flowIds) {
			const history = this.byFlow.get(id);
			if (history !== undefined) history.isComplete = true;
		}
	}

	has(flowId: string, runId: string): boolean {
		return this.byFlow.get(flowId)?.runs.has(runId) ?? false;
	}

	/** Whether older runs may say since when the dataflow fails. */
	isOpen(flowId: string): boolean {
		const history = this.byFlow.get(flowId);
		if (history === undefined || history.isComplete) return false;
		return ![...history.runs.values()].some((run) => endOf(run) === 'success');
	}

	sorted(): Map<string, History> {
		return new Map(
			[...this.byFlow].map(([id, { runs, isComplete }]) => {
				const newestFirst = [...runs.values()].sort((one, other) => madeAt(other) - madeAt(one));
				return [id, { runs: newestFirst, isComplete }];
			}),
		);
	}
}

function madeAt({ createdEpochMs, startedEpochMs }: Run): number {
	return createdEpochMs ?? startedEpochMs ?? 0;
}
