import type { INodeProperties } from 'n8n-workflow';

import type { FlowQuery } from '../../adobe/dataflows';
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
	description: 'Get many dataflows that take tables of PostgreSQL into Adobe Experience Platform',
	filters: list.filters,
	options: [list.sort],
	readQuery: ({ parameters }) => readFlowQuery(parameters),
	find: findFlows,
	details: (flow, { sandboxName }, simplify) => dataflowDetails(flow, sandboxName, simplify),
});

/** @throws UserError for what can't be a filter */
export function readFlowQuery(parameters: ItemParameters): FlowQuery {
	return {
		...readListQuery(parameters, list),
		connectionId: readFilterId(
			parameters.collection(list.filters),
			connectionFilter,
			'a connection',
			'Give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
		),
	};
}
