import { randomUUID } from 'node:crypto';

/** flow-service.md 6.1 */
export const SOURCE_TYPES = ['ATTRIBUTE', 'EXPRESSION', 'STATIC'] as const;

/** What goes into one field: flow-service.md 6.1. */
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

/** Who has made it, and where. */
export interface MappingSetOwner {
	sandboxName: string;
	imsOrgId: string;
	createdBy: string;
}

export interface StoredMapping extends Mapping {
	id: string;
}

/** One version of a mapping set. */
export interface StoredMappingSet extends NewMappingSet, MappingSetOwner {
	/** 32 hexadecimal digits. */
	id: string;
	/** The first one is 0. */
	version: number;
	/** Order of creation. */
	sequence: number;
	createdAt: number;
	modifiedAt: number;
	modifiedBy: string;
	mappings: StoredMapping[];
}

const newId = () => randomUUID().replaceAll('-', '');

/** All mapping sets of all organizations and sandboxes with all their versions, in memory. */
export class MappingSetStore {
	private readonly byId = new Map<string, StoredMappingSet[]>();
	private sequence = 0;

	create(given: NewMappingSet, owner: MappingSetOwner): StoredMappingSet {
		const now = Date.now();
		const set: StoredMappingSet = {
			...given,
			...owner,
			id: newId(),
			version: 0,
			sequence: ++this.sequence,
			createdAt: now,
			modifiedAt: now,
			modifiedBy: owner.createdBy,
			mappings: given.mappings.map((mapping) => ({ ...mapping, id: newId() })),
		};
		this.byId.set(set.id, [set]);
		return set;
	}

	/** A further version; the earlier ones stay, since flows name a version. */
	replace(before: StoredMappingSet, given: NewMappingSet, modifiedBy: string): StoredMappingSet {
		const versions = this.byId.get(before.id) ?? [];
		const { id, sequence, sandboxName, imsOrgId, createdBy, createdAt } = before;
		const set: StoredMappingSet = {
			...given,
			id,
			sequence,
			sandboxName,
			imsOrgId,
			createdBy,
			createdAt,
			version: versions.length,
			modifiedAt: Date.now(),
			modifiedBy,
			mappings: given.mappings.map((mapping) => ({ ...mapping, id: newId() })),
		};
		this.byId.set(id, [...versions, set]);
		return set;
	}

	/**
	 * @param version default: the newest ⚠UNV
	 */
	find(id: string, version?: number): StoredMappingSet | undefined {
		const versions = this.byId.get(id);
		return version === undefined ? versions?.at(-1) : versions?.[version];
	}

	/** The newest version of each, in order of creation. */
	all(): StoredMappingSet[] {
		return [...this.byId.values()].flatMap((versions) => versions.slice(-1));
	}

	delete(id: string): void {
		this.byId.delete(id);
	}

	reset(): void {
		this.byId.clear();
		this.sequence = 0;
	}
}
