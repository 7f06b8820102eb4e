import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listDataSets } from '../flowService/dataSets';
import { withClient } from './editorClient';
import { searchPages } from './searchPages';

/** The list of a dataset locator: datasets that have a schema, page by page. */
export async function searchDatasets(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(
		this,
		async (client) =>
			await searchPages(filter, paginationToken, async (start) => {
				const page = await listDataSets(client, { start });
				const items = page.items
					.filter(({ schemaId }) => schemaId !== undefined)
					.map(({ id, name }) => ({ name: name ?? id, value: id }));
				return { items, next: page.next };
			}),
	);
}
