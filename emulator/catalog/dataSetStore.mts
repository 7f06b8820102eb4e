import { createHash, randomBytes } from 'node:crypto';
import type { Origin } from '../identity/caller.mts';
import { EntityStore, type Stored } from '../store/entityStore.mts';

/** What the creator decides. */
export interface NewDataSet extends Origin {
	name: string;
	description?: string;
	/** `contentType` as sent; its samples vary: flow-service.md 6.2. */
	schemaRef: { id: string; contentType: string };
	tags: Record<string, string[]>;
}

/** A dataset: flow-service.md 6.2. */
export interface StoredDataSet extends NewDataSet, Stored {
	/** 24 hexadecimal digits. */
	id: string;
	updatedAt: number;
	/** Every change increments its last number. */
	version: string;
}

/** What a PATCH may change. */
export type ChangeableDataSet = Partial<Pick<NewDataSet, 'name' | 'description' | 'tags'>>;

/** All datasets of all organizations and sandboxes, in memory. */
export class DataSetStore extends EntityStore<StoredDataSet> {
	/**
	 * Names are not unique ⚠UNV.
	 *
	 * @param seed gives the same ID at every start; default: a random one
	 */
	create(given: NewDataSet, seed?: string): StoredDataSet {
		const id =
			seed === undefined
				? randomBytes(12).toString('hex')
				: createHash('sha256').update(seed).digest('hex').slice(0, 24);
		const stamp = this.stamp();
		return this.keep(id, {
			...given,
			id,
			...stamp,
			updatedAt: stamp.createdAt,
			version: '1.0.0',
		});
	}

	ofSchema(schemaId: string): StoredDataSet[] {
		return this.all().filter(({ schemaRef }) => schemaRef.id === schemaId);
	}

	update(dataSet: StoredDataSet, changed: ChangeableDataSet, by: string): void {
		const [major = '1', minor = '0', patch = '0'] = dataSet.version.split('.');
		Object.assign(dataSet, changed, {
			updatedAt: this.clock.now(),
			updatedBy: by,
			version: `${major}.${minor}.${Number(patch) + 1}`,
		});
	}
}
