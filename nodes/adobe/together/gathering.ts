import type { ItemClient } from '../../platform/client';
import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import { asIs, isProblem } from '../../platform/errors/problem';
import { FilterValues } from '../batches';
import { fitsInAList } from '../filters/nameFilter';
import type { Ask } from './lookUps';

/** How long an item waits at most for others; meanwhile these use the requests that Adobe takes. */
const MAX_WAIT_MS = 5_000;

/** Of the time that an item has left, what it waits at most. */
const WAIT_SHARE = 1 / 4;

/** How often somebody who waits looks at the clock. */
const STEP_MS = 250;

/** A request that waits for more items. */
class Gathered<T> {
	waiting = 0;
	/** By then it is sent, whoever is still to come. */
	endsEpochMs = Infinity;
	readonly answer: Promise<Map<string, T>>;
	private settle: (answer: Promise<Map<string, T>>) => void = () => {};
	private isSent = false;

	/** @param client of the item that came last: it has the most time left */
	constructor(
		public client: ItemClient,
		readonly keys: FilterValues,
	) {
		this.answer = new Promise((resolve) => (this.settle = resolve));
	}

	send(ask: Ask<T>): void {
		if (!this.isSent) this.settle(ask(this.client, this.keys.all()));
		this.isSent = true;
	}
}

/**
 * Asks for several items at once what each of them has to know as it is at its own moment, e.g. what a list
 * shows after a write. An item waits until there are as many as a request takes, until all others that are
 * under way wait as well, or until its patience is at an end.
 */
export class Gathering<T> {
	private underWay = 0;
	/** By scope. */
	private readonly open = new Map<string, Gathered<T>>();

	/** @param maxKeys how many a request takes; a key that can't be part of a list is asked for alone */
	constructor(
		private readonly maxKeys: number,
		private readonly ask: Ask<T>,
	) {}

	/** The work of an item that may ask: while it is under way, others wait for it. */
	async during<R>(work: () => Promise<R>): Promise<R> {
		this.underWay++;
		try {
			return await work();
		} finally {
			this.underWay--;
			this.sendIfAllWait();
		}
	}

	/**
	 * What a key stands for, asked for after the call.
	 *
	 * @returns undefined where it was not found, or the item's time is up
	 * @throws Problem
	 */
	async find(client: ItemClient, key: string): Promise<T | undefined> {
		if (!fitsInAList(key)) return await this.alone(client, key);
		const gathered = this.join(client, key);
		try {
			return (await answerOf(gathered, client, () => this.send(gathered)))?.get(key);
		} catch (error) {
			if (isProblem(error, 'stopped') || gathered.keys.all().length === 1) throw asIs(error);
			// It may have failed for the key, or for the time, of another item.
			return await this.alone(client, key);
		}
	}

	private async alone(client: ItemClient, key: string): Promise<T | undefined> {
		return (await this.ask(client, [key])).get(key);
	}

	private join(client: ItemClient, key: string): Gathered<T> {
		const { scope } = client;
		let gathered = this.open.get(scope);
		if (gathered?.keys.add(key) !== true) {
			if (gathered !== undefined) this.send(gathered);
			gathered = new Gathered<T>(client, new FilterValues(this.maxKeys));
			gathered.keys.add(key);
			this.open.set(scope, gathered);
		}
		gathered.client = client;
		gathered.waiting++;
		const patienceMs = Math.min(MAX_WAIT_MS, client.remainingMs() * WAIT_SHARE);
		gathered.endsEpochMs = Math.min(gathered.endsEpochMs, steadyEpochMs() + patienceMs);
		if (gathered.keys.isFull()) this.send(gathered);
		this.sendIfAllWait();
		return gathered;
	}

	private sendIfAllWait(): void {
		const open = [...this.open.values()];
		const waiting = open.reduce((sum, gathered) => sum + gathered.waiting, 0);
		if (waiting < this.underWay) return;
		for (const gathered of open) this.send(gathered);
	}

	private send(gathered: Gathered<T>): void {
		const { scope } = gathered.client;
		if (this.open.get(scope) === gathered) this.open.delete(scope);
		gathered.send(this.ask);
	}
}

/**
 * The answer, for as long as an item's time allows.
 *
 * @param send sends what is waited for, now
 */
async function answerOf<T>(
	gathered: Gathered<T>,
	client: ItemClient,
	send: () => void,
): Promise<Map<string, T> | undefined> {
	let isAnswered = false;
	const answer = gathered.answer.finally(() => (isAnswered = true));
	const waiting = async () => {
		while (!isAnswered && client.remainingMs() > 0) {
			await client.pause(Math.min(STEP_MS, client.remainingMs()));
			if (steadyEpochMs() >= gathered.endsEpochMs) send();
		}
		return isAnswered ? await answer : undefined;
	};
	return await Promise.race([answer, waiting()]);
}
