import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { BaseConnection } from '../flowService/connections';
import { listConnections } from '../flowService/connections';
import { PAGE_SIZE } from '../flowService/resources';
import type { ItemClient } from '../platform/client';
import { connectionUrl } from './connectionUrl';
import { withClient } from './editorClient';
import { searchPages } from './searchPages';

/** The list of a connection locator: PostgreSQL base connections by name, page by page. */
export async function searchConnections(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(
		this,
		async (client) =>
			await searchPages(filter, paginationToken, async (continuationToken) => {
				const page = await listConnections(client, {
					limit: PAGE_SIZE,
					orderBy: 'name',
					continuationToken,
				});
				const items = page.items.map((connection) => connectionItem(client, connection));
				return { items, next: page.next };
			}),
	);
}

/** A connection in the list of its locator, with a link to Experience Platform where one is known. */
export function connectionItem(
	client: Pick<ItemClient, 'platformOrigin' | 'sandboxName'>,
	{ id, name }: Pick<BaseConnection, 'id' | 'name'>,
): { name: string; value: string; url?: string } {
	return { name: name ?? id, value: id, url: connectionUrl(client, id) };
}
