import type { INodeProperties } from 'n8n-workflow';

import { findConnections } from '../../adobe/connections';
import { readFilterId } from '../../locators/locators';
import {
	limitParameters,
	optionsCollection,
	readLimit,
	simplifyParameter,
} from '../../operation/commonParameters';
import { listParameters, readListQuery } from '../../operation/listQuery';
import type { Operation } from '../../operation/operation';
import { connectionDetails } from '../../outputs/connection';

const specFilter: INodeProperties = {
	displayName: 'Connection Spec ID',
	name: 'connectionSpecId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 26d738e0-8963-47ea-aadf-c60de735468a',
	description: 'Another source than PostgreSQL, by the ID of its connection spec',
};

const list = listParameters('connections', 'Sales database', specFilter);

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many connections',
	description: 'Get many base connections of Adobe Experience Platform, PostgreSQL ones by default',
	parameters: [...limitParameters, simplifyParameter, list.filters, optionsCollection([list.sort])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean(simplifyParameter);
		const { query, chosen } = readListQuery(parameters, list);
		const connectionSpecId = readFilterId(
			chosen,
			specFilter,
			'a connection spec',
			'Give an ID such as 26d738e0-8963-47ea-aadf-c60de735468a. A name is not enough.',
		);
		return async () => {
			const client = openClient();
			const connections = await findConnections(client, { ...query, connectionSpecId }, limit);
			return connections.map((connection) =>
				connectionDetails(connection, client.sandboxName, simplify),
			);
		};
	},
};
