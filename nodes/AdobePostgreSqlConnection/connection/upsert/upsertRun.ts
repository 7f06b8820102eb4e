import { ConnectionCreations } from '../../../adobe/lostWrites/connectionCreations';
import { ConnectionIndex } from '../../../adobe/connectionBatches';
import { OneAtATime } from '../../../platform/keyed';

/** What the items of one execution of Create or Update have in common. */
export class UpsertRun {
	readonly index = new ConnectionIndex();
	readonly creations = new ConnectionCreations();
	/** Two items of the same name must not both find nothing. */
	readonly byName = new OneAtATime();
	/** New connections that no answer has named: they may be somebody else's. */
	readonly adopted = new Set<string>();
	/** How many items were left alone without knowing whether their secrets are new. */
	unknownSecrets = 0;
}
