import { getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { connectionDetails } from '../../outputs/connection';

export const get = getOperation({
	action: 'Get a connection',
	description: 'Get a base connection of Adobe Experience Platform',
	locator: connectionIdParameter,
	locate: locateConnection,
	get: async (client, id) => await getResource(client, CONNECTION, id),
	details: (found, { sandboxName }, simplify) => connectionDetails(found, sandboxName, simplify),
});
