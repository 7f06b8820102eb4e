import { TOO_LATE } from './deadline';

/** What an item's client tells of its time. */
interface ItemTime {
	remainingMs(): number;
	pause(durationMs: number): Promise<void>;
}

/** How often somebody who waits asks whether there is time left. */
const WAIT_STEP_MS = 250;

/** A mutex for each key: work with the same key runs one after another, in the order of the calls. */
export class OneAtATime {
	private readonly last = new Map<string, Promise<unknown>>();

	async run<T>(key: string, work: () => Promise<T>): Promise<T> {
		const before = this.last.get(key) ?? Promise.resolve();
		const mine = before.then(work, work);
		this.last.set(key, mine);
		try {
			return await mine;
		} finally {
			if (this.last.get(key) === mine) this.last.delete(key);
		}
	}

	/** The same for an item: when its time is up, or it is cancelled, it waits for its turn no longer. */
	async runInTime<T>(
		key: string,
		time: ItemTime,
		work: () => Promise<T>,
	): Promise<T | typeof TOO_LATE> {
		if (!this.last.has(key)) return await this.run(key, work);
		let state: 'waiting' | 'begun' | 'gone' = 'waiting';
		const isWaiting = () => state === 'waiting';
		const mine = this.run(key, async () => {
			if (!isWaiting()) return TOO_LATE;
			state = 'begun';
			return await work();
		});
		const waiting = async () => {
			try {
				while (isWaiting() && time.remainingMs() > 0) {
					await time.pause(Math.min(WAIT_STEP_MS, time.remainingMs()));
				}
			} finally {
				if (isWaiting()) state = 'gone';
			}
			return state === 'gone' ? TOO_LATE : await mine;
		};
		return await Promise.race([mine, waiting()]);
	}
}

/** What others are doing, for as long as an item's time allows. */
export async function inTime<T>(time: ItemTime, work: Promise<T>): Promise<T | typeof TOO_LATE> {
	let isDone = false;
	const done = work.finally(() => (isDone = true));
	const waiting = async () => {
		while (!isDone && time.remainingMs() > 0) {
			await time.pause(Math.min(WAIT_STEP_MS, time.remainingMs()));
		}
		return isDone ? await done : TOO_LATE;
	};
	return await Promise.race([done, waiting()]);
}

/** Reads the same thing once for all items of an execution; a reading that failed is done again. */
export class ReadOnce {
	private readonly readings = new Map<string, Promise<unknown>>();

	/**
	 * @param key identifies what is read, the sandbox included
	 */
	async read<T>(key: string, read: () => Promise<T>): Promise<T> {
		const known = this.readings.get(key) as Promise<T> | undefined;
		const reading = known ?? read();
		if (known === undefined) {
			this.readings.set(key, reading);
			reading.catch(() => this.readings.delete(key));
		}
		return await reading;
	}
}
