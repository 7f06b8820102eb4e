const MAX_CLAIMED = 10_000;

/** What belongs to an item of this process, by its ID: no other item may take it for its own. */
export class Claims {
	private readonly ids = new Set<string>();

	add(id: string): void {
		this.ids.add(id);
		const [oldest] = this.ids;
		if (this.ids.size > MAX_CLAIMED && oldest !== undefined) this.ids.delete(oldest);
	}

	has(id: string): boolean {
		return this.ids.has(id);
	}
}
