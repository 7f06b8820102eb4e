import { listResources, PAGE_SIZE } from '../../../adobe/collection';
import type { Dataflow } from '../../../adobe/dataflows';
import { lastRunOf } from '../../../adobe/dataflows';
import { findByIds } from '../../../adobe/filters/byIds';
import { MAX_IDS_PER_FILTER, MAX_IDS_PER_REQUEST } from '../../../adobe/filters/limits';
import type { Run } from '../../../adobe/runModel';
import { RUN, STATUS_SPELLINGS } from '../../../adobe/runModel';
import { NEWEST_FIRST, OLDEST_FIRST } from '../../../adobe/runs';
import type { ItemClient } from '../../../platform/client';
import type { History } from './histories';
import { Histories } from './histories';

/** Pages of the newest runs of all dataflows; a hundred runs each. */
const MAX_RECENT_PAGES = 2;

/** Pages that look further back, for fifty dataflows that do not go well. */
const MAX_DEEP_PAGES = 2;

/** For up to a thousand dataflows; the last run of each has to be read in any case. */
const MAX_REQUESTS = 15;
const REQUESTS_BESIDE_LAST_RUNS = 5;

/** Reads runs with a limited number of requests. */
class RunReader {
	private requestsLeft: number;

	constructor(
		private readonly client: ItemClient,
		private readonly histories: Histories,
		flowCount: number,
	) {
		const forLastRuns = Math.ceil(flowCount / MAX_IDS_PER_REQUEST);
		this.requestsLeft = Math.max(MAX_REQUESTS, forLastRuns + REQUESTS_BESIDE_LAST_RUNS);
	}

	/** The newest runs of all; among more dataflows than fit in a filter, of the whole sandbox. */
	async readRecent(): Promise<void> {
		const ids = this.histories.flowIds();
		const isFiltered = ids.length <= MAX_IDS_PER_FILTER;
		await this.readPages(isFiltered ? [byFlows(ids)] : [], ids, MAX_RECENT_PAGES, (page) =>
			this.histories.addRecent(page),
		);
	}

	/** The last runs that were in none of the pages. */
	async readLast(flows: readonly Dataflow[]): Promise<void> {
		const unseen = flows.flatMap((flow) => {
			const id = lastRunOf(flow)?.id;
			return id === undefined || this.histories.has(flow.id, id) ? [] : [id];
		});
		this.requestsLeft -= Math.ceil(unseen.length / MAX_IDS_PER_REQUEST);
		this.histories.add((await findByIds(this.client, RUN, unseen)).values());
	}

	/** Further back, of those whose last success is not known. */
	async readFurther(flows: readonly Dataflow[]): Promise<void> {
		const open = flows.filter(
			(flow) => lastRunOf(flow)?.status !== 'success' && this.histories.isOpen(flow.id),
		);
		// Those that fail come before those of which Adobe shows no run.
		const [running, others] = [open.filter(lastRunOf), open.filter((flow) => !lastRunOf(flow))];
		const before = this.histories.knownBackTo();
		const older = before === undefined ? [] : [`createdAt<${before + 1}`];
		for (const chunk of chunksOf([...running, ...others].map(({ id }) => id))) {
			await this.readPages([byFlows(chunk), ...older], chunk, MAX_DEEP_PAGES, (page) =>
				this.histories.add(page),
			);
		}
	}

	/**
	 * Since when those fail whose failures go back further than that: their last success, and the first run
	 * after it.
	 */
	async readBeginnings(): Promise<void> {
		const failing = this.histories.failingFromUnknown();
		for (const chunk of chunksOf(failing)) {
			// Adobe's samples disagree on upper and lower case.
			const succeeded = `metrics.statusSummary.status==${STATUS_SPELLINGS.success.join(',')}`;
			const page = await this.page([byFlows(chunk), succeeded], NEWEST_FIRST, PAGE_SIZE);
			if (page === undefined) return;
			this.histories.addSuccesses(chunk, page.items, page.next === undefined);
		}
		for (const { flowId, afterEpochMs } of this.histories.beginningsToRead()) {
			const after = afterEpochMs === undefined ? [] : [`createdAt>${afterEpochMs}`];
			const page = await this.page([byFlows([flowId]), ...after], OLDEST_FIRST, 1);
			if (page === undefined) return;
			this.histories.addBeginning(flowId, page.items[0]);
		}
	}

	/** Newest first, until the list ends or so many pages have been read. */
	private async readPages(
		filters: readonly string[],
		flowIds: readonly string[],
		maxPages: number,
		add: (runs: Run[]) => void,
	): Promise<void> {
		let token: string | undefined;
		for (let pages = 0; pages < maxPages; pages++) {
			const page = await this.page(filters, NEWEST_FIRST, PAGE_SIZE, token);
			if (page === undefined) return;
			add(page.items);
			token = page.next;
			if (token === undefined) {
				this.histories.complete(flowIds);
				return;
			}
		}
	}

	/** Undefined where there have been too many requests. */
	private async page(
		filters: readonly string[],
		orderBy: string,
		limit: number,
		continuationToken?: string,
	): Promise<{ items: Run[]; next?: string } | undefined> {
		if (this.requestsLeft <= 0) return undefined;
		this.requestsLeft--;
		return await listResources(this.client, RUN, { filters, orderBy, limit, continuationToken });
	}
}

/** The newest runs of many dataflows, and since when those fail that do, in few requests. */
export async function readHistories(
	client: ItemClient,
	flows: readonly Dataflow[],
): Promise<Map<string, History>> {
	const histories = new Histories(flows.map(({ id }) => id));
	const reader = new RunReader(client, histories, flows.length);
	await reader.readRecent();
	await reader.readLast(flows);
	await reader.readFurther(flows);
	await reader.readBeginnings();
	return histories.sorted();
}

function byFlows(flowIds: readonly string[]): string {
	return `flowId==${flowIds.join(',')}`;
}

function chunksOf(ids: readonly string[]): string[][] {
	const chunks: string[][] = [];
	for (let start = 0; start < ids.length; start += MAX_IDS_PER_FILTER) {
		chunks.push(ids.slice(start, start + MAX_IDS_PER_FILTER));
	}
	return chunks;
}
