import { randomUUID } from 'node:crypto';
import type { Origin } from '../identity/caller.mts';
import { EntityStore, type Stored } from '../store/entityStore.mts';

/** flow-service.md 6.1 */
export const SOURCE_TYPES = ['ATTRIBUTE', 'EXPRESSION', 'STATIC'] as const;

/** What one field is filled with: flow-service.md 6.1. */
export interface Mapping {
	sourceType: (typeof SOURCE_TYPES)[number];
	/** Name of a column, expression, or the value itself. */
	source: string;
	/** Dotted path in the schema. */
	destination: string;
	name?: string;
	description?: string;
}

/** What the creator decides. */
export interface NewMappingSet {
	name?: string;
	schemaId: string;
	/** As sent: a content type (`…;version=1`) or `1.0`. */
	schemaVersion: string;
	/** `inputSchema` as sent. */
	inputSchema?: object;
	mappings: Mapping[];
}

/** Who created it, and where. */
export type MappingSetOrigin = Pick<Origin, 'sandboxName' | 'imsOrgId' | 'createdBy'>;

export interface StoredMapping extends Mapping {
	id: string;
}

/** One version of a mapping set. */
export interface StoredMappingSet extends NewMappingSet, MappingSetOrigin, Stored {
	/** 32 hexadecimal digits. */
	id: string;
	/** The first one is 0. */
	version: number;
	modifiedAt: number;
	modifiedBy: string;
	mappings: StoredMapping[];
}

const newId = () => randomUUID().replaceAll('-', '');

/**
 * All mapping sets of all organizations and sandboxes, in memory: the newest version of each as in
 * any other store, and the earlier ones besides, since flows name a version.
 */
export class MappingSetStore extends EntityStore<StoredMappingSet> {
	private readonly versions = new Map<string, StoredMappingSet[]>();

	create(given: NewMappingSet, origin: MappingSetOrigin): StoredMappingSet {
		const stamp = this.stamp();
		const { sandboxName, imsOrgId, createdBy } = origin;
		return this.keepVersion({
			...given,
			...{ sandboxName, imsOrgId, createdBy },
			id: newId(),
			version: 0,
			...stamp,
			modifiedAt: stamp.createdAt,
			modifiedBy: createdBy,
			mappings: withIds(given.mappings),
		});
	}

	/** Adds a version. */
	replace(before: StoredMappingSet, given: NewMappingSet, modifiedBy: string): StoredMappingSet {
		const { id, sequence, sandboxName, imsOrgId, createdBy, createdAt } = before;
		return this.keepVersion({
			...given,
			...{ id, sequence, sandboxName, imsOrgId, createdBy, createdAt },
			version: this.versions.get(id)?.length ?? 0,
			modifiedAt: this.clock.now(),
			modifiedBy,
			mappings: withIds(given.mappings),
		});
	}

	/**
	 * @param version default: the newest ⚠UNV
	 */
	override find(id: string, version?: number): StoredMappingSet | undefined {
		return version === undefined ? super.find(id) : this.versions.get(id)?.[version];
	}

	override delete(id: string): void {
		super.delete(id);
		this.versions.delete(id);
	}

	override reset(): void {
		super.reset();
		this.versions.clear();
	}

	private keepVersion(set: StoredMappingSet): StoredMappingSet {
		this.versions.set(set.id, [...(this.versions.get(set.id) ?? []), set]);
		return this.keep(set.id, set);
	}
}

function withIds(mappings: Mapping[]): StoredMapping[] {
	return mappings.map((mapping) => ({ ...mapping, id: newId() }));
}
