import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { liveMapping } from './mapping/liveMapping';

export const getMapping: Operation = {
	value: 'getMapping',
	name: 'Get Mapping',
	action: 'Get the mapping of a dataflow',
	description: 'Get which column or calculation goes into which field. One item per field.',
	parameters: [flowIdParameter, optionsCollection()],
	async prepare(call) {
		const dataflow = locateFlow(call);
		return async () => {
			const client = call.openClient();
			return await liveMapping(client, call.lookups, await dataflow.id(client));
		};
	},
};
