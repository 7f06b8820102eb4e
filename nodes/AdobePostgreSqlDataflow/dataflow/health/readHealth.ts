import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import type { Dataflow, FlowQuery } from '../../../adobe/dataflows';
import { findFlows } from '../../../adobe/dataflows';
import { findByIds } from '../../../adobe/filters/byIds';
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
	const [sources, targets, histories] = await Promise.all([
		findByIds(client, SOURCE_CONNECTION, idsOf(flows, 'sourceConnectionIds')),
		findByIds(client, TARGET_CONNECTION, idsOf(flows, 'targetConnectionIds')),
		readHistories(client, flows),
	]);
	const seen = flows.map((flow) => ({
		flow,
		table: sources.get(flow.sourceConnectionIds[0] ?? '')?.table,
		datasetId: targets.get(flow.targetConnectionIds[0] ?? '')?.datasetId,
		history: histories.get(flow.id) ?? { runs: [], isComplete: false },
	}));
	return factsOf(seen, client.adobeEpochMs());
}

function idsOf(
	flows: readonly Dataflow[],
	end: 'sourceConnectionIds' | 'targetConnectionIds',
): string[] {
	return flows.flatMap((flow) => flow[end].slice(0, 1));
}
