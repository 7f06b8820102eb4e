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
	async prepare({ context, parameters, openClient }) {
		const connectionId = readConnectionId(parameters);
		const table = readTable(parameters);
		const limit = parameters.wholeNumber('limit', 'Limit', 1);
		const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
		return async () => {
			const rows = await previewRows(openClient(), connectionId, table);
			const items = rows.slice(0, limit) as IDataObject[];
			return hasErrorOutput ? items.map((row) => recognizableRow(row, table)) : items;
		};
	},
};

/** n8n sends an item that has `error`, and no member but these, to the error output. */
const OF_ERROR_ITEMS = ['error', 'message', 'details'];

/** The same row, with the name of its table where n8n would take it for a failed item. */
function recognizableRow(row: IDataObject, table: string): IDataObject {
	const looksFailed =
		Boolean(row.error) && Object.keys(row).every((name) => OF_ERROR_ITEMS.includes(name));
	return looksFailed ? { ...row, table } : row;
}
