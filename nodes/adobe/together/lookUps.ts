import type { ItemClient } from '../../platform/client';
import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import { asIs, isProblem } from '../../platform/errors/problem';
import { FilterValues } from '../batches';
import { fitsInAList } from '../filters/nameFilter';

/**
 * Asks Adobe for several keys (IDs, names) with one request.
 *
 * @returns what was found, by key; what it lacks was not found
 */
export type Ask<T> = (client: ItemClient, keys: string[]) => Promise<Map<string, T>>;

/** What was asked for longer ago is asked for again: others may have changed it. */
const MAX_AGE_MS = 60_000;

/** One request for several keys. */
interface Batch<T> {
	/** Of the item that asks. */
	client: ItemClient;
	keys: FilterValues;
	openedEpochMs: number;
	answer?: Promise<Map<string, T>>;
}

/**
 * Looks up with few requests what each of the items of an execution needs one of: what several need at
 * the same moment goes into one request, and with it as much as fits of what was announced.
 */
export class LookUps<T> {
	private readonly announced = new Map<string, Set<string>>();
	/** The request that a key is part of, by scope and key. */
	private readonly batches = new Map<string, Batch<T>>();
	/** The one that still takes keys, by scope. */
	private readonly open = new Map<string, Batch<T>>();

	/** @param maxKeys how many a request takes; a key that can't be part of a list has one of its own */
	constructor(
		private readonly maxKeys: number,
		private readonly ask: Ask<T>,
	) {}

	/**
	 * Announces what may be looked up.
	 *
	 * @param scope of the client that will look it up
	 */
	expect(scope: string, key: string): void {
		if (!fitsInAList(key) || this.batchOf(scope, key) !== undefined) return;
		const keys = this.announced.get(scope) ?? new Set();
		this.announced.set(scope, keys.add(key));
	}

	/**
	 * What a key stands for, as it was when it was asked for: a minute ago at most.
	 *
	 * @returns undefined where it was not found
	 * @throws Problem, for all that wait for the same request, unless it is that of one item
	 */
	async find(client: ItemClient, key: string): Promise<T | undefined> {
		const batch = this.batchOf(client.scope, key) ?? this.join(client, key);
		try {
			return (await batch.answer)?.get(key);
		} catch (error) {
			this.forget(client.scope, key);
			if (batch.keys.all().length === 1 || !isOfOneItem(error, batch.client === client)) {
				throw asIs(error);
			}
			return (await this.ask(client, [key])).get(key);
		}
	}

	/** What is known of it is outdated: the next look-up asks again. */
	forget(scope: string, key: string): void {
		this.batches.delete(keyOf(scope, key));
	}

	private batchOf(scope: string, key: string): Batch<T> | undefined {
		const batch = this.batches.get(keyOf(scope, key));
		const isOld = batch !== undefined && steadyEpochMs() - batch.openedEpochMs > MAX_AGE_MS;
		return isOld ? undefined : batch;
	}

	private join(client: ItemClient, key: string): Batch<T> {
		const { scope } = client;
		if (!fitsInAList(key)) return this.begin(client, key);
		const open = this.open.get(scope);
		if (open?.keys.add(key) === true) {
			this.take(scope, key, open);
			return open;
		}
		const batch = this.begin(client, key);
		this.open.set(scope, batch);
		return batch;
	}

	private begin(client: ItemClient, key: string): Batch<T> {
		const batch: Batch<T> = {
			client,
			keys: new FilterValues(this.maxKeys),
			openedEpochMs: steadyEpochMs(),
		};
		batch.keys.add(key);
		this.take(client.scope, key, batch);
		batch.answer = this.send(batch);
		// Also keeps a rejection that nobody waits for from ending the process.
		batch.answer.catch(() => this.drop(batch));
		return batch;
	}

	private async send({ client, keys }: Batch<T>): Promise<Map<string, T>> {
		// Others that go on at this moment, e.g. after the same answer, join until then.
		await client.pause(0);
		return await this.ask(client, this.closed(client.scope, keys));
	}

	/** From now on others wait for another one. */
	private closed(scope: string, keys: FilterValues): string[] {
		const batch = this.open.get(scope);
		if (batch?.keys !== keys) return keys.all();
		this.open.delete(scope);
		for (const key of this.announced.get(scope) ?? []) {
			if (!keys.add(key)) break;
			this.take(scope, key, batch);
		}
		return keys.all();
	}

	private take(scope: string, key: string, batch: Batch<T>): void {
		this.announced.get(scope)?.delete(key);
		this.batches.set(keyOf(scope, key), batch);
	}

	/** It has failed: whoever needs one of its keys asks again. */
	private drop(batch: Batch<T>): void {
		const { scope } = batch.client;
		if (this.open.get(scope) === batch) this.open.delete(scope);
		for (const key of batch.keys.all()) {
			if (this.batches.get(keyOf(scope, key)) === batch) this.forget(scope, key);
		}
	}
}

/**
 * Whether a request for several failed because of one of them alone: its key, or its time.
 *
 * @param isAsker whether the time was that of the item which is told
 */
function isOfOneItem(error: unknown, isAsker: boolean): boolean {
	if (isProblem(error, 'rejected')) return true;
	return !isAsker && (isProblem(error, 'timeOut') || isProblem(error, 'tooLate'));
}

function keyOf(scope: string, key: string): string {
	return `${scope}\n${key}`;
}

/** What was found by several names; of one name there may be several. */
export function byNameOf<T extends { name?: string }>(found: readonly T[]): Map<string, T[]> {
	const byName = new Map<string, T[]>();
	for (const one of found) {
		const { name = '' } = one;
		const same = byName.get(name);
		if (same === undefined) byName.set(name, [one]);
		else same.push(one);
	}
	return byName;
}
