import { createHash, randomBytes } from 'node:crypto';

/** What the creator decides. */
export interface NewDataSet {
	name: string;
	description?: string;
	/** `contentType` as sent; its samples vary: flow-service.md 6.2. */
	schemaRef: { id: string; contentType: string };
	tags: Record<string, string[]>;
	sandboxId: string;
	sandboxName: string;
	imsOrgId: string;
	createdBy: string;
	createdClient: string;
}

/** A dataset: flow-service.md 6.2. */
export interface StoredDataSet extends NewDataSet {
	/** 24 hexadecimal digits. */
	id: string;
	/** Order of creation. */
	sequence: number;
	createdAt: number;
	updatedAt: number;
	updatedBy: string;
	/** Counted up in its last place by every change. */
	version: string;
}

/** What a PATCH may change. */
export type ChangeableDataSet = Partial<Pick<NewDataSet, 'name' | 'description' | 'tags'>>;

/** All datasets of all organizations and sandboxes, in memory. */
export class DataSetStore {
	private readonly byId = new Map<string, StoredDataSet>();
	private sequence = 0;

	/**
	 * Names are not unique ⚠UNV.
	 *
	 * @param seed gives the same ID at every start; default: a random one
	 */
	create(given: NewDataSet, seed?: string): StoredDataSet {
		const now = Date.now();
		const id =
			seed === undefined
				? randomBytes(12).toString('hex')
				: createHash('sha256').update(seed).digest('hex').slice(0, 24);
		const dataSet: StoredDataSet = {
			...given,
			id,
			sequence: ++this.sequence,
			createdAt: now,
			updatedAt: now,
			updatedBy: given.createdBy,
			version: '1.0.0',
		};
		this.byId.set(id, dataSet);
		return dataSet;
	}

	find(id: string): StoredDataSet | undefined {
		return this.byId.get(id);
	}

	/** In order of creation. */
	all(): StoredDataSet[] {
		return [...this.byId.values()];
	}

	ofSchema(schemaId: string): StoredDataSet[] {
		return this.all().filter(({ schemaRef }) => schemaRef.id === schemaId);
	}

	update(dataSet: StoredDataSet, changed: ChangeableDataSet, by: string): void {
		const [major = '1', minor = '0', patch = '0'] = dataSet.version.split('.');
		Object.assign(dataSet, changed, {
			updatedAt: Date.now(),
			updatedBy: by,
			version: `${major}.${minor}.${Number(patch) + 1}`,
		});
	}

	delete(id: string): void {
		this.byId.delete(id);
	}

	reset(): void {
		this.byId.clear();
		this.sequence = 0;
	}
}
