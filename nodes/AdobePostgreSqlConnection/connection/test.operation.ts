import { getConnection } from '../../flowService/connections';
import { testConnection } from '../../flowService/connectionTest';
import { connectionIdParameter, readConnectionId } from '../../locators/connectionId';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { outputOf } from './output';

export const test: Operation = {
	value: 'test',
	name: 'Test',
	action: 'Test a connection',
	description:
		'Let Adobe log in to the database of a base connection; result is true or false, and a failed test says why',
	parameters: [connectionIdParameter, optionsCollection()],
	async prepare(call) {
		const id = readConnectionId(call.parameters);
		return async () => {
			const client = call.openClient();
			const connection = await getConnection(client, id);
			const outcome = await testConnection(client, id);
			return {
				...outputOf(connection, client.sandboxName),
				result: outcome.passed,
				...(outcome.passed ? {} : { reason: outcome.reason, advice: outcome.advice }),
			};
		};
	},
};
