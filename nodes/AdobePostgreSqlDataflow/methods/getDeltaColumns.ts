import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { listColumns } from '../../adobe/tables';
import { chosenConnectionId } from '../../locators/chosenId';
import { chosenIn, withClient } from '../../locators/editorClient';
import { tableParameter } from '../../locators/locators';
import { columnType, isTime } from '../dataflow/columns';

/** The columns of the chosen table, those that can mark new rows first. */
export async function getDeltaColumns(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withClient(this, async (client) => {
		const table = chosenIn(this, tableParameter);
		const connectionId = await chosenConnectionId(this, client);
		if (connectionId === undefined || table === undefined) {
			throw new UserError("Choose a 'Connection' and a 'Table' first", {
				description:
					'The columns of a table that comes by expression are not known yet: give the column by an expression, too.',
			});
		}
		const columns = await listColumns(client, connectionId, table);
		return [...columns]
			.sort((one, other) => Number(isTime(other)) - Number(isTime(one)))
			.map((column) => ({
				name: column.name,
				value: column.name,
				description: isTime(column)
					? 'Date and time'
					: `Can't mark new rows: ${columnType(column)}`,
			}));
	});
}
