import { setTimeout as sleep } from 'node:timers/promises';

import { Limiter } from '../../nodes/platform/limiter.ts';
import { pause } from '../../nodes/platform/pause.ts';
import { thrownBy } from './settings.mts';

/** A task that ends when it is told to. */
function task() {
	let end = () => {};
	let fail: (reason: unknown) => void = () => {};
	const ended = new Promise<void>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { end, fail, ended };
}

/** Starts many tasks at once and notes which have begun. */
function start(limiter: Limiter, count: number) {
	const begun: number[] = [];
	const tasks = Array.from({ length: count }, task);
	const runs = tasks.map(async ({ ended }, index) => {
		await limiter.run(async () => {
			begun.push(index);
			await ended;
		});
	});
	for (const run of runs) run.catch(() => undefined);
	return { begun, tasks, runs };
}

const settle = async () => await sleep(0);

describe('the limiter', () => {
	it('lets the very first one run alone, then as many as it may', async () => {
		const { begun, tasks } = start(new Limiter(3), 10);
		await settle();
		expect(begun).toEqual([0]);
		tasks[0]?.end();
		await settle();
		expect(begun).toEqual([0, 1, 2, 3]);
	});

	it('opens the gate when the first one fails, too', async () => {
		const { begun, tasks, runs } = start(new Limiter(2), 5);
		tasks[0]?.fail(new Error('no'));
		await expect(runs[0]).rejects.toThrow('no');
		await settle();
		expect(begun).toEqual([0, 1, 2]);
	});

	it('opens the gate when the first one throws before it begins', async () => {
		const limiter = new Limiter(2);
		const first = limiter.run(() => {
			throw new Error('at once');
		});
		const { begun } = start(limiter, 3);
		await expect(first).rejects.toThrow('at once');
		await settle();
		expect(begun).toEqual([0, 1]);
	});

	it('keeps the order in which they came, newcomers last', async () => {
		const limiter = new Limiter(1);
		const { begun, tasks } = start(limiter, 4);
		const late: string[] = [];
		for (const { end } of tasks) end();
		await limiter.run(async () => void late.push(begun.join()));
		expect(late).toEqual(['0,1,2,3']);
	});

	it.each([1, 2, 7, 100])('never lets more than %i run, and is always as busy', async (most) => {
		const limiter = new Limiter(most);
		let running = 0;
		let peak = 0;
		const runs = Array.from({ length: 300 }, async (_item, index) => {
			await limiter.run(async () => {
				peak = Math.max(peak, ++running);
				await sleep(index % 3);
				running--;
				if (index % 5 === 0) throw new Error('some fail');
			});
		});
		await Promise.allSettled(runs);
		expect(peak).toBe(most);
		expect(running).toBe(0);
	});

	it('gives back what the task gives, and passes on what it throws', async () => {
		const limiter = new Limiter(1);
		expect(await limiter.run(async () => 'done')).toBe('done');
		const reason = { not: 'an error' };
		expect(
			await thrownBy(async () => await limiter.run(async () => await Promise.reject(reason))),
		).toBe(reason);
		expect(await limiter.run(async () => 'again')).toBe('again');
	});
});

describe('a pause', () => {
	it('lasts as long as it should', async () => {
		const startedAt = Date.now();
		await pause(320);
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(318);
	});

	it.each([0, -1, Number.NEGATIVE_INFINITY])('of %d ms is over at once', async (durationMs) => {
		const startedAt = Date.now();
		await pause(durationMs);
		expect(Date.now() - startedAt).toBeLessThan(100);
	});

	it('of a day ends within a second when it is cancelled, with the reason', async () => {
		const controller = new AbortController();
		const reason = new Error('cancelled by the user');
		const startedAt = Date.now();
		setTimeout(() => controller.abort(reason), 50);
		expect(await thrownBy(async () => await pause(86_400_000, controller.signal))).toBe(reason);
		expect(Date.now() - startedAt).toBeLessThan(1_000);
	});

	it('does not begin when it was cancelled before', async () => {
		const startedAt = Date.now();
		const signal = AbortSignal.abort();
		const error = await thrownBy(async () => await pause(5_000, signal));
		expect(error.name).toBe('AbortError');
		expect(Date.now() - startedAt).toBeLessThan(100);
		expect((await thrownBy(async () => await pause(0, signal))).name).toBe('AbortError');
	});
});
