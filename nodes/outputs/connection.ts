import type { IDataObject } from 'n8n-workflow';

import type { AuthMode } from '../adobe/connectionSpec';
import type { BaseConnection } from '../adobe/connections';
import type { MadeConnection } from '../adobe/lostWrites/connectionCreations';
import type { Place } from '../adobe/webLinks';
import { connectionUrl } from '../adobe/webLinks';
import { isoDate } from '../operation/time';
import { withoutSecrets } from '../redaction/secrets';
import type { Members } from './common';
import { output, rewrite } from './common';

export type Cloud = 'azure' | 'aws';

/** What every operation on a connection returns; what is not known is left out. */
export interface ConnectionOutput {
	connectionId: string;
	etag?: string;
	name?: string;
	state?: string;
	/** What was done, and whether Adobe has logged in to the database in this execution. */
	action?: string;
	verified?: true;
	cloud?: Cloud;
	authMode?: AuthMode;
	sandboxName?: string;
	/** What an operation has of its own, e.g. other connections of the name. */
	more?: Members;
}

/** The answer first, then the names, the IDs and the link; the version last. */
export function connectionMembers(place: Place, connection: ConnectionOutput): Members {
	const { name, state, action, verified, connectionId, cloud, authMode } = connection;
	return {
		...{ name, state, action, verified, connectionId },
		url: connectionUrl(
			{ ...place, sandboxName: connection.sandboxName ?? place.sandboxName },
			connectionId,
		),
		...{ cloud, authMode },
		sandboxName: connection.sandboxName ?? place.sandboxName,
		...connection.more,
		etag: connection.etag,
	};
}

export function connectionOutput(place: Place, connection: ConnectionOutput): IDataObject {
	return output(connectionMembers(place, connection));
}

/**
 * Connections that may have come of the same item, where Adobe's answer was lost and it was sent again:
 * their IDs, null where it is not known whether there are any; no member where there are none.
 */
export function possibleDuplicates({ others }: Pick<MadeConnection, 'others'>): Members {
	if (others === undefined) return {};
	return { possibleDuplicates: others === 'unknown' ? null : others.ids };
}

/** What an output says of a connection that was read from Adobe. */
export function asRead(connection: BaseConnection): ConnectionOutput {
	const { id, etag, name, state, authMode, sandboxName } = connection;
	return { connectionId: id, etag, name, state, cloud: cloudOf(connection), authMode, sandboxName };
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
	place: Place,
	simplify: boolean,
): IDataObject {
	const { description, createdAt, updatedAt } = connection.raw;
	if (!simplify) {
		return {
			...connectionOutput(place, asRead(connection)),
			...(withoutSecrets(connection.raw) as IDataObject),
		};
	}
	const more = {
		description: typeof description === 'string' ? withoutSecrets(description) : undefined,
		createdAt: isoDate(createdAt) ?? undefined,
		updatedAt: isoDate(updatedAt) ?? undefined,
	};
	return connectionOutput(place, { ...asRead(connection), more });
}

/** Puts what Adobe said later into an output that was handed over already, in its place. */
export function completeOutput(
	json: IDataObject,
	{ etag, state }: Pick<BaseConnection, 'etag' | 'state'>,
	more: Members = {},
): void {
	const { name, state: stateBefore, etag: etagBefore, ...others } = json;
	rewrite(json, {
		name,
		state: state ?? stateBefore,
		...others,
		...more,
		etag: etag ?? etagBefore,
	});
}
