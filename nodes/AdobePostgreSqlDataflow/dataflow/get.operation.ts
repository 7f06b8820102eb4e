import { getResource } from '../../adobe/collection';
import { endsOf } from '../../adobe/dataflowEnds';
import { DATAFLOW } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { dataflowDetails } from '../../outputs/dataflow';

export const get = getOperation({
	action: 'Get a dataflow',
	description: 'Get a dataflow: its table, dataset, schedule and last run',
	locator: flowIdParameter,
	readId: readFlowId,
	get: async (client, id) => {
		const flow = await getResource(client, DATAFLOW, id);
		const [ends] = await endsOf(client, [flow]);
		return { flow, ends };
	},
	details: ({ flow, ends = {} }, client, simplify) => dataflowDetails(client, flow, ends, simplify),
});
