import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { postgreSqlFlows } from '../flowService/postgreSqlFlows';
import type { Run } from '../flowService/run';
import { listRuns, NEWEST_FIRST, RUNS_A_PAGE } from '../flowService/runs';
import { runUrl } from '../flowService/runUrl';
import { isoDate } from '../operations/isoDate';
import type { ItemClient } from '../platform/client';
import { withClient } from './editorClient';
import { searchPages } from './searchPages';

/** The list of a run locator: runs of dataflows out of PostgreSQL, the newest first, page by page. */
export async function searchRuns(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const names = new Map((await postgreSqlFlows(client)).map(({ id, name }) => [id, name ?? id]));
		return await searchPages(filter, paginationToken, async (continuationToken) => {
			const page = await listRuns(client, {
				orderBy: NEWEST_FIRST,
				limit: RUNS_A_PAGE,
				continuationToken,
			});
			return { next: page.next, items: page.items.flatMap((run) => item(client, run, names)) };
		});
	});
}

function item(
	client: ItemClient,
	run: Run,
	names: ReadonlyMap<string, string>,
): INodeListSearchItems[] {
	const flowName = names.get(run.flowId ?? '');
	if (flowName === undefined) return [];
	const at = isoDate(run.startedEpochMs ?? run.createdEpochMs)
		?.slice(0, 16)
		.replace('T', ' ');
	const name = [flowName, at, run.status ?? run.statusWord].filter(Boolean).join(', ');
	return [{ name, value: run.id, url: runUrl(client, run) }];
}
