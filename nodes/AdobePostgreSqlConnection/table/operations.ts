import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listColumns, listTables, previewRows } from '../../adobe/tables';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter, readTable, tableParameter } from '../../locators/locators';
import {
	filtersCollection,
	limitParameter,
	limitParameters,
	optionsCollection,
	readLimit,
} from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { output } from '../../outputs/common';

const searchFilter: INodeProperties = {
	displayName: 'Search',
	name: 'search',
	type: 'string',
	default: '',
	placeholder: 'e.g. crm.',
	description: 'Part of the schema or table name, not case-sensitive',
};

const filters = filtersCollection([searchFilter]);

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many tables',
	description: 'Get the tables and views that Adobe sees in the database',
	parameters: [connectionIdParameter, ...limitParameters, filters, optionsCollection()],
	async prepare(call) {
		const { parameters } = call;
		const connection = locateConnection(call);
		const limit = readLimit(parameters);
		const search = parameters.collection(filters).optionalText(searchFilter)?.toLowerCase() ?? '';
		return async () => {
			const client = call.openClient();
			const connectionId = await connection.id(client);
			const tables = await listTables(client, connectionId);
			return tables
				.filter(({ path }) => path.toLowerCase().includes(search))
				.slice(0, limit)
				.map(({ path, name, type }) => ({ table: path, type, name, connectionId }));
		};
	},
};

export const getColumns: Operation = {
	value: 'getColumns',
	name: 'Get Columns',
	action: 'Get columns of a table',
	description: 'Get the columns of a table with their types in the database and in XDM',
	subject: tableParameter,
	parameters: [connectionIdParameter, tableParameter, optionsCollection()],
	async prepare(call) {
		const connection = locateConnection(call);
		const table = readTable(call.parameters);
		return async () => {
			const client = call.openClient();
			const connectionId = await connection.id(client);
			const columns = await listColumns(client, connectionId, table);
			return columns.map(({ name, type, xdmType, xdmFormat, raw }) =>
				output({ name, type, xdmType, xdmFormat, table, connectionId, column: raw as IDataObject }),
			);
		};
	},
};

export const preview: Operation = {
	value: 'preview',
	name: 'Preview Rows',
	action: 'Preview rows of a table',
	description:
		'Get the first rows of a table as Adobe reads them. One item per row; Adobe decides how many.',
	subject: tableParameter,
	parameters: [connectionIdParameter, tableParameter, limitParameter, optionsCollection()],
	outputsRows: true,
	async prepare(call) {
		const { context, parameters } = call;
		const connection = locateConnection(call);
		const table = readTable(parameters);
		const limit = parameters.wholeNumber(limitParameter);
		const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
		return async () => {
			const client = call.openClient();
			const rows = await previewRows(client, await connection.id(client), table);
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
