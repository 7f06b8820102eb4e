import { getResource } from '../../adobe/collection';
import { DATAFLOW } from '../../adobe/dataflows';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { dataflowDetails } from '../../outputs/dataflow';

export const get = getOperation({
	action: 'Get a dataflow',
	description: 'Get a dataflow of Adobe Experience Platform',
	locator: flowIdParameter,
	locate: locateFlow,
	get: async (client, id) => await getResource(client, DATAFLOW, id),
	details: (flow, { sandboxName }, simplify) => dataflowDetails(flow, sandboxName, simplify),
});
