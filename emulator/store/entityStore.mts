import type { Clock } from '../clock.mts';

/** What the store gives every entity. */
export interface Stored {
	/** Order of creation; ties in a listing are broken by it. */
	sequence: number;
	/** Epoch milliseconds. */
	createdAt: number;
}

/**
 * The entities of one kind, of all organizations and sandboxes, in memory and in order of creation.
 * A service derives its own store from this and adds how its entities are created and changed.
 */
export abstract class EntityStore<T extends Stored> {
	private readonly byId = new Map<string, T>();
	private sequence = 0;
	private settledUpTo = 0;

	constructor(protected readonly clock: Clock) {}

	find(id: string): T | undefined {
		return this.byId.get(id);
	}

	/** In order of creation. */
	all(): T[] {
		return [...this.byId.values()];
	}

	/**
	 * What lists show: not yet what was created less than that long ago.
	 *
	 * @param lagMs milliseconds
	 */
	listed(lagMs: number): T[] {
		// Seeded entities may be of the future.
		if (lagMs === 0) return this.all();
		const createdBefore = this.clock.now() - lagMs;
		return this.all().filter(
			({ sequence, createdAt }) => sequence <= this.settledUpTo || createdAt <= createdBefore,
		);
	}

	/** Lists show all that is there so far. */
	settle(): void {
		this.settledUpTo = this.sequence;
	}

	get size(): number {
		return this.byId.size;
	}

	delete(id: string): void {
		this.byId.delete(id);
	}

	reset(): void {
		this.byId.clear();
		this.sequence = this.settledUpTo = 0;
	}

	/** What the next new entity gets. */
	protected stamp(createdAt = this.clock.now()): Stored {
		return { sequence: ++this.sequence, createdAt };
	}

	/** Keeps an entity; one that replaces another keeps its position in the order. */
	protected keep(id: string, entity: T): T {
		this.byId.set(id, entity);
		return entity;
	}
}
