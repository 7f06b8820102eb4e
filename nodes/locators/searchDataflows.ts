import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listFlows } from '../flowService/flows';
import { PAGE_SIZE } from '../flowService/resources';
import { withClient } from './editorClient';
import { searchPages } from './searchPages';

/** The list of a dataflow locator: dataflows out of PostgreSQL by name, page by page. */
export async function searchDataflows(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(
		this,
		async (client) =>
			await searchPages(filter, paginationToken, async (continuationToken) => {
				const page = await listFlows(client, {
					limit: PAGE_SIZE,
					orderBy: 'name',
					continuationToken,
				});
				const items = page.items.map(({ id, name }) => ({ name: name ?? id, value: id }));
				return { items, next: page.next };
			}),
	);
}
