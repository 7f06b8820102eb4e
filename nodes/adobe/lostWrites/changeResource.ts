import type { ItemClient } from '../../platform/client';
import { asIs, Problem, stillUnknown } from '../../platform/errors/problem';
import type { PatchOperation, Resource, ResourceKind } from '../collection';
import { getResource, patchResource } from '../collection';

export interface UpdateResult<T> {
	/** As it was read before the change. */
	before: T;
	/** Of the resource as it is now. */
	etag?: string;
	action: 'updated' | 'unchanged';
}

/** What is to be different about a resource. */
export interface Change<T> {
	/** What has to be done to it, [] where nothing differs. */
	operations(resource: T): PatchOperation[];
	/** Whether nothing is to be seen that differs from what was wanted. */
	isAsWanted(resource: T): boolean;
	/** Whether somebody else has changed the same between two readings. */
	collides(before: T, now: T): boolean;
}

const MOST_ATTEMPTS = 4;

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
	let lost: Problem | undefined;
	for (let count = 1; ; count++) {
		const operations = change.operations(before);
		if (operations.length === 0) return { before, etag: before.etag, action: 'unchanged' };
		try {
			const etag = await patchResource(client, kind, before, operations);
			return { before, etag, action: 'updated' };
		} catch (error) {
			if (!(error instanceof Problem)) throw asIs(error);
			const conflict = error.kind === 'conflict';
			if (!conflict && !error.outcomeUnknown) {
				throw lost === undefined ? asIs(error) : withAdvice(kind, stillUnknown(lost, error));
			}
			if (count === MOST_ATTEMPTS) {
				throw conflict ? collision(kind, before.id, error) : withAdvice(kind, error);
			}
			if (error.outcomeUnknown) lost = error;
			const now = await readBack(client, kind, before.id, error);
			const moved = now.etag !== before.etag;
			if (moved && lost !== undefined && change.isAsWanted(now)) {
				return { before: now, etag: now.etag, action: 'updated' };
			}
			if (moved && change.collides(before, now)) throw collision(kind, before.id, error);
			if ((moved || conflict) && conflicts++ > 0) throw collision(kind, before.id, error);
			before = now;
		}
	}
}

/** @throws Problem that says so when even reading fails after a change of unknown outcome */
async function readBack<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	id: string,
	cause: Problem,
): Promise<T> {
	return await getResource(client, kind, id).catch((error: unknown) => {
		throw cause.outcomeUnknown ? withAdvice(kind, cause) : error;
	});
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

function withAdvice<T extends Resource>({ one }: ResourceKind<T>, unknown: Problem): Problem {
	return unknown
		.leadingTo(`It is not clear whether Adobe has changed the ${one}`)
		.advising('Execute the node again; applying the same change twice is safe.')
		.noting('The change was not retried.');
}
