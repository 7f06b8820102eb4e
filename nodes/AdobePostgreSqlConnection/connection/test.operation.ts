import { getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { testConnection } from '../../adobe/connectionTest';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import type { Operation } from '../../operation/operation';
import { optionsCollection } from '../../operation/commonParameters';
import { outputOf } from '../../outputs/connection';

export const test: Operation = {
	value: 'test',
	name: 'Test',
	action: 'Test a connection',
	description:
		'Let Adobe log in to the database of a base connection; result is true or false, and a failed test says why',
	parameters: [connectionIdParameter, optionsCollection()],
	async prepare(call) {
		const wanted = locateConnection(call);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const connection = await getResource(client, CONNECTION, id);
			const outcome = await testConnection(client, id);
			return {
				...outputOf(connection, client.sandboxName),
				result: outcome.passed,
				...(outcome.passed ? {} : { reason: outcome.reason, advice: outcome.advice }),
			};
		};
	},
};
