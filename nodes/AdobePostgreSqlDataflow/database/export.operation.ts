import type { IDataObject } from 'n8n-workflow';

import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import type { Actual } from './actual';
import { isManaged } from './actual';
import { dataflowsAsTheyAre, tellOfUnreadable } from './asTheyAre';
import type { Desired } from './desired';
import { DatabaseLookUps } from './lookUps';
import { columnsOfDesired } from './readDesired';

export const exportOperation: Operation<DatabaseLookUps> = {
	value: 'export',
	name: 'Export',
	action: 'Export the dataflows of a database',
	description:
		'Get the dataflows of a connection as items that Plan takes again, without IDs or secrets',
	parameters: [connectionIdParameter, optionsCollection()],
	begin: () => new DatabaseLookUps(),
	async prepare(call) {
		const connection = locateConnection(call);
		const lookUps = call.state;
		return async () => {
			const client = call.openClient();
			const connectionId = await connection.id(client);
			const exported = await dataflowsAsTheyAre(client, lookUps, connectionId, 'ignore');
			return exported.map(({ actual, desired }) => exportOf(actual, desired));
		};
	},
	complete: async (_outcomes, run) => tellOfUnreadable(run),
};

function exportOf(actual: Actual, desired: Desired): IDataObject {
	const columns = columnsOfDesired(desired);
	// Both are decisions about this connection, and not part of how a table is loaded.
	delete columns.connectionId;
	delete columns.newColumns;
	return {
		...columns,
		...(actual.flows[0]?.state === 'disabled' ? { enabled: false } : {}),
		managed: isManaged(actual.owner),
	};
}
