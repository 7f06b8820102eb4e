import { AsyncLocalStorage } from 'node:async_hooks';

/** What a process of n8n is doing for one execution: when it ends in the middle, nothing of it goes on. */
export class Life {
	isOver = false;
	readonly over: Promise<void>;
	private tell = () => {};

	constructor() {
		this.over = new Promise((resolve) => (this.tell = resolve));
	}

	end(): void {
		this.isOver = true;
		this.tell();
	}

	/** Does some work as a part of it, with all that comes of it. */
	live<T>(work: () => T): T {
		return lives.run(this, work);
	}
}

const lives = new AsyncLocalStorage<Life | undefined>();

/** Whose code it is that runs now. */
export function currentLife(): Life | undefined {
	return lives.getStore();
}

/** Does what goes on when the process that has asked for it is gone. */
export function outlive<T>(work: () => T): T {
	return lives.run(undefined, work);
}
