import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { Dataflow } from './flows';
import { listFlows } from './flows';
import { PAGE_SIZE } from './resources';

/** Every dataflow of the sandbox that reads from PostgreSQL. */
export async function postgreSqlFlows(client: ItemClient): Promise<Dataflow[]> {
	return await collectPages(
		async (continuationToken) => await listFlows(client, { limit: PAGE_SIZE, continuationToken }),
	);
}
