import type { INodeProperties } from 'n8n-workflow';

import { findConnections } from '../../adobe/connections';
import {
	filtersCollection,
	limitParameters,
	optionsCollection,
	readLimit,
	readOptions,
	simplifyParameter,
} from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { connectionDetails } from '../../outputs/connection';

const specFilter: INodeProperties = {
	displayName: 'Connection Spec ID',
	name: 'connectionSpecId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 26d738e0-8963-47ea-aadf-c60de735468a',
	description: 'Another source than PostgreSQL, by the ID of its connection spec',
};

const nameFilter: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Sales database',
	description: 'The whole name; Adobe tells upper from lower case',
};

const stateFilter: INodeProperties = {
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
};

const filters = filtersCollection([specFilter, nameFilter, stateFilter]);

const sortOption: INodeProperties = {
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
	parameters: [...limitParameters, simplifyParameter, filters, optionsCollection([sortOption])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean(simplifyParameter);
		const chosen = parameters.collection(filters);
		const query = {
			name: chosen.text(nameFilter) || undefined,
			state: chosen.text(stateFilter) || undefined,
			connectionSpecId: chosen.text(specFilter)?.trim() || undefined,
			orderBy: readOptions(parameters).text(sortOption) || undefined,
		};
		return async () => {
			const client = openClient();
			const connections = await findConnections(client, query, limit);
			return connections.map((connection) =>
				connectionDetails(connection, client.sandboxName, simplify),
			);
		};
	},
};
