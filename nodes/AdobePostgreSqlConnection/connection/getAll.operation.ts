import type { INodeProperties } from 'n8n-workflow';

import { findConnections } from '../../adobe/connections';
import { readFilterId } from '../../locators/locators';
import {
	limitParameters,
	optionsCollection,
	readLimit,
	simplifyParameter,
} from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { readListQuery } from '../../operation/listQuery';
import { connectionDetails } from '../../outputs/connection';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		{
			displayName: 'Connection Spec ID',
			name: 'connectionSpecId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 26d738e0-8963-47ea-aadf-c60de735468a',
			description: 'Another source than PostgreSQL, by the ID of its connection spec',
		},
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. Sales database',
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
			description: 'The state of the connections to return',
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
	description: 'The order of the connections; by default, the one that Adobe gives',
};

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many connections',
	description: 'Get many base connections of Adobe Experience Platform, PostgreSQL ones by default',
	parameters: [...limitParameters, simplifyParameter, filters, optionsCollection([sort])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean('simplify', 'Simplify');
		const connectionSpecId = readFilterId(
			parameters.collection('filters'),
			'connectionSpecId',
			{ displayName: 'Connection Spec ID', what: 'a connection spec' },
			'Give an ID such as 26d738e0-8963-47ea-aadf-c60de735468a. A name is not enough.',
		);
		const query = { ...readListQuery(parameters), connectionSpecId };
		return async () => {
			const client = openClient();
			const connections = await findConnections(client, query, limit);
			return connections.map((connection) =>
				connectionDetails(connection, client.sandboxName, simplify),
			);
		};
	},
};
