import type { IDataObject } from 'n8n-workflow';

import { listColumns } from '../../flowService/explore';
import { connectionIdParameter, readConnectionId } from '../../locators/connectionId';
import { readTable, tableParameter } from '../../locators/table';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';

export const getColumns: Operation = {
	value: 'getColumns',
	name: 'Get Columns',
	action: 'Get columns of a table',
	description:
		'Get the columns of a table with their types in Adobe and in XDM; column is what a source connection takes',
	parameters: [connectionIdParameter, tableParameter, optionsCollection()],
	async prepare({ parameters, openClient }) {
		const connectionId = readConnectionId(parameters);
		const table = readTable(parameters);
		return async () => {
			const columns = await listColumns(openClient(), connectionId, table);
			return columns.map(({ name, type, xdmType, xdmFormat, raw }) => ({
				connectionId,
				table,
				name,
				type: type ?? null,
				xdmType: xdmType ?? null,
				xdmFormat: xdmFormat ?? null,
				column: raw as IDataObject,
			}));
		};
	},
};
