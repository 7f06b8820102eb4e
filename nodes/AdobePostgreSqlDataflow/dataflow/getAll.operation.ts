import type { INodeProperties } from 'n8n-workflow';

import type { FlowQuery } from '../../adobe/dataflows';
import { endsOf } from '../../adobe/dataflowEnds';
import { findFlows } from '../../adobe/dataflows';
import { readFilterId } from '../../locators/locators';
import { getManyOperation } from '../../operation/getOperations';
import { listParameters, readListQuery } from '../../operation/listQuery';
import type { ItemParameters } from '../../operation/parameters';
import { dataflowDetails } from '../../outputs/dataflow';

const connectionFilter: INodeProperties = {
	displayName: 'Connection ID',
	name: 'connectionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.connectionId }}',
	description: 'The base connection that the dataflows read through, by its ID',
};

export const list = listParameters('dataflows', 'Orders from PostgreSQL', connectionFilter);

export const getAll = getManyOperation({
	action: 'Get many dataflows',
	description: 'Get many dataflows out of PostgreSQL, each with its table, dataset and schedule',
	filters: list.filters,
	options: [list.sort],
	readQuery: ({ parameters }) => readFlowQuery(parameters),
	find: async (client, query, limit) => {
		const flows = await findFlows(client, query, limit);
		const ends = await endsOf(client, flows);
		return flows.map((flow, index) => ({ flow, ends: ends[index] }));
	},
	details: ({ flow, ends = {} }, client, simplify) => dataflowDetails(client, flow, ends, simplify),
});

/** @throws UserError for what can't be a filter */
export function readFlowQuery(parameters: ItemParameters): FlowQuery {
	return {
		...readListQuery(parameters, list),
		connectionId: readFilterId(
			parameters.collection(list.filters),
			connectionFilter,
			'Use {{ $json.connectionId }}, or give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9.',
		),
	};
}
