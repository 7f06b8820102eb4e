import type { ItemClient } from '../platform/client';
import { detailsDiffer } from '../postgresql/detailsDiffer';
import type { PatchOperation } from './collection';
import { descriptionOf, getResource } from './collection';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES } from './connectionSpec';
import type { BaseConnection } from './connections';
import { CONNECTION, paramsOf } from './connections';
import type { UpdateResult } from './lostWrites/changeResource';
import { changeResource } from './lostWrites/changeResource';
import { isChangedByOthers } from './lostWrites/origin';
import { waitWhileInitializing } from './waitFor';

/** The wanted changes; what is left out stays as it is. */
export interface ConnectionChanges {
	name?: string;
	/** An empty string removes the description. */
	description?: string;
	/** All of the authentication: Adobe forgets every parameter that is not sent again. */
	auth?: { authMode: AuthMode; params: Record<string, string> };
}

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
): Promise<UpdateResult<BaseConnection>> {
	return await changeConnection(client, await getResource(client, CONNECTION, id), changes);
}

/**
 * The same for a connection that was read already. Two new passwords can't be told apart, so setting one
 * always collides with another change.
 *
 * @throws Problem
 */
export async function changeConnection(
	client: ItemClient,
	read: BaseConnection,
	changes: ConnectionChanges,
): Promise<UpdateResult<BaseConnection>> {
	return await changeResource(client, CONNECTION, read, {
		operations: (connection) => operationsFor(connection, changes),
		isAsWanted: (connection) => isAsWanted(client, connection, changes),
		whenReady: async (id) => await waitWhileInitializing(client, id),
		collides: (before, now) => collides(before, now, changes),
	});
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

/** Whether nothing visible differs from what was wanted, and nobody else can have changed what is hidden. */
function isAsWanted(
	client: ItemClient,
	connection: BaseConnection,
	changes: ConnectionChanges,
): boolean {
	const { auth, ...visible } = changes;
	if (operationsFor(connection, visible).length > 0) return false;
	if (auth === undefined) return true;
	if (isChangedByOthers(client, connection)) return false;
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
