/**
 * Lets a bounded number of tasks run at a time, in the order they came; the very first one runs
 * alone, so that the token it fetches serves the others.
 */
export class Limiter {
	private running = 0;
	private opened = false;
	private readonly waiting: Array<() => void> = [];

	/** @param most how many may run at a time, at least 1 */
	constructor(private readonly most: number) {}

	async run<T>(task: () => Promise<T>): Promise<T> {
		await this.enter();
		try {
			return await task();
		} finally {
			this.opened = true;
			this.running--;
			while (this.running < this.most && this.waiting.length > 0) {
				this.running++;
				this.waiting.shift()?.();
			}
		}
	}

	private async enter(): Promise<void> {
		if (this.running < (this.opened ? this.most : 1)) {
			this.running++;
			return;
		}
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}
}
