import { ConnectionIndex } from '../../../adobe/connectionBatches';
import { OneAtATime } from '../../../platform/keyed';
import type { UpsertItem } from './upsertItem';

/** What the items of one execution of Create or Update have in common. */
export class UpsertRun {
	readonly index = new ConnectionIndex();
	/** Two items of the same name must not both find nothing. */
	readonly byName = new OneAtATime();
	/** Those that have created a connection, by its ID. */
	readonly creators = new Map<string, UpsertItem>();
	/** How many items were left alone without knowing whether their secrets are new. */
	unknownSecrets = 0;
}
