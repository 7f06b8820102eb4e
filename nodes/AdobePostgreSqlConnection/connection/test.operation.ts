import { getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { testConnection } from '../../adobe/connectionTest';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import type { Operation } from '../../operation/operation';
import { optionsCollection } from '../../operation/commonParameters';
import { output } from '../../outputs/common';
import { asRead, connectionMembers } from '../../outputs/connection';

export const test: Operation = {
	value: 'test',
	name: 'Test',
	action: 'Test a connection',
	description: 'Check that Adobe can log in to the database',
	parameters: [connectionIdParameter, optionsCollection()],
	async prepare(call) {
		const wanted = locateConnection(call);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const connection = await getResource(client, CONNECTION, id);
			const outcome = await testConnection(client, id);
			const { name, connectionId, ...others } = connectionMembers(client, asRead(connection));
			return output({
				result: outcome.passed,
				...(outcome.passed ? {} : { reason: outcome.reason, advice: outcome.advice }),
				...{ name, connectionId, ...others },
			});
		};
	},
};
