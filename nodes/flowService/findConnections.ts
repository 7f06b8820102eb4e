import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { BaseConnection, ConnectionPage } from './connections';
import { listConnections } from './connections';
import { nameFilter } from './nameFilter';
import { PAGE_SIZE } from './resources';

/** What base connections are looked for; what is left out does not matter. */
export interface ConnectionQuery {
	/** The whole name, as Adobe tells upper from lower case. */
	name?: string;
	/** Several such names; any of them fits. */
	names?: readonly string[];
	state?: string;
	/** PostgreSQL's by default. */
	connectionSpecId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

/**
 * All base connections that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at the most; all by default
 * @param seen is shown each page as it came
 */
export async function findConnections(
	client: ItemClient,
	query: ConnectionQuery,
	limit = Infinity,
	seen?: (page: ConnectionPage) => void,
): Promise<BaseConnection[]> {
	const names = namesOf(query);
	const filters = [
		...(names === undefined ? [] : nameFilter(names)),
		...(query.state === undefined ? [] : [`state==${query.state}`]),
	];
	const fits = ({ name }: BaseConnection) =>
		names === undefined || (name !== undefined && names.includes(name));
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listConnections(client, {
			connectionSpecId: query.connectionSpecId,
			filters,
			orderBy: query.orderBy,
			limit: Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		seen?.(page);
		return { ...page, items: page.items.filter(fits) };
	}, limit);
}

function namesOf({ name, names }: ConnectionQuery): readonly string[] | undefined {
	return name === undefined ? names : [name];
}
