import type { INodeProperties } from 'n8n-workflow';

import { findFlows } from '../../adobe/dataflows';
import { readFilterId } from '../../locators/locators';
import {
	limitParameters,
	optionsCollection,
	readLimit,
	simplifyParameter,
} from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { readListQuery } from '../../operation/listQuery';
import { dataflowDetails } from '../../outputs/dataflow';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		{
			displayName: 'Connection ID',
			name: 'connectionId',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.connectionId }}',
			description: 'The base connection that the dataflows read through, by its ID',
		},
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. Orders from PostgreSQL',
			description: 'The whole name; Adobe tells upper from lower case',
		},
		{
			displayName: 'State',
			name: 'state',
			type: 'options',
			options: [
				{ name: 'Disabled', value: 'disabled' },
				{ name: 'Draft', value: 'draft' },
				{ name: 'Enabled', value: 'enabled' },
				{ name: 'Initializing', value: 'initializing' },
			],
			default: 'enabled',
			description: 'The state of the dataflows to return',
		},
	],
};

const sort: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	options: [
		{ name: 'Name (A to Z)', value: 'name' },
		{ name: 'Name (Z to A)', value: '-name' },
	],
	default: 'name',
	description: 'The order of the dataflows; by default, the one that Adobe gives',
};

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many dataflows',
	description: 'Get many dataflows that take tables of PostgreSQL into Adobe Experience Platform',
	parameters: [...limitParameters, simplifyParameter, filters, optionsCollection([sort])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean('simplify', 'Simplify');
		const connectionId = readFilterId(
			parameters.collection('filters'),
			'connectionId',
			{ displayName: 'Connection ID', what: 'a connection' },
			'Give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
		);
		const query = { ...readListQuery(parameters), connectionId };
		return async () => {
			const client = openClient();
			const flows = await findFlows(client, query, limit);
			return flows.map((flow) => dataflowDetails(flow, client.sandboxName, simplify));
		};
	},
};
