import type { IDataObject } from 'n8n-workflow';

import { findFlows } from '../../adobe/dataflows';
import { locateConnection } from '../../locators/locate';
import { readTable, tableParameter } from '../../locators/locators';
import type { Operation, OperationCall, PreparedWork } from '../../operation/operation';
import { DatabaseLookUps } from './lookUps';
import {
	newColumnsParameter,
	planForParameter,
	planParameters,
	useColumnsParameter,
} from './parameters';
import { comparedWith, planOutput, readCompared } from './planTable';
import { actualOf } from './readActual';
import { readDesired } from './readDesired';
import { desiredFromActual } from './existing';

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
		const flows = await findFlows(client, { connectionId, orderBy: 'name' });
		lookUps.flows.expectEnds(client.scope, flows);
		const tenantId = flows.length === 0 ? '' : await lookUps.flows.tenantId(client);
		const plans = await Promise.all(
			flows.map(async (flow): Promise<IDataObject[]> => {
				const actual = await actualOf(client, lookUps, flow);
				const desired = desiredFromActual(actual, { newColumns, tenantId });
				if (desired === undefined) return [];
				const compared = await comparedWith(client, lookUps, desired, async () => actual);
				return [planOutput(client, compared)];
			}),
		);
		return plans.flat();
	};
}
