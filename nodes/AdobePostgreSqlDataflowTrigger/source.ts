import { listRuns, OLDEST_FIRST, RUNS_A_PAGE } from '../flowService/runs';
import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import type { RunSource } from './watchRuns';

/** Adobe's runs, as the trigger asks for them. */
export function runSource(client: ItemClient): RunSource {
	return {
		list: async (flowIds, fromEpochMs, continuationToken) =>
			await listRuns(client, {
				// "From" as "after", the one of the two signs that Adobe's documents show.
				filters: [`flowId==${flowIds.join(',')}`, `createdAt>${fromEpochMs - 1}`],
				orderBy: OLDEST_FIRST,
				limit: RUNS_A_PAGE,
				continuationToken,
			}),
		byId: async (runIds) =>
			await collectPages(
				async (continuationToken) =>
					await listRuns(client, {
						filters: [`id==${runIds.join(',')}`],
						limit: RUNS_A_PAGE,
						continuationToken,
					}),
			),
	};
}
