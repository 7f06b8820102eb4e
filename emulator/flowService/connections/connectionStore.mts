import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from '../../identity/clients.mts';

/** What the connection is to log in with; the values are secrets in part. */
export interface ConnectionAuth {
	specName: string;
	params: Record<string, unknown>;
}

/** flow-service.md 4.7: named in error texts; the emulator never enters one of itself. */
export type TransitionalState =
	| 'updating'
	| 'enabling'
	| 'disabling'
	| 'enabled-finalizing'
	| 'delete-finalizing';

/** A base connection as the emulator holds it: flow-service.md 4.3, with its secrets. */
export interface StoredConnection {
	id: string;
	/** Order of creation; ties in a listing are broken by it. */
	sequence: number;
	createdAt: number;
	updatedAt: number;
	createdBy: string;
	updatedBy: string;
	createdClient: string;
	updatedClient: string;
	sandboxId: string;
	sandboxName: string;
	imsOrgId: string;
	name: string;
	description?: string;
	connectionSpec: { id: string; version: string };
	state: 'enabled' | 'disabled' | 'initializing' | 'draft' | TransitionalState;
	auth: ConnectionAuth;
	etag: string;
	lastOperation: { started: number; updated: number; operation: string };
	/** How many more GETs see it as `initializing`. */
	pollsLeft: number;
}

/** What the creator decides; the rest is given by the store. */
export type NewConnection = Omit<
	StoredConnection,
	'id' | 'sequence' | 'createdAt' | 'updatedAt' | 'etag' | 'lastOperation'
>;

/** What a PATCH may change. */
export type Changeable = Pick<StoredConnection, 'name' | 'description' | 'auth'>;

/** All base connections of all organizations and sandboxes, in memory. */
export class ConnectionStore {
	private readonly byId = new Map<string, StoredConnection>();
	private sequence = 0;
	/** Connections made, changed and deleted, whether the client got the answer or not. */
	writesDone = 0;

	constructor(private readonly makeEtag: () => string) {}

	/** Names are not unique: flow-service.md 4.2. */
	create(given: NewConnection): StoredConnection {
		const now = Date.now();
		const operation = given.state === 'draft' ? 'draft_create' : 'create';
		const connection: StoredConnection = {
			...given,
			id: randomUUID(),
			sequence: ++this.sequence,
			createdAt: now,
			updatedAt: now,
			etag: this.makeEtag(),
			lastOperation: { started: now, updated: now, operation },
		};
		this.byId.set(connection.id, connection);
		this.writesDone++;
		return connection;
	}

	find(id: string): StoredConnection | undefined {
		return this.byId.get(id);
	}

	/** Every update gives a new etag, even one that leaves all as it was: flow-service.md 2.8. */
	update(connection: StoredConnection, changed: Changeable, by: Client): void {
		const now = Date.now();
		delete connection.description;
		Object.assign(connection, changed, {
			updatedAt: now,
			updatedBy: by.technicalAccountId,
			updatedClient: by.clientId,
			etag: this.makeEtag(),
			lastOperation: { started: now, updated: now, operation: 'update' },
		});
		this.writesDone++;
	}

	delete(id: string): void {
		this.byId.delete(id);
		this.writesDone++;
	}

	/** In order of creation. */
	all(): StoredConnection[] {
		return [...this.byId.values()];
	}

	countByName(): Record<string, number> {
		// Without a prototype, or a connection called "constructor" would not count.
		const counts = Object.create(null) as Record<string, number>;
		for (const { name } of this.byId.values()) counts[name] = (counts[name] ?? 0) + 1;
		return counts;
	}

	reset(): void {
		this.byId.clear();
		this.writesDone = 0;
	}
}

/** flow-service.md 2.8: the quotes are part of the value; AWS shows plain UUIDs. */
export function etagMaker(cloud: 'azure' | 'aws'): () => string {
	const hex = () => randomBytes(4).toString('hex');
	return cloud === 'aws'
		? () => `"${randomUUID()}"`
		: () => `"${hex()}-0000-0200-0000-${hex()}0000"`;
}
