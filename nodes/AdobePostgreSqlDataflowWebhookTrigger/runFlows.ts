import type { Dataflow } from '../adobe/dataflows';
import { DATAFLOW, isPostgreSqlFlow } from '../adobe/dataflows';
import { findByIds } from '../adobe/filters/byIds';
import type { ItemClient } from '../platform/client';
import type { RunEvent } from '../outputs/runEvents';

/**
 * The dataflows of these events, by their IDs. Adobe tells of the runs of all sources, so those that are not out
 * of PostgreSQL are left out, and so are those that are not there any more: nobody can tell what they were.
 *
 * @throws Problem
 */
export async function flowsOfRuns(
	client: ItemClient,
	events: readonly RunEvent[],
): Promise<ReadonlyMap<string, Dataflow>> {
	const ids = new Set(events.flatMap(({ run }) => run.flowId ?? []));
	const flows = await findByIds(client, DATAFLOW, ids);
	return new Map([...flows].filter(([, flow]) => isPostgreSqlFlow(flow)));
}
