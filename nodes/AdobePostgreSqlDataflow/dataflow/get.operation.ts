import { getFlow } from '../../flowService/flows';
import { flowIdParameter, readFlowId } from '../../locators/flowId';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { simplifyParameter } from '../../operations/simplify';
import { dataflowDetails } from './output';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a dataflow',
	description: 'Get a dataflow of Adobe Experience Platform by its ID',
	parameters: [flowIdParameter, simplifyParameter, optionsCollection()],
	async prepare(call) {
		const id = readFlowId(call.parameters);
		const simplify = call.parameters.boolean('simplify', 'Simplify');
		return async () => {
			const client = call.openClient();
			return dataflowDetails(await getFlow(client, id), client.sandboxName, simplify);
		};
	},
};
