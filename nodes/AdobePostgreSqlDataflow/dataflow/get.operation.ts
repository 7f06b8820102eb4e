import { getResource } from '../../adobe/collection';
import { endsOf } from '../../adobe/dataflowEnds';
import type { Dataflow } from '../../adobe/dataflows';
import { DATAFLOW } from '../../adobe/dataflows';
import { getMappings } from '../../adobe/mappingSets';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { dataflowDetails } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';
import { asIs, isProblem } from '../../platform/errors/problem';
import { mappingInShort } from './mapping/sameMapping';

export const get = getOperation({
	action: 'Get a dataflow',
	description: 'Get a dataflow: its table, dataset, schedule, mapping and last run',
	locator: flowIdParameter,
	locate: locateFlow,
	get: async (client, id) => {
		const flow = await getResource(client, DATAFLOW, id);
		const [[ends], mapping] = await Promise.all([endsOf(client, [flow]), mappingOf(client, flow)]);
		return { flow, about: { ...ends, mapping } };
	},
	details: ({ flow, about }, client, simplify) => dataflowDetails(client, flow, about, simplify),
});

/** At a glance; not knowing it makes no Get fail. */
async function mappingOf(
	client: ItemClient,
	{ mappingId, mappingVersion }: Dataflow,
): Promise<Record<string, string> | undefined> {
	if (mappingId === undefined) return undefined;
	try {
		return mappingInShort(await getMappings(client, mappingId, mappingVersion));
	} catch (error) {
		if (isProblem(error, 'stopped')) throw asIs(error);
		return undefined;
	}
}
