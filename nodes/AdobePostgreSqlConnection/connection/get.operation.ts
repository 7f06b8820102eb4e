import { getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { connectionIdParameter, readConnectionId } from '../../locators/locators';
import { optionsCollection, simplifyParameter } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { connectionDetails } from '../../outputs/connection';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a connection',
	description: 'Get a base connection of Adobe Experience Platform by its ID',
	parameters: [connectionIdParameter, simplifyParameter, optionsCollection()],
	async prepare(call) {
		const id = readConnectionId(call.parameters);
		const simplify = call.parameters.boolean(simplifyParameter);
		return async () => {
			const client = call.openClient();
			const connection = await getResource(client, CONNECTION, id);
			return connectionDetails(connection, client.sandboxName, simplify);
		};
	},
};
