import type { INodeProperties } from 'n8n-workflow';

import type { ConnectionQuery } from '../../adobe/connections';
import { findConnections } from '../../adobe/connections';
import { readFilterId } from '../../locators/locators';
import { getManyOperation } from '../../operation/getOperations';
import { listParameters, readListQuery } from '../../operation/listQuery';
import { connectionDetails } from '../../outputs/connection';

const specFilter: INodeProperties = {
	displayName: 'Connection Spec ID',
	name: 'connectionSpecId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 26d738e0-8963-47ea-aadf-c60de735468a',
	description:
		'ID of the connection spec of another source, to list its connections instead of PostgreSQL ones',
};

const list = listParameters('connections', 'Sales database', specFilter);

export const getAll = getManyOperation({
	action: 'Get many connections',
	description:
		'Get many connections of the sandbox. Only those to PostgreSQL, unless a filter says otherwise.',
	filters: list.filters,
	options: [list.sort],
	readQuery: ({ parameters }): ConnectionQuery => ({
		...readListQuery(parameters, list),
		connectionSpecId: readFilterId(
			parameters.collection(list.filters),
			specFilter,
			'Give an ID such as 26d738e0-8963-47ea-aadf-c60de735468a.',
		),
	}),
	find: async (client, query, limit) => await findConnections(client, query, limit),
	details: connectionDetails,
});
