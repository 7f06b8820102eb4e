/** Reads the same thing once for all items of an execution; a reading that failed is done anew. */
export class ReadOnce {
	private readonly readings = new Map<string, Promise<unknown>>();

	/**
	 * @param key tells what is read, the sandbox included; the same key must always be read alike
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
