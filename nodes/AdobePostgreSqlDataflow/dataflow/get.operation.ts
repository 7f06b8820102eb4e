import { getResource } from '../../adobe/collection';
import { DATAFLOW } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import { optionsCollection, simplifyParameter } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { dataflowDetails } from '../../outputs/dataflow';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a dataflow',
	description: 'Get a dataflow of Adobe Experience Platform by its ID',
	parameters: [flowIdParameter, simplifyParameter, optionsCollection()],
	async prepare(call) {
		const id = readFlowId(call.parameters);
		const simplify = call.parameters.boolean(simplifyParameter);
		return async () => {
			const client = call.openClient();
			const flow = await getResource(client, DATAFLOW, id);
			return dataflowDetails(flow, client.sandboxName, simplify);
		};
	},
};
