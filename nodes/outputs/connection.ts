import type { IDataObject } from 'n8n-workflow';

import type { AuthMode } from '../adobe/connectionSpec';
import type { BaseConnection } from '../adobe/connections';
import type { MadeConnection } from '../adobe/lostWrites/connectionCreations';
import { isoDate } from '../operation/time';
import { withoutSecrets } from '../redaction/secrets';

export type Cloud = 'azure' | 'aws';

/** What every operation on a connection returns; null where Adobe's answer does not say. */
export interface ConnectionOutput {
	connectionId: string;
	etag?: string;
	name?: string;
	state?: string;
	cloud?: Cloud;
	authMode?: AuthMode;
	sandboxName?: string;
}

/** The output's members in their order; `connectionId` and `id` are the same. */
export function connectionOutput(connection: ConnectionOutput): IDataObject {
	return {
		connectionId: connection.connectionId,
		id: connection.connectionId,
		etag: connection.etag ?? null,
		name: connection.name ?? null,
		state: connection.state ?? null,
		cloud: connection.cloud ?? null,
		authMode: connection.authMode ?? null,
		sandboxName: connection.sandboxName ?? null,
	};
}

/**
 * Connections that may have come of the same item, where Adobe's answer was lost and it was sent again:
 * their IDs, null where it is not known whether there are any; no member where there are none.
 */
export function possibleDuplicates({ others }: Pick<MadeConnection, 'others'>): IDataObject {
	if (others === undefined) return {};
	return { possibleDuplicates: others === 'unknown' ? null : others.ids };
}

/** The output for a connection that was read from Adobe. */
export function outputOf(connection: BaseConnection, sandboxName: string): IDataObject {
	return connectionOutput({
		connectionId: connection.id,
		etag: connection.etag,
		name: connection.name,
		state: connection.state,
		cloud: cloudOf(connection),
		authMode: connection.authMode,
		sandboxName: connection.sandboxName ?? sandboxName,
	});
}

/** Adobe does not store the cloud; only Azure has connection strings. */
function cloudOf(connection: BaseConnection): Cloud | undefined {
	return connection.authMode === 'connectionString' ? 'azure' : undefined;
}

/**
 * A connection as Get and Get Many return it: with Simplify the few members that a workflow needs,
 * without it also everything that Adobe sent. Neither has secrets.
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
