import { ConnectionIndex } from '../../../adobe/connectionBatches';
import { OneAtATime } from '../../../platform/keyed';
import type { UpsertItem } from './upsertItem';

/** For all executions of this process: one may remove again what it has made, and another not take it before. */
const ONE_OF_A_NAME = new OneAtATime();

/** What the items of one execution of Create or Update have in common. */
export class UpsertRun {
	readonly index = new ConnectionIndex();
	/** Two items of the same name must not both find nothing. */
	readonly byName = ONE_OF_A_NAME;
	/** Those that have created a connection, by its ID. */
	readonly creators = new Map<string, UpsertItem>();
	/** How many items were left alone without knowing whether their secrets are new. */
	unknownSecrets = 0;
}
