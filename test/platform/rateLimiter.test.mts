import { setTimeout as sleep } from 'node:timers/promises';

import type { Verdict } from '../../nodes/platform/rateLimiter.ts';
import { Throttle } from '../../nodes/platform/rateLimiter.ts';
import { thrownBy } from './auth/settings.mts';

const settle = async () => await sleep(0);

/** A throttle with a clock of its own, always with more tasks waiting than may run. */
function busy(most: number, tasks = 500) {
	let nowEpochMs = 1_000_000;
	const throttle = new Throttle(most, () => nowEpochMs);
	const running: Array<(verdict: Verdict) => void> = [];
	const begun: number[] = [];
	let count = 0;
	const add = () => {
		const index = count++;
		void throttle.run(
			async () =>
				await new Promise<Verdict>((resolve) => {
					begun.push(index);
					running.push(resolve);
				}),
			(verdict) => verdict,
		);
	};
	for (let index = 0; index < tasks; index++) add();
	return {
		throttle,
		running,
		begun,
		/** Ends this many of those that run, the oldest first. */
		async end(verdict: Verdict, ended = 1) {
			for (const finish of running.splice(0, ended)) finish(verdict);
			await settle();
		},
		pass(ms: number) {
			nowEpochMs += ms;
		},
	};
}

describe('the throttle', () => {
	type Step = ['ends', Verdict, number] | ['closes', number] | ['passes', number];

	it.each<[string, number, Step[], number]>([
		['lets the first one run alone', 50, [], 1],
		['lets 32 run after a first good one', 50, [['ends', 'good', 1]], 32],
		['lets 32 run after a first one that failed', 50, [['ends', 'other', 1]], 32],
		['lets half run after a first one that was refused', 50, [['ends', 'refused', 1]], 16],
		['never lets more run than the most', 3, [['ends', 'good', 1]], 3],
		[
			'lets two more run for each good one',
			50,
			[
				['ends', 'good', 1],
				['ends', 'good', 5],
			],
			42,
		],
		[
			'stays as it is after others',
			50,
			[
				['ends', 'good', 1],
				['ends', 'other', 5],
			],
			32,
		],
		[
			'stops growing at the most',
			20,
			[
				['ends', 'good', 100],
				['ends', 'good', 16],
				['ends', 'good', 20],
			],
			20,
		],
		[
			'halves when one is refused',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 1],
			],
			15,
		],
		[
			'halves once for all that were under way together',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
			],
			8,
		],
		[
			'halves again when one of the next is refused',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
				['passes', 5],
				['ends', 'refused', 8],
			],
			4,
		],
		[
			'never goes below one',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
				['passes', 5],
				['ends', 'refused', 8],
				['passes', 5],
				['ends', 'refused', 4],
				['passes', 5],
				['ends', 'refused', 2],
				['passes', 5],
				['ends', 'refused', 1],
				['passes', 5],
				['ends', 'refused', 1],
			],
			1,
		],
		[
			'gives up a third only where it has gone well for a second',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
				['passes', 1_000],
				['ends', 'good', 1],
				['ends', 'refused', 10],
			],
			7,
		],
		[
			'halves again right after a long wait',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['closes', 60_000],
				['ends', 'refused', 16],
				['passes', 60_005],
				['closes', 1_000],
				['ends', 'refused', 8],
			],
			4,
		],
		[
			'does not grow at once after a refusal',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
				['ends', 'good', 8],
			],
			8,
		],
		[
			'grows by two a second then',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['ends', 'refused', 16],
				['passes', 5],
				['ends', 'refused', 8],
				['passes', 1_000],
				['ends', 'good', 1],
			],
			6,
		],
		[
			'does not count the time that Adobe asked to wait',
			16,
			[
				['ends', 'good', 1],
				['passes', 5],
				['closes', 60_000],
				['ends', 'refused', 16],
				['passes', 60_000],
				['ends', 'good', 1],
			],
			8,
		],
	])('%s', async (_case, most, steps, expected) => {
		const { throttle, running, end, pass } = busy(most);
		await settle();
		for (const step of steps) {
			if (step[0] === 'ends') await end(step[1], step[2]);
			else if (step[0] === 'closes') throttle.close(step[1], 0);
			else pass(step[1]);
		}
		expect(running).toHaveLength(expected);
	});

	it('grows by a third a second where that is more than two', async () => {
		const { running, end, pass } = busy(100, 5_000);
		await settle();
		await end('good', 1);
		for (let round = 0; round < 20; round++) await end('good', running.length);
		expect(running).toHaveLength(100);
		pass(5);
		await end('refused', 100);
		expect(running).toHaveLength(50);
		pass(1_000);
		await end('good', 1);
		expect(running).toHaveLength(65);
	});

	it('lets them run in the order in which they came', async () => {
		const { running, begun, end } = busy(10);
		await settle();
		while (begun.length < 500) await end('good', running.length);
		expect(begun).toStrictEqual([...begun].sort((one, other) => one - other));
	});

	it.each([
		['as long as Adobe asks', 2_000, 0, 2_000],
		['a little longer, so that not all come back at once', 2_000, 0.5, 2_010],
	])('is closed %s', (_case, durationMs, random, expected) => {
		const { throttle, pass } = busy(1);
		expect(throttle.closedForMs()).toBe(0);
		throttle.close(durationMs, random);
		expect(throttle.closedForMs()).toBe(expected);
		throttle.close(10, 0);
		expect(throttle.closedForMs()).toBe(expected);
		pass(expected + 1);
		expect(throttle.closedForMs()).toBe(0);
	});

	it('gives back what the task gives, and passes on what it throws', async () => {
		const throttle = new Throttle(1);
		const good = () => 'good' as const;
		expect(await throttle.run(async () => 'done', good)).toBe('done');
		const reason = { not: 'an error' };
		const failing = async () => await throttle.run(async () => await Promise.reject(reason), good);
		expect(await thrownBy(failing)).toBe(reason);
		expect(await throttle.run(async () => 'again', good)).toBe('again');
	});

	it('opens when the first one throws before it begins', async () => {
		const throttle = new Throttle(2);
		const first = throttle.run(
			() => {
				throw new Error('at once');
			},
			() => 'good',
		);
		await expect(first).rejects.toThrow('at once');
		expect(
			await throttle.run(
				async () => 'next',
				() => 'good',
			),
		).toBe('next');
	});

	it.each([1, 2, 7, 100])(
		'never lets more than %i run, and is as busy in the end',
		async (most) => {
			const throttle = new Throttle(most);
			let running = 0;
			let peak = 0;
			const runs = Array.from({ length: 600 }, async (_item, index) => {
				await throttle.run(
					async () => {
						peak = Math.max(peak, ++running);
						await sleep(index % 3);
						running--;
						if (index % 5 === 0) throw new Error('some fail');
					},
					() => 'good',
				);
			});
			await Promise.allSettled(runs);
			expect(peak).toBe(most);
			expect(running).toBe(0);
		},
	);
});
