import type { ItemClient } from '../platform/client';
import { MAX_FILTER_LENGTH } from './filters/limits';
import { fitsInAList } from './filters/nameFilter';

/** The values of one filter, as many as its address takes. */
export class FilterValues {
	private readonly values: string[] = [];
	private length = 0;

	constructor(private readonly maxValues: number) {}

	/** @returns false where there is no room for it any more; the first one always has room */
	add(value: string): boolean {
		const length = this.length + encodedLength(value) + 1;
		if (this.values.length > 0 && (this.isFull() || length > MAX_FILTER_LENGTH)) return false;
		this.values.push(value);
		this.length = length;
		return true;
	}

	isFull(): boolean {
		return this.values.length >= this.maxValues;
	}

	all(): string[] {
		return this.values;
	}
}

/** Half an emoji has no encoded form; the request that it is sent with says so. */
function encodedLength(value: string): number {
	return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '')).length;
}

interface OpenBatch<T> {
	/** Of the item that came last: it has the most time left. */
	client: ItemClient;
	values: FilterValues;
	items: T[];
}

/**
 * Asks Adobe about many items at the price of few requests: a batch at a time, each within one
 * organization and sandbox, as soon as it is full. A batch that fails is left as it is: this is for
 * items that have succeeded already.
 */
export class Batches<T> {
	private readonly open = new Map<string, OpenBatch<T>>();
	private readonly inFlight: Array<Promise<void>> = [];

	/** @param ask asks for the values of some items, with one filter */
	constructor(
		private readonly maxValues: number,
		private readonly ask: (client: ItemClient, values: string[], items: T[]) => Promise<void>,
	) {}

	/** @param value what the item is asked for by, e.g. its ID */
	add(client: ItemClient, value: string, item: T): void {
		const { scope } = client;
		if (!fitsInAList(value)) {
			this.send({ client, values: this.filterWith(value), items: [item] });
			return;
		}
		let batch = this.open.get(scope);
		if (batch?.values.add(value) === true) {
			batch.items.push(item);
			batch.client = client;
		} else {
			this.close(scope);
			batch = { client, values: this.filterWith(value), items: [item] };
			this.open.set(scope, batch);
		}
		if (batch.values.isFull()) this.close(scope);
	}

	/** Asks for those that are left, and waits for all answers. */
	async finish(): Promise<void> {
		for (const scope of [...this.open.keys()]) this.close(scope);
		await Promise.all(this.inFlight);
	}

	private filterWith(value: string): FilterValues {
		const values = new FilterValues(this.maxValues);
		values.add(value);
		return values;
	}

	private close(scope: string): void {
		const batch = this.open.get(scope);
		this.open.delete(scope);
		if (batch !== undefined) this.send(batch);
	}

	private send({ client, values, items }: OpenBatch<T>): void {
		this.inFlight.push(this.ask(client, values.all(), items).catch(() => {}));
	}
}
