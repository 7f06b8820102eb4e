import { endsOf } from '../../../adobe/dataflowEnds';
import type { FlowQuery } from '../../../adobe/dataflows';
import { findFlows } from '../../../adobe/dataflows';
import type { ItemClient } from '../../../platform/client';
import type { Facts } from './facts';
import { factsOf } from './facts';
import { readHistories } from './runHistory';

/**
 * What is known about the dataflows that fit, in few requests: for a thousand of them ten each for the
 * list, their tables, their datasets and their last runs, and five for the runs before.
 *
 * @throws Problem
 */
export async function readHealth(client: ItemClient, query: FlowQuery): Promise<Facts[]> {
	const flows = await findFlows(client, query);
	if (flows.length === 0) return [];
	const [ends, histories] = await Promise.all([
		endsOf(client, flows),
		readHistories(client, flows),
	]);
	const seen = flows.map((flow, index) => ({
		flow,
		...ends[index],
		history: histories.get(flow.id) ?? { runs: [], isComplete: false },
	}));
	return factsOf(seen, client.adobeEpochMs());
}
