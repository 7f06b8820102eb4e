import { getResource } from '../../adobe/collection';
import { endsOf } from '../../adobe/dataflowEnds';
import { DATAFLOW } from '../../adobe/dataflows';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { dataflowDetails } from '../../outputs/dataflow';

export const get = getOperation({
	action: 'Get a dataflow',
	description: 'Get a dataflow: its table, dataset, schedule and last run',
	locator: flowIdParameter,
	locate: locateFlow,
	get: async (client, id) => {
		const flow = await getResource(client, DATAFLOW, id);
		const [ends] = await endsOf(client, [flow]);
		return { flow, ends };
	},
	details: ({ flow, ends = {} }, client, simplify) => dataflowDetails(client, flow, ends, simplify),
});
