import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { BaseConnection } from '../../flowService/connections';
import { withoutSecrets } from '../../postgresql/secrets';
import { outputOf } from './output';

export const simplifyParameter: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/**
 * A connection as Get and Get Many put it out: with Simplify the few members that a workflow
 * needs, without it all that Adobe sent behind them. Secrets are in neither.
 */
export function connectionDetails(
	connection: BaseConnection,
	sandboxName: string,
	simplify: boolean,
): IDataObject {
	const output = outputOf(connection, sandboxName);
	if (!simplify) return { ...output, ...(withoutSecrets(connection.raw) as IDataObject) };
	const { description, createdAt, updatedAt } = connection.raw;
	return {
		...output,
		description: typeof description === 'string' ? description : null,
		createdAt: isoDate(createdAt),
		updatedAt: isoDate(updatedAt),
	};
}

/** Flow Service gives times as epoch milliseconds. */
function isoDate(epochMs: unknown): string | null {
	return typeof epochMs === 'number' && Math.abs(epochMs) <= LAST_DATE_MS
		? new Date(epochMs).toISOString()
		: null;
}
