import { randomUUID } from 'node:crypto';
import type { Client } from '../identity/clients.mts';
import type { Clock } from '../clock.mts';

/** Who made an entity, and where. */
export interface Origin {
	createdBy: string;
	updatedBy: string;
	createdClient: string;
	updatedClient: string;
	sandboxId: string;
	sandboxName: string;
	imsOrgId: string;
}

/** What happened to an entity last: flow-service.md 4.3, 5.4. */
export interface LastOperation {
	started: number;
	updated: number;
	operation: string;
	percentCompleted?: number;
	status?: { value: string; errors: [] };
	ops?: object[];
}

/** What source connections, target connections and flows have in common: flow-service.md 5. */
export interface Entity extends Origin {
	id: string;
	/** Order of creation; ties in a listing are broken by it. */
	sequence: number;
	createdAt: number;
	updatedAt: number;
	name: string;
	description?: string;
	state: 'enabled' | 'disabled';
	/** The same as `etag`: flow-service.md 2.8. */
	version: string;
	etag: string;
	lastOperation: LastOperation;
}

type GivenByStore = 'id' | 'sequence' | 'createdAt' | 'updatedAt' | 'version' | 'etag';

/** An entity before the store has given it an ID; it begins enabled. */
export type NewEntity<T extends Entity> = Omit<T, GivenByStore | 'state' | 'lastOperation'>;

/** The entities of one kind, of all organizations and sandboxes, in memory. */
export class EntityStore<T extends Entity> {
	private readonly byId = new Map<string, T>();
	private sequence = 0;

	constructor(
		private readonly clock: Clock,
		private readonly makeEtag: () => string,
	) {}

	create(given: NewEntity<T>): T {
		const now = this.clock.now();
		const etag = this.makeEtag();
		const made = {
			...given,
			id: randomUUID(),
			sequence: ++this.sequence,
			createdAt: now,
			updatedAt: now,
			state: 'enabled',
			version: etag,
			etag,
			lastOperation: { started: now, updated: now, operation: 'create' },
		} as unknown as T;
		this.byId.set(made.id, made);
		return made;
	}

	find(id: string): T | undefined {
		return this.byId.get(id);
	}

	/**
	 * Every write gives a new etag, even one that leaves all as it was: flow-service.md 2.8.
	 *
	 * @param changes a member that is undefined is taken away
	 * @param ops the operations of a PATCH, shown in `lastOperation`: flow-service.md 5.4
	 */
	update(entity: T, changes: Partial<T>, by: Client, operation: string, ops: object[] = []): void {
		const now = this.clock.now();
		const etag = this.makeEtag();
		Object.assign(entity, changes, {
			updatedAt: now,
			updatedBy: by.technicalAccountId,
			updatedClient: by.clientId,
			version: etag,
			etag,
			lastOperation: {
				started: now,
				updated: now,
				percentCompleted: 100,
				status: { value: 'completed', errors: [] },
				ops,
				operation,
			},
		});
	}

	delete(id: string): void {
		this.byId.delete(id);
	}

	/** In order of creation. */
	all(): T[] {
		return [...this.byId.values()];
	}

	countByName(): Record<string, number> {
		// Without a prototype, or a flow called "constructor" would not count.
		const counts = Object.create(null) as Record<string, number>;
		for (const { name } of this.byId.values()) counts[name] = (counts[name] ?? 0) + 1;
		return counts;
	}

	reset(): void {
		this.byId.clear();
	}
}
