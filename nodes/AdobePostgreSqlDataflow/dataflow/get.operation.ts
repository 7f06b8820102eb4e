import { getResource } from '../../adobe/collection';
import { DATAFLOW } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { dataflowDetails } from '../../outputs/dataflow';

export const get = getOperation({
	action: 'Get a dataflow',
	description: 'Get a dataflow of Adobe Experience Platform by its ID',
	locator: flowIdParameter,
	readId: readFlowId,
	get: async (client, id) => await getResource(client, DATAFLOW, id),
	details: (flow, { sandboxName }, simplify) => dataflowDetails(flow, sandboxName, simplify),
});
