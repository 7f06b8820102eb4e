import type { ItemClient } from '../../platform/client';
import { asIs } from '../../platform/errors/problem';
import { FilterValues } from '../batches';
import type { Resource, ResourceKind } from '../collection';
import { findResources } from '../collection';
import { MAX_IDS_PER_REQUEST } from './limits';
import { fitsInAList } from './nameFilter';

/**
 * Those of these resources that exist, by their IDs; a hundred per request.
 *
 * @param instead what takes the place of a request that fails; by default, its error is thrown
 */
export async function findByIds<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	ids: Iterable<string>,
	instead: (error: unknown) => T[] = rethrown,
): Promise<Map<string, T>> {
	const found = await Promise.all(
		batchesOf(ids).map(async (some) => {
			const filters = [`id==${some.join(',')}`];
			return await findResources(client, kind, { filters, fewFit: true }).catch(instead);
		}),
	);
	return new Map(found.flat().map((one) => [one.id, one]));
}

function rethrown(error: unknown): never {
	throw asIs(error);
}

/** Each ID once; one that can't be part of a list is left out. */
function batchesOf(ids: Iterable<string>): string[][] {
	const batches: FilterValues[] = [];
	for (const id of new Set(ids)) {
		if (!fitsInAList(id) || batches.at(-1)?.add(id) === true) continue;
		const batch = new FilterValues(MAX_IDS_PER_REQUEST);
		batch.add(id);
		batches.push(batch);
	}
	return batches.map((batch) => batch.all());
}
