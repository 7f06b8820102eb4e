import type { PlatformRequest } from '../platform/answer';
import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/problem';
import { asRecord, textOf } from '../platform/shape';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES } from './connectionSpec';
import type { BaseConnection } from './connections';
import { getConnection } from './connections';
import { FLOW_SERVICE } from './path';

/** What is to be different afterwards; what is left out stays as it is. */
export interface ConnectionChanges {
	name?: string;
	/** An empty text takes the description away. */
	description?: string;
	/** All of the authentication: Adobe forgets every parameter that is not sent again. */
	auth?: { authMode: AuthMode; params: Record<string, string> };
}

export interface UpdateResult {
	/** As it was read before the change. */
	before: BaseConnection;
	/** Of the connection as it is now. */
	etag?: string;
	action: 'updated' | 'unchanged';
}

interface PatchOperation {
	op: 'add' | 'replace';
	path: string;
	value: unknown;
}

const VERSION_CONFLICT = 412;

/**
 * Changes what differs, and sends nothing where nothing does. Secrets can't be read back, so an
 * authentication that is given is always sent.
 *
 * Somebody else may write at the same time (412). Then the connection is read again and the change
 * sent once more with the fresh etag, unless both have changed the same: which is told, never
 * overwritten. Of two new passwords nothing can be seen, so that always counts as the same.
 *
 * @throws Problem
 */
export async function updateConnection(
	client: ItemClient,
	id: string,
	changes: ConnectionChanges,
): Promise<UpdateResult> {
	const before = await getConnection(client, id);
	const operations = operationsFor(before, changes);
	if (operations.length === 0) return { before, etag: before.etag, action: 'unchanged' };
	try {
		return { before, etag: await patch(client, before, operations), action: 'updated' };
	} catch (error) {
		if (!isConflict(error)) throw withAdvice(error);
		return await tryOnceMore(client, before, changes, error);
	}
}

async function tryOnceMore(
	client: ItemClient,
	before: BaseConnection,
	changes: ConnectionChanges,
	conflict: Problem,
): Promise<UpdateResult> {
	const now = await getConnection(client, before.id);
	if (collides(before, now, changes)) throw collision(before.id, conflict);
	const operations = operationsFor(now, changes);
	if (operations.length === 0) return { before: now, etag: now.etag, action: 'unchanged' };
	try {
		return { before: now, etag: await patch(client, now, operations), action: 'updated' };
	} catch (error) {
		throw isConflict(error) ? collision(before.id, error) : withAdvice(error);
	}
}

/** `PATCH /connections/{id}` with `If-Match`: 200 `{ id, etag }`; the etag of the new version. */
async function patch(
	client: ItemClient,
	{ id, etag }: BaseConnection,
	operations: PatchOperation[],
): Promise<string | undefined> {
	const request: PlatformRequest = {
		method: 'PATCH',
		path: [...FLOW_SERVICE, 'connections', id],
		// As Adobe gave it, with its own quotes.
		headers: etag === undefined ? {} : { 'If-Match': etag },
		body: operations,
		operation: 'Update a connection',
		permission: 'Manage Sources',
		subject: `The connection '${id}'`,
	};
	const answer = await client.request(request);
	return textOf(asRecord(answer.body)?.etag);
}

function operationsFor(connection: BaseConnection, changes: ConnectionChanges): PatchOperation[] {
	const operations: PatchOperation[] = [];
	const { name, description, auth } = changes;
	if (name !== undefined && name !== connection.name) {
		operations.push({ op: 'replace', path: '/name', value: name });
	}
	if (description !== undefined && description !== descriptionOf(connection)) {
		operations.push({ op: 'add', path: '/description', value: description });
	}
	if (auth !== undefined) {
		const sameMode = auth.authMode === connection.authMode;
		operations.push(
			sameMode
				? { op: 'replace', path: '/auth/params', value: auth.params }
				: {
						op: 'replace',
						path: '/auth',
						value: { specName: AUTH_SPEC_NAMES[auth.authMode], params: auth.params },
					},
		);
	}
	return operations;
}

function collides(
	before: BaseConnection,
	now: BaseConnection,
	changes: ConnectionChanges,
): boolean {
	if (changes.auth !== undefined) return true;
	const nameMoved =
		changes.name !== undefined && now.name !== before.name && now.name !== changes.name;
	const described = descriptionOf(now);
	const descriptionMoved =
		changes.description !== undefined &&
		described !== descriptionOf(before) &&
		described !== changes.description;
	return nameMoved || descriptionMoved;
}

function descriptionOf(connection: BaseConnection): string {
	return textOf(connection.raw.description) ?? '';
}

function isConflict(error: unknown): error is Problem {
	return error instanceof Problem && error.details.status === VERSION_CONFLICT;
}

function collision(id: string, conflict: Problem): Problem {
	return conflict.with({
		message: `Somebody else has changed the connection '${id}' at the same time`,
		description: `Nothing was changed by this item. Look at the connection, and execute the node again if the change is still wanted. ${conflict.description}`,
	});
}

function withAdvice(error: unknown): unknown {
	if (!(error instanceof Problem) || !error.outcomeUnknown) return error;
	return error.with({
		message: 'It is not clear whether Adobe has changed the connection',
		description: `It was not sent again. Execute the node once more: the same change twice does no harm. ${error.message}. ${error.description}`,
	});
}
