import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import { Problem } from '../platform/problem';
import type { Run } from './run';
import { endOf } from './run';
import { listRuns, NEWEST_FIRST, RUNS_A_PAGE } from './runs';

/**
 * Where the next run of a dataflow has to go on: at the latest end, in epoch seconds, of the windows
 * of the runs that succeeded; undefined where there is none. A window whose run failed was not taken
 * in, so it does not count, and the next run takes it along.
 *
 * @throws Problem while a newer run is under way: whether its rows come in is not known yet, so they
 *   would be taken in twice or not at all
 */
export async function lastWindowEnd(
	client: ItemClient,
	flowId: string,
): Promise<number | undefined> {
	const ends = await collectPages(async (continuationToken) => {
		const page = await listRuns(client, {
			filters: [`flowId==${flowId}`],
			orderBy: NEWEST_FIRST,
			limit: RUNS_A_PAGE,
			continuationToken,
		});
		const open = page.items.find((run) => endOf(run) === undefined);
		if (open !== undefined) throw underWay(client, open);
		const items = page.items.flatMap(({ status, windowEndEpochMs }) =>
			status === 'success' && windowEndEpochMs !== undefined ? [windowEndEpochMs / 1000] : [],
		);
		// Older pages hold older windows.
		return { items, next: items.length > 0 ? undefined : page.next };
	});
	return ends.length === 0 ? undefined : Math.floor(ends.reduce((a, b) => Math.max(a, b)));
}

function underWay(client: ItemClient, run: Run): Problem {
	return new Problem(
		`A run of this dataflow has not ended yet: it is '${run.statusWord ?? 'without a state'}'`,
		{
			description: `Where the next run has to go on is known when the run ${run.id} has ended. Try again then, or give 'Window Start'.`,
			details: { runId: run.id, operation: 'Run a dataflow', sandboxName: client.sandboxName },
			failure: { cause: 'temporarily-unavailable' },
		},
	);
}
