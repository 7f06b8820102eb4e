import type { IDataObject } from 'n8n-workflow';

import { previewRows } from '../../flowService/explore';
import { connectionIdParameter, readConnectionId } from '../../locators/connectionId';
import { readTable, tableParameter } from '../../locators/table';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';

export const preview: Operation = {
	value: 'preview',
	name: 'Preview Rows',
	action: 'Preview rows of a table',
	description:
		'Get the first rows of a table as Adobe reads them, one item a row; Adobe decides how many',
	parameters: [
		connectionIdParameter,
		tableParameter,
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
		optionsCollection(),
	],
	async prepare({ parameters, openClient }) {
		const connectionId = readConnectionId(parameters);
		const table = readTable(parameters);
		const limit = parameters.wholeNumber('limit', 'Limit', 1);
		return async () => {
			const rows = await previewRows(openClient(), connectionId, table);
			return rows.slice(0, limit) as IDataObject[];
		};
	},
};
