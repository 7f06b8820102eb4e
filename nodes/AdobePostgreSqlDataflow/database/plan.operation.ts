import type { IDataObject } from 'n8n-workflow';

import { locateConnection } from '../../locators/locate';
import { readTable, tableParameter } from '../../locators/locators';
import type { Operation, OperationCall, PreparedWork } from '../../operation/operation';
import { dataflowsAsTheyAre, tellOfUnreadable } from './asTheyAre';
import { DatabaseLookUps } from './lookUps';
import {
	newColumnsParameter,
	planForParameter,
	planParameters,
	useColumnsParameter,
} from './parameters';
import { comparedWith, planOutput, readCompared } from './planTable';
import { readDesired } from './readDesired';

export const plan: Operation<DatabaseLookUps> = {
	value: 'plan',
	name: 'Plan',
	action: 'Plan the tables of a database',
	description: 'Compare how tables should be loaded with Adobe and the database. Changes nothing.',
	subject: tableParameter,
	parameters: planParameters,
	looksAhead: true,
	begin: () => new DatabaseLookUps(),
	async prepare(call) {
		return call.parameters.choice(planForParameter) === 'tables'
			? planOfTable(call)
			: planOfExisting(call);
	},
	complete: async (_outcomes, run) => tellOfUnreadable(run),
};

function planOfTable(call: OperationCall<DatabaseLookUps>): PreparedWork {
	const { context, itemIndex, parameters, state: lookUps } = call;
	const connection = locateConnection(call);
	const table = readTable(parameters);
	const columns = parameters.boolean(useColumnsParameter)
		? (context.getInputData()[itemIndex]?.json ?? {})
		: {};
	const asked = readDesired(parameters, table, columns, context.getTimezone());
	lookUps.expect(call.scope, asked);
	return async () => {
		const client = call.openClient();
		const desired = { ...asked, connectionId: await connection.id(client) };
		return planOutput(client, await readCompared(call, client, lookUps, desired));
	};
}

/** Each dataflow of a connection, compared with itself as it was made. */
function planOfExisting(call: OperationCall<DatabaseLookUps>): PreparedWork {
	const { parameters, state: lookUps } = call;
	const connection = locateConnection(call);
	const newColumns = parameters.choice(newColumnsParameter);
	return async () => {
		const client = call.openClient();
		const connectionId = await connection.id(client);
		const there = await dataflowsAsTheyAre(client, lookUps, connectionId, newColumns);
		return await Promise.all(
			there.map(async ({ actual, desired }): Promise<IDataObject> => {
				const compared = await comparedWith(client, lookUps, desired, async () => actual);
				return planOutput(client, compared);
			}),
		);
	};
}
