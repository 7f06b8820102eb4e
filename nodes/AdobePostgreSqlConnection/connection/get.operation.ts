import { getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import { getOperation } from '../../operation/getOperations';
import { connectionDetails } from '../../outputs/connection';

export const get = getOperation({
	action: 'Get a connection',
	description: 'Get a connection and its state',
	locator: connectionIdParameter,
	locate: locateConnection,
	get: async (client, id) => await getResource(client, CONNECTION, id),
	details: connectionDetails,
});
