import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { Dataflow } from './flows';
import { listFlows } from './flows';

// Adobe documents no greatest page; a hundred are known to work.
const PAGE_SIZE = 100;

/** Every dataflow of the sandbox that reads from PostgreSQL. */
export async function postgreSqlFlows(client: ItemClient): Promise<Dataflow[]> {
	return await collectPages(
		async (continuationToken) => await listFlows(client, { limit: PAGE_SIZE, continuationToken }),
	);
}
