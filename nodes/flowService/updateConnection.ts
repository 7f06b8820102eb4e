import type { PlatformRequest } from '../platform/answer';
import type { ItemClient } from '../platform/client';
import { asIs, Problem } from '../platform/problem';
import { asRecord, textOf } from '../platform/shape';
import { detailsDiffer } from '../postgresql/detailsDiffer';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES } from './connectionSpec';
import type { BaseConnection } from './connections';
import { getConnection, paramsOf } from './connections';
import { FLOW_SERVICE } from './path';
import { descriptionOf } from './resources';

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
const MOST_ATTEMPTS = 4;

/**
 * Changes what differs, and sends nothing where nothing does. Secrets can't be read back, so an
 * authentication that is given is always sent.
 *
 * @throws Problem
 */
export async function updateConnection(
	client: ItemClient,
	id: string,
	changes: ConnectionChanges,
): Promise<UpdateResult> {
	return await changeConnection(client, await getConnection(client, id), changes);
}

/**
 * The same for a connection that was read already.
 *
 * Somebody else may write at the same time (412). Then the connection is read again and the change
 * sent once more with the fresh etag, unless both have changed the same: which is told, never
 * overwritten. Of two new passwords nothing can be seen, so that always counts as the same.
 *
 * Where no answer says whether the change was made, the connection is read back: with another etag
 * and the wanted values it was; with the same etag it was not, and is sent again. `If-Match` keeps a
 * request that arrives late from changing anything twice.
 *
 * @throws Problem
 */
export async function changeConnection(
	client: ItemClient,
	read: BaseConnection,
	changes: ConnectionChanges,
): Promise<UpdateResult> {
	let before = read;
	let conflicts = 0;
	let mayBeDone = false;
	for (let count = 1; ; count++) {
		const operations = operationsFor(before, changes);
		if (operations.length === 0) return { before, etag: before.etag, action: 'unchanged' };
		try {
			return { before, etag: await patch(client, before, operations), action: 'updated' };
		} catch (error) {
			if (!(error instanceof Problem)) throw asIs(error);
			const conflict = error.details.status === VERSION_CONFLICT;
			if (!conflict && !error.outcomeUnknown) throw asIs(error);
			if (count === MOST_ATTEMPTS) {
				throw conflict ? collision(before.id, error) : withAdvice(error);
			}
			mayBeDone ||= error.outcomeUnknown;
			const now = await readBack(client, before.id, error);
			const moved = now.etag !== before.etag;
			if (moved && mayBeDone && isAsWanted(now, changes)) {
				return { before: now, etag: now.etag, action: 'updated' };
			}
			if (moved && collides(before, now, changes)) throw collision(before.id, error);
			if ((moved || conflict) && conflicts++ > 0) throw collision(before.id, error);
			before = now;
		}
	}
}

/** @throws Problem that says so when even reading fails after a change of unknown outcome */
async function readBack(client: ItemClient, id: string, cause: Problem): Promise<BaseConnection> {
	return await getConnection(client, id).catch((error: unknown) => {
		throw cause.outcomeUnknown ? withAdvice(cause) : error;
	});
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

/** Whether nothing is to be seen that differs from what was wanted. */
function isAsWanted(connection: BaseConnection, changes: ConnectionChanges): boolean {
	const { auth, ...visible } = changes;
	if (operationsFor(connection, visible).length > 0) return false;
	if (auth === undefined) return true;
	return auth.authMode === connection.authMode && !detailsDiffer(paramsOf(connection), auth.params);
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

function collision(id: string, conflict: Problem): Problem {
	return conflict.with({
		message: `Somebody else has changed the connection '${id}' at the same time`,
		description: `It holds what was written last. Look at the connection, and execute the node again if the change is still wanted. ${conflict.description}`,
	});
}

function withAdvice(error: unknown): unknown {
	if (!(error instanceof Problem) || !error.outcomeUnknown) return error;
	return error.with({
		message: 'It is not clear whether Adobe has changed the connection',
		description: `It was not sent again. Execute the node once more: the same change twice does no harm. ${error.message}. ${error.description}`,
	});
}
