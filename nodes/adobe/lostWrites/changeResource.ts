import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import type { PatchOperation, Resource, ResourceKind } from '../collection';
import { getResource, patchResource } from '../collection';
import type { Found } from './sendOnce';
import { sendOnce } from './sendOnce';

export interface UpdateResult<T> {
	/** As it was read before the change. */
	before: T;
	/** Of the resource as it is now. */
	etag?: string;
	action: 'updated' | 'unchanged';
}

/** A wanted change of a resource. */
export interface Change<T> {
	/** What it takes, [] where nothing differs. */
	operations(resource: T): PatchOperation[];
	/** Whether nothing visible differs from what was wanted. */
	isAsWanted(resource: T): boolean;
	/** Waits until it can be changed, where it has no version yet. */
	whenReady?(id: string): Promise<T>;
	/** Whether somebody else has changed the same between two readings. */
	collides(before: T, now: T): boolean;
}

/**
 * Changes what differs about a resource that was read already, and sends nothing where nothing does.
 *
 * Somebody else may write at the same time (412). Then the resource is read again and the change
 * sent once more with the fresh etag, unless both have changed the same: which is told, never
 * overwritten.
 *
 * Where no answer says whether the change was made, the resource is read back: with another etag
 * and the wanted values it was; with the same etag it was not, and is sent again. `If-Match` keeps a
 * request that arrives late from changing anything twice.
 *
 * @throws Problem
 */
export async function changeResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	read: T,
	change: Change<T>,
): Promise<UpdateResult<T>> {
	let before = read;
	let conflicts = 0;
	return await sendOnce<UpdateResult<T>>(client, {
		repeatable: true,
		isConflict: ({ kind: problem }) => problem === 'conflict',
		async send() {
			const operations = change.operations(before);
			if (operations.length === 0) return { before, etag: before.etag, action: 'unchanged' };
			if (isUnready(before) && change.whenReady !== undefined) {
				before = await change.whenReady(before.id);
			}
			const etag = await patchResource(client, kind, before, operations);
			return { before, etag, action: 'updated' };
		},
		async find(error, isLost): Promise<Found<UpdateResult<T>> | undefined> {
			const now = await getResource(client, kind, before.id);
			const hasMoved = now.etag !== before.etag;
			if (hasMoved && isLost && change.isAsWanted(now)) {
				return { done: { before: now, etag: now.etag, action: 'updated' } };
			}
			const isConflict = hasMoved || !error.outcomeUnknown;
			if ((hasMoved && change.collides(before, now)) || (isConflict && conflicts++ > 0)) {
				return { failed: collision(kind, now.id, error) };
			}
			before = now;
			return undefined;
		},
		unclear: (unknown) =>
			unknown
				.leadingTo(`It is not clear whether Adobe has changed the ${kind.one}`)
				.advising('Execute the node again; applying the same change twice is safe.'),
	});
}

/** Without a version, a change could undo another one; and what is initializing can't be changed. */
function isUnready({ etag, state }: Resource): boolean {
	return etag === undefined || state === 'initializing';
}

function collision<T extends Resource>(
	{ one }: ResourceKind<T>,
	id: string,
	conflict: Problem,
): Problem {
	return conflict
		.retitled(`Somebody else has changed the ${one} '${id}' at the same time`)
		.advising(`Look at the ${one}, and execute the node again if the change is still wanted.`)
		.noting('It holds what was written last.');
}
