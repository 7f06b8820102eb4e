import type { IDataObject } from 'n8n-workflow';

import { getConnection } from '../../flowService/connections';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { withoutSecrets } from '../../postgresql/secrets';
import { connectionIdParameter, readConnectionId } from './connectionId';
import { outputOf } from './output';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a connection',
	description: 'Get a base connection of Adobe Experience Platform by its ID',
	parameters: [
		connectionIdParameter,
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		optionsCollection(),
	],
	async prepare(call) {
		const id = readConnectionId(call.parameters);
		const simplify = call.parameters.raw('simplify') !== false;
		return async () => {
			const client = call.openClient();
			const connection = await getConnection(client, id);
			const output = outputOf(connection, client.sandboxName);
			if (!simplify) return { ...output, ...(withoutSecrets(connection.raw) as IDataObject) };
			const { description, createdAt, updatedAt } = connection.raw;
			return {
				...output,
				description: typeof description === 'string' ? description : null,
				createdAt: isoDate(createdAt),
				updatedAt: isoDate(updatedAt),
			};
		};
	},
};

// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/** Flow Service gives times as epoch milliseconds. */
function isoDate(epochMs: unknown): string | null {
	return typeof epochMs === 'number' && Math.abs(epochMs) <= LAST_DATE_MS
		? new Date(epochMs).toISOString()
		: null;
}
