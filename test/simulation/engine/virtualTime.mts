import { currentLife } from './life.mts';

/** Something that is due at a time. */
interface Timer {
	due: number;
	order: number;
	run: () => void;
	everyMs?: number;
	/** Where it is in the heap; -1 when it is not. */
	at: number;
}

const REAL = {
	Date,
	setTimeout,
	clearTimeout,
	setImmediate,
	performanceNow: performance.now.bind(performance),
	abortAfter: AbortSignal.timeout.bind(AbortSignal),
};

/** Milliseconds of real time, for measurements. */
export const realNow = REAL.performanceNow;

/**
 * A clock of its own: time passes only when nothing else is left to do, and then at once to whatever
 * is due next. It has no idea of the machine's speed.
 */
export class VirtualTime {
	/** Milliseconds since the epoch, by which timers run. */
	now: number;
	/** What this machine's own clock is ahead by; timers do not notice. */
	clockAheadMs = 0;
	/** Timers that have run. */
	events = 0;
	private readonly heap: Timer[] = [];
	private immediates: Array<() => void> = [];
	private order = 0;

	constructor(startEpochMs: number) {
		this.now = startEpochMs;
	}

	/** What `Date.now()` says. */
	date(): number {
		return this.now + this.clockAheadMs;
	}

	after(ms: number, run: () => void, everyMs?: number): Timer {
		// As Node.js does: never at once, and not after what its timers cannot hold.
		const delay = ms >= 1 && ms <= 2 ** 31 - 1 ? Math.trunc(ms) : 1;
		const due = this.now + delay;
		const timer: Timer = { due, order: ++this.order, run: whileAlive(run), everyMs, at: -1 };
		this.push(timer);
		return timer;
	}

	cancel(timer: Timer): void {
		if (timer.at >= 0) this.remove(timer.at);
		timer.everyMs = undefined;
	}

	restart(timer: Timer, ms: number): void {
		if (timer.at >= 0) this.remove(timer.at);
		timer.due = this.now + Math.max(1, ms);
		timer.order = ++this.order;
		this.push(timer);
	}

	soon(run: () => void): void {
		this.immediates.push(whileAlive(run));
	}

	async wait(ms: number): Promise<void> {
		await new Promise<void>((resolve) => this.after(ms, resolve));
	}

	/**
	 * Lets time pass until some work is done, or (without any) until nothing is due before a time.
	 *
	 * @returns whether the work was done; it never will be where nothing is due any more
	 */
	async run(isDone: () => boolean, untilEpochMs = Infinity): Promise<boolean> {
		for (;;) {
			await settled();
			if (this.immediates.length > 0) {
				const due = this.immediates;
				this.immediates = [];
				for (const run of due) run();
				continue;
			}
			if (isDone()) return true;
			const [next] = this.heap;
			if (next === undefined || next.due > untilEpochMs) return false;
			this.remove(0);
			this.now = Math.max(this.now, next.due);
			this.events++;
			if (next.everyMs !== undefined) {
				next.due = this.now + Math.max(1, next.everyMs);
				next.order = ++this.order;
				this.push(next);
			}
			next.run();
		}
	}

	private isBefore(one: Timer, other: Timer): boolean {
		return one.due < other.due || (one.due === other.due && one.order < other.order);
	}

	private put(timer: Timer, at: number): void {
		this.heap[at] = timer;
		timer.at = at;
	}

	private push(timer: Timer): void {
		this.put(timer, this.heap.length);
		this.rise(timer.at);
	}

	private remove(at: number): void {
		const removed = this.heap[at] as Timer;
		const last = this.heap.pop() as Timer;
		removed.at = -1;
		if (last === removed) return;
		this.put(last, at);
		this.rise(at);
		this.sink(last.at);
	}

	private rise(from: number): void {
		const timer = this.heap[from] as Timer;
		let at = from;
		while (at > 0) {
			const parentAt = (at - 1) >> 1;
			const parent = this.heap[parentAt] as Timer;
			if (!this.isBefore(timer, parent)) break;
			this.put(parent, at);
			at = parentAt;
		}
		this.put(timer, at);
	}

