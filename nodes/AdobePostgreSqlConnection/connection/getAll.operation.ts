import type { INodeProperties } from 'n8n-workflow';

import type { ConnectionQuery } from '../../adobe/connections';
import { findConnections } from '../../adobe/connections';
import {
	getManyOperation,
	namedFilters,
	readNamedQuery,
	sortOptionFor,
} from '../../operation/getOperations';
import { connectionDetails } from '../../outputs/connection';

const LISTED = { plural: 'connections', example: 'Sales database' };

const specFilter: INodeProperties = {
	displayName: 'Connection Spec ID',
	name: 'connectionSpecId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 26d738e0-8963-47ea-aadf-c60de735468a',
	description: 'Another source than PostgreSQL, by the ID of its connection spec',
};

const filters = namedFilters(LISTED, specFilter);

export const getAll = getManyOperation({
	action: 'Get many connections',
	description: 'Get many base connections of Adobe Experience Platform, PostgreSQL ones by default',
	filters,
	options: [sortOptionFor(LISTED)],
	readQuery: ({ parameters }): ConnectionQuery => ({
		...readNamedQuery(parameters, filters),
		connectionSpecId: parameters.collection(filters).text(specFilter)?.trim() || undefined,
	}),
	find: async (client, query, limit) => await findConnections(client, query, limit),
	details: connectionDetails,
});
