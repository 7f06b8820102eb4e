import type { INodeProperties } from 'n8n-workflow';

import { findFlows } from '../../adobe/dataflows';
import { readFilterId } from '../../locators/locators';
import {
	limitParameters,
	optionsCollection,
	readLimit,
	simplifyParameter,
} from '../../operation/commonParameters';
import { listParameters, readListQuery } from '../../operation/listQuery';
import type { Operation } from '../../operation/operation';
import { dataflowDetails } from '../../outputs/dataflow';

const connectionFilter: INodeProperties = {
	displayName: 'Connection ID',
	name: 'connectionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.connectionId }}',
	description: 'The base connection that the dataflows read through, by its ID',
};

const list = listParameters('dataflows', 'Orders from PostgreSQL', connectionFilter);

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many dataflows',
	description: 'Get many dataflows that take tables of PostgreSQL into Adobe Experience Platform',
	parameters: [...limitParameters, simplifyParameter, list.filters, optionsCollection([list.sort])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean(simplifyParameter);
		const { query, chosen } = readListQuery(parameters, list);
		const connectionId = readFilterId(
			chosen,
			connectionFilter,
			'a connection',
			'Give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
		);
		return async () => {
			const client = openClient();
			const flows = await findFlows(client, { ...query, connectionId }, limit);
			return flows.map((flow) => dataflowDetails(flow, client.sandboxName, simplify));
		};
	},
};
