import type { INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';

import type { Page } from '../platform/pages';

/**
 * A page of a searchable list of the editor. Flow Service filters by whole names only, so what fits
 * is picked here; pages without a hit are passed over, so that the editor does not show an empty list
 * while more follow.
 *
 * @param fetch asks for the page of a token, the first one without
 */
export async function searchPages(
	filter: string | undefined,
	paginationToken: string | undefined,
	fetch: (token: string | undefined) => Promise<Page<INodeListSearchItems>>,
): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	let token = paginationToken;
	for (;;) {
		const page = await fetch(token);
		const results = page.items.filter(
			({ name, value }) => wanted === '' || name.toLowerCase().includes(wanted) || value === wanted,
		);
		token = page.next;
		if (results.length > 0 || token === undefined) return { results, paginationToken: token };
	}
}
