import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.mts';
import type { Origin } from '../identity/caller.mts';
import type { Client } from '../identity/clients.mts';
import { EntityStore, type Stored } from '../store/entityStore.mts';

/** What happened to an entity last: flow-service.md 4.3, 5.4. */
export interface LastOperation {
	started: number;
	updated: number;
	operation: string;
	percentCompleted?: number;
	status?: { value: string; errors: [] };
	ops?: object[];
}

/** An operation without its times, which the store fills in. */
export type Operation = Omit<LastOperation, 'started' | 'updated'>;

/** What base, source and target connections and flows have in common: flow-service.md 4.3, 5. */
export interface FlowEntity extends Origin, Stored {
	id: string;
	updatedAt: number;
	name: string;
	description?: string;
	state: string;
	/** Shown as `version` as well: flow-service.md 2.8. */
	etag: string;
	lastOperation: LastOperation;
}

type GivenByStore = keyof Stored | 'id' | 'updatedAt' | 'etag' | 'lastOperation';

/** An entity before the store has given it an ID; it begins enabled unless it says otherwise. */
export type NewEntity<T extends FlowEntity> = Omit<T, GivenByStore | 'state'> &
	Partial<Pick<T, 'state'>>;

/** The last operation of an entity whose change took effect at once: flow-service.md 5.4. */
export function completed(operation: string, ops: object[] = []): Operation {
	return { percentCompleted: 100, status: { value: 'completed', errors: [] }, ops, operation };
}

/** The entities of one kind in Flow Service; their names are not unique: flow-service.md 4.2. */
export class FlowEntityStore<T extends FlowEntity> extends EntityStore<T> {
	/** Entities created, changed and deleted, whether the client got the answer or not. */
	writesDone = 0;

	constructor(
		clock: Clock,
		private readonly makeEtag: () => string,
	) {
		super(clock);
	}

	create(given: NewEntity<T>, operation = 'create'): T {
		const id = randomUUID();
		const stamp = this.stamp();
		const now = stamp.createdAt;
		this.writesDone++;
		return this.keep(id, {
			state: 'enabled',
			...given,
			id,
			...stamp,
			updatedAt: now,
			etag: this.makeEtag(),
			lastOperation: { started: now, updated: now, operation },
		} as unknown as T);
	}

	/**
	 * Every write gives a new etag, even one that changes nothing: flow-service.md 2.8.
	 *
	 * @param changes a member that is undefined is removed
	 */
	update(entity: T, changes: Partial<T>, by: Client, operation: Operation): void {
		const now = this.clock.now();
		Object.assign(entity, changes, {
			updatedAt: now,
			updatedBy: by.technicalAccountId,
			updatedClient: by.clientId,
			etag: this.makeEtag(),
			lastOperation: { started: now, updated: now, ...operation },
		});
		this.writesDone++;
	}

	override delete(id: string): void {
		super.delete(id);
		this.writesDone++;
	}

	countByName(): Record<string, number> {
		// Without a prototype, or an entity called "constructor" would not count.
		const counts = Object.create(null) as Record<string, number>;
		for (const { name } of this.all()) counts[name] = (counts[name] ?? 0) + 1;
		return counts;
	}

	override reset(): void {
		super.reset();
		this.writesDone = 0;
	}
}
