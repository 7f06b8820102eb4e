import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { Dataflow } from './flows';
import { listFlows } from './flows';
import { nameFilter } from './nameFilter';
import { listResources, PAGE_SIZE } from './resources';
import { SOURCE_CONNECTION } from './sourceConnections';

/** What dataflows are looked for; what is left out does not matter. */
export interface FlowQuery {
	/** The whole name, as Adobe tells upper from lower case. */
	name?: string;
	state?: string;
	/** The base connection that they read from. */
	connectionId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: 'name' | '-name';
}

// Fifty UUIDs keep the address short.
const IDS_A_REQUEST = 50;

/**
 * All dataflows out of PostgreSQL that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at the most; all by default
 */
export async function findFlows(
	client: ItemClient,
	query: FlowQuery,
	limit = Infinity,
): Promise<Dataflow[]> {
	if (query.connectionId === undefined) return await find(client, query, [], limit);
	const sources = await sourcesOf(client, query.connectionId);
	const found: Dataflow[] = [];
	for (let start = 0; start < sources.length; start += IDS_A_REQUEST) {
		const ids = sources.slice(start, start + IDS_A_REQUEST).join(',');
		const wanted = query.orderBy === undefined ? limit - found.length : limit;
		found.push(...(await find(client, query, [`sourceConnectionIds[]==${ids}`], wanted)));
		if (query.orderBy === undefined && found.length >= limit) break;
	}
	return inOrder(found, query.orderBy).slice(0, limit);
}

async function find(
	client: ItemClient,
	{ name, state, orderBy }: FlowQuery,
	more: readonly string[],
	limit: number,
): Promise<Dataflow[]> {
	const filters = [
		...(name === undefined ? [] : nameFilter([name])),
		...(state === undefined ? [] : [`state==${state}`]),
		...more,
	];
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listFlows(client, {
			filters,
			orderBy,
			limit: Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		return {
			...page,
			items: page.items.filter((flow) => name === undefined || flow.name === name),
		};
	}, limit);
}

/** The source connections of a base connection: flows can be filtered by those alone. */
async function sourcesOf(client: ItemClient, connectionId: string): Promise<string[]> {
	const sources = await collectPages(
		async (continuationToken) =>
			await listResources(client, SOURCE_CONNECTION, {
				filters: [`baseConnectionId==${connectionId}`],
				limit: PAGE_SIZE,
				continuationToken,
			}),
	);
	return sources.map(({ id }) => id);
}

function inOrder(flows: Dataflow[], orderBy: FlowQuery['orderBy']): Dataflow[] {
	if (orderBy === undefined) return flows;
	const sign = orderBy === 'name' ? 1 : -1;
	return [...flows].sort((one, other) => sign * (one.name ?? '').localeCompare(other.name ?? ''));
}
