import type { IDataObject } from 'n8n-workflow';

import type { BaseConnection } from '../../flowService/connections';
import { isoDate } from '../../operations/isoDate';
import { withoutSecrets } from '../../postgresql/secrets';
import { outputOf } from './output';

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
		description: typeof description === 'string' ? withoutSecrets(description) : null,
		createdAt: isoDate(createdAt),
		updatedAt: isoDate(updatedAt),
	};
}
