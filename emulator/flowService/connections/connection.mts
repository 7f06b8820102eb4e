import type { FlowEntity, NewEntity } from '../flowEntityStore.mts';

/** What Adobe logs in to the database with; some of the values are secrets. */
export interface ConnectionAuth {
	specName: string;
	params: Record<string, unknown>;
}

/** flow-service.md 4.7: named in error texts; the emulator itself never enters one. */
export type TransitionalState =
	| 'updating'
	| 'enabling'
	| 'disabling'
	| 'enabled-finalizing'
	| 'delete-finalizing';

/** A base connection as the emulator holds it: flow-service.md 4.3, with its secrets. */
export interface StoredConnection extends FlowEntity {
	connectionSpec: { id: string; version: string };
	state: 'enabled' | 'disabled' | 'initializing' | 'draft' | TransitionalState;
	auth: ConnectionAuth;
	/** How many more GETs see it as `initializing`. */
	pollsLeft: number;
}

/** What the creator decides; the rest is given by the store. */
export type NewConnection = NewEntity<StoredConnection>;

/** What a PATCH may change. */
export type Changeable = Pick<StoredConnection, 'name' | 'description' | 'auth'>;
