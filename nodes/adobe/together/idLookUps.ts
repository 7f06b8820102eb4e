import type { ItemClient } from '../../platform/client';
import type { Resource, ResourceKind } from '../collection';
import { getResource } from '../collection';
import { findByIds } from '../filters/byIds';
import { MAX_IDS_PER_REQUEST } from '../filters/limits';
import { LookUps } from './lookUps';

/**
 * Reads resources of one kind by their IDs, a hundred with one request. A list may lag, or leave out what
 * a GET by its ID shows: what is missing is read that way, and so is one that nobody else waits with.
 */
export class IdLookUps<T extends Resource> {
	private readonly lookUps: LookUps<T>;

	constructor(private readonly kind: ResourceKind<T>) {
		this.lookUps = new LookUps(MAX_IDS_PER_REQUEST, async (client, ids) => {
			const [only, ...more] = ids;
			if (only === undefined || more.length > 0) return await findByIds(client, kind, ids);
			return new Map([[only, await getResource(client, kind, only)]]);
		});
	}

	/** Announces an ID that may be read. */
	expect(scope: string, id: string): void {
		this.lookUps.expect(scope, id);
	}

	/** @throws Problem where it is not there, too */
	async get(client: ItemClient, id: string): Promise<T> {
		return (await this.lookUps.find(client, id)) ?? (await getResource(client, this.kind, id));
	}

	/** It may have changed: the next one reads it again. */
	forget(scope: string, id: string): void {
		this.lookUps.forget(scope, id);
	}
}
