import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { listTables } from '../flowService/explore';
import { chosenIn, withClient } from './editorClient';

/** The list of a table locator: what Adobe sees in the database of the chosen connection. */
export async function searchTables(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		const tables = await listTables(client, chosenConnection(this));
		return {
			results: tables
				.filter(({ path }) => path.toLowerCase().includes(wanted))
				.map(({ path }) => ({ name: path, value: path })),
		};
	});
}

/** @throws UserError as long as no connection is chosen */
function chosenConnection(context: ILoadOptionsFunctions): string {
	const id = chosenIn(context, 'connectionId');
	if (id === undefined) {
		throw new UserError("Choose a 'Connection' first", {
			description:
				"The tables of a connection that comes by expression are not known yet: give 'Table' by name.",
		});
	}
	return id;
}
