import { listTables } from '../../flowService/explore';
import { connectionIdParameter, readConnectionId } from '../../locators/connectionId';
import { limitParameters, readLimit } from '../../operations/limit';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many tables',
	description: 'Get the tables and views that Adobe sees in the database of a base connection',
	parameters: [
		connectionIdParameter,
		...limitParameters,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					placeholder: 'e.g. crm.',
					description: 'A part of the schema or the name, in upper or lower case',
				},
			],
		},
		optionsCollection(),
	],
	async prepare({ parameters, openClient }) {
		const connectionId = readConnectionId(parameters);
		const limit = readLimit(parameters);
		const search = parameters.collection('filters').text('search', 'Search')?.toLowerCase() ?? '';
		return async () => {
			const tables = await listTables(openClient(), connectionId);
			return tables
				.filter(({ path }) => path.toLowerCase().includes(search))
				.slice(0, limit)
				.map(({ path, name, type }) => ({ connectionId, table: path, name, type }));
		};
	},
};
