import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';

/** The locator of a table of the chosen connection. */
export const tableParameter: INodeProperties = {
	displayName: 'Table',
	name: 'table',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The table or view to look at',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchTables',
				searchable: true,
				slowLoadNotice: {
					message: 'Adobe is reading the list of tables from the database',
					timeout: 5_000,
				},
			},
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. public.orders',
			hint: 'As Get Many puts it out: schema and table, in double quotes where PostgreSQL needs them',
		},
	],
	typeOptions: { loadOptionsDependsOn: ['connectionId.value'] },
};

/** @throws UserError when the locator is empty */
export function readTable(parameters: ItemParameters): string {
	return parameters.locator('table', 'Table');
}
