import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../../nodes/platform/rateLimiter.ts';

interface Sleeper {
	wakeEpochMs: number;
	wake: () => void;
}

/** A clock that stands still until it is advanced, so that no test waits for real. */
export class VirtualClock implements Clock {
	private nowEpochMs = 1_000_000;
	private readonly sleepers = new Set<Sleeper>();

	now(): number {
		return this.nowEpochMs;
	}

	random(): number {
		return 0;
	}

	async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		if (durationMs <= 0) return;
		await new Promise<void>((resolve, reject) => {
			const sleeper = { wakeEpochMs: this.nowEpochMs + durationMs, wake: resolve };
			this.sleepers.add(sleeper);
			signal?.addEventListener('abort', () => {
				this.sleepers.delete(sleeper);
				reject(signal.reason as Error);
			});
		});
	}

	/** Lets this much time pass, and wakes whoever has slept long enough, in order. */
	async advance(durationMs: number): Promise<void> {
		const endEpochMs = this.nowEpochMs + durationMs;
		for (;;) {
			await settle();
			const [next] = [...this.sleepers].sort((one, other) => one.wakeEpochMs - other.wakeEpochMs);
			if (next === undefined || next.wakeEpochMs > endEpochMs) break;
			this.sleepers.delete(next);
			this.nowEpochMs = next.wakeEpochMs;
			next.wake();
		}
		this.nowEpochMs = endEpochMs;
	}
}

/** Lets everything go on that does not wait for time. */
export async function settle(): Promise<void> {
	await sleep(0);
}
