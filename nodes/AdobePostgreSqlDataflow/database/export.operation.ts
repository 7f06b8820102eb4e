import type { IDataObject } from 'n8n-workflow';

import type { Dataflow } from '../../adobe/dataflows';
import { findFlows } from '../../adobe/dataflows';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import type { ItemClient } from '../../platform/client';
import { isManaged } from './actual';
import { desiredFromActual } from './existing';
import { DatabaseLookUps } from './lookUps';
import { actualOf } from './readActual';
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
			const flows = await findFlows(client, { connectionId, orderBy: 'name' });
			lookUps.flows.expectEnds(client.scope, flows);
			const tenantId = flows.length === 0 ? '' : await lookUps.flows.tenantId(client);
			const exported = await Promise.all(
				flows.map(async (flow) => await exportOf(client, lookUps, flow, tenantId)),
			);
			return exported.flat();
		};
	},
};

/** None for a dataflow whose table Adobe does not show. */
async function exportOf(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	flow: Dataflow,
	tenantId: string,
): Promise<IDataObject[]> {
	const actual = await actualOf(client, lookUps, flow);
	const desired = desiredFromActual(actual, { newColumns: 'ignore', tenantId });
	if (desired === undefined) return [];
	const columns = columnsOfDesired(desired);
	// Both are decisions about this connection, and not part of how a table is loaded.
	delete columns.connectionId;
	delete columns.newColumns;
	return [
		{
			...columns,
			...(flow.state === 'disabled' ? { enabled: false } : {}),
			managed: isManaged(actual.owner),
		},
	];
}
