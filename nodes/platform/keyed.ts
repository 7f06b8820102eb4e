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
