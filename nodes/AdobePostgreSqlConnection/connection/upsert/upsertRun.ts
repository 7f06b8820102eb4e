import { ConnectionIndex } from '../../../adobe/connectionBatches';
import type { Problem } from '../../../platform/errors/problem';
import { OneAtATime } from '../../../platform/keyed';
import type { UpsertItem } from './upsertItem';

/** A connection that an item has created before it failed. */
export interface KeptConnection {
	itemIndex: number;
	id: string;
	name: string;
	/** What the item has failed with. */
	problem: Problem;
}

/** What the items of one execution of Create or Update have in common. */
export class UpsertRun {
	readonly index = new ConnectionIndex();
	/** Two items of the same name must not both find nothing. */
	readonly byName = new OneAtATime();
	/** Those that have created a connection, by its ID. */
	readonly creators = new Map<string, UpsertItem>();
	/** What items that have failed leave behind. */
	readonly kept: KeptConnection[] = [];
	/** How many items were left alone without knowing whether their secrets are new. */
	unknownSecrets = 0;
}
