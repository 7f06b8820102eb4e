import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { BaseConnection } from './connections';
import { listConnections } from './connections';

/** What base connections are looked for; what is left out does not matter. */
export interface ConnectionQuery {
	/** The whole name, as Adobe tells upper from lower case. */
	name?: string;
	state?: string;
	/** PostgreSQL's by default. */
	connectionSpecId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

// Adobe documents no greatest page; larger ones than a hundred are known to work, but not needed.
const PAGE_SIZE = 100;

/**
 * All base connections that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at the most; all by default
 */
export async function findConnections(
	client: ItemClient,
	query: ConnectionQuery,
	limit = Infinity,
): Promise<BaseConnection[]> {
	const filters = [
		...(query.name === undefined ? [] : nameFilter(query.name)),
		...(query.state === undefined ? [] : [`state==${query.state}`]),
	];
	const fits = ({ name }: BaseConnection) => query.name === undefined || name === query.name;
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listConnections(client, {
			connectionSpecId: query.connectionSpecId,
			filters,
			orderBy: query.orderBy,
			limit: Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		return { ...page, items: page.items.filter(fits) };
	}, limit);
}

/**
 * A comma separates several values in a filter, unless quotes are around them; for a quote in the
 * value nothing is documented, so such a name is looked for among all.
 */
function nameFilter(name: string): string[] {
	if (name.includes('"')) return [];
	return [name.includes(',') ? `name=="${name}"` : `name==${name}`];
}