	private sink(from: number): void {
		const timer = this.heap[from] as Timer;
		let at = from;
		for (;;) {
			let childAt = 2 * at + 1;
			const left = this.heap[childAt];
			if (left === undefined) break;
			const right = this.heap[childAt + 1];
			if (right !== undefined && this.isBefore(right, left)) childAt++;
			const child = this.heap[childAt] as Timer;
			if (!this.isBefore(child, timer)) break;
			this.put(child, at);
			at = childAt;
		}
		this.put(timer, at);
	}
}

/** What a process waits for does not happen any more when it is gone. */
function whileAlive(run: () => void): () => void {
	const life = currentLife();
	if (life === undefined) return run;
	return () => {
		if (!life.isOver) run();
	};
}

/** When all microtasks are done: Node.js comes to its immediates after all of them. */
async function settled(): Promise<void> {
	await new Promise<void>((resolve) => REAL.setImmediate(resolve));
}

let current: VirtualTime | undefined;

/** The time that all code of this process sees from now on; undefined for the real one. */
export function useTime(time: VirtualTime | undefined): void {
	current = time;
}

/** A timer as Node.js gives it. */
class TimerHandle {
	readonly timer: Timer;

	constructor(
		private readonly time: VirtualTime,
		private readonly ms: number,
		run: () => void,
		everyMs?: number,
	) {
		this.timer = time.after(ms, run, everyMs);
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	hasRef(): boolean {
		return true;
	}

	refresh(): this {
		this.time.restart(this.timer, this.ms);
		return this;
	}

	close(): this {
		this.time.cancel(this.timer);
		return this;
	}

	cancel(): void {
		this.time.cancel(this.timer);
	}

	[Symbol.toPrimitive](): number {
		return this.timer.order;
	}

	[Symbol.dispose](): void {
		this.cancel();
	}
}

class ImmediateHandle {
	isCancelled = false;

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	[Symbol.dispose](): void {
		this.isCancelled = true;
	}
}

type Callback = (...values: unknown[]) => void;

class SimulatedDate extends REAL.Date {
	constructor(...given: unknown[]) {
		// @ts-expect-error Date takes what it is given
		super(...(given.length === 0 ? [SimulatedDate.now()] : given));
	}

	static override now(): number {
		return current === undefined ? REAL.Date.now() : current.date();
	}

	static override [Symbol.hasInstance](value: unknown): boolean {
		return Object.prototype.toString.call(value) === '[object Date]';
	}
}

function stop(handle: unknown): void {
	if (handle instanceof TimerHandle) handle.cancel();
	else if (handle instanceof ImmediateHandle) handle.isCancelled = true;
	else REAL.clearTimeout(handle as NodeJS.Timeout);
}

/** A promise after a time, ended by a signal; as `node:timers/promises` has it. */
async function sleep<T>(ms = 1, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T> {
	signal?.throwIfAborted();
	return await new Promise<T>((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timer);
			reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }));
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve(value as T);
		}, ms);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}

/** Replaces everything by which code in Node.js learns the time or waits. Once, before anything loads. */
export function installTime(): void {
	const timers = {
		setTimeout: (run: Callback, ms = 1, ...values: unknown[]) =>
			current === undefined
				? REAL.setTimeout(run, ms, ...values)
				: new TimerHandle(current, ms, () => run(...values)),
		setInterval: (run: Callback, ms = 1, ...values: unknown[]) =>
			new TimerHandle(current ?? new VirtualTime(0), ms, () => run(...values), ms),
		setImmediate: (run: Callback, ...values: unknown[]) => {
			if (current === undefined) return REAL.setImmediate(run, ...values);
			const handle = new ImmediateHandle();
			current.soon(() => {
				if (!handle.isCancelled) run(...values);
			});
			return handle;
		},
		clearTimeout: stop,
		clearInterval: stop,
		clearImmediate: stop,
	};
	Object.assign(globalThis, { ...timers, Date: SimulatedDate });
	const nodeTimers = process.getBuiltinModule('node:timers');
	Object.assign(nodeTimers, timers);
	Object.assign(process.getBuiltinModule('node:timers/promises'), { setTimeout: sleep });
	performance.now = () => (current === undefined ? REAL.performanceNow() : current.now);
	AbortSignal.timeout = (ms: number) => {
		if (current === undefined) return REAL.abortAfter(ms);
		const controller = new AbortController();
		current.after(ms, () =>
			controller.abort(
				new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
			),
		);
		return controller.signal;
	};
}
