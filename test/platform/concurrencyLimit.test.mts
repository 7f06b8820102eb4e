import type { Limits } from './limitedAdobe.mts';
import { pass } from './limitedAdobe.mts';

const at50Ms = { latencyMs: 50 };
/** From 20 to 79 ms. */
const uneven = (index: number) => 20 + ((index * 37) % 60);

describe('The limiter', () => {
	it.each<[string, number, Limits, number, number]>([
		['takes three at a time', 400, { concurrency: 3, ...at50Ms }, 6.7, 50],
		[
			'takes three at a time and refuses at once',
			400,
			{ concurrency: 3, refusalMs: 2, ...at50Ms },
			6.7,
			50,
		],
		['takes three at a time, unevenly', 400, { concurrency: 3, latencyMs: uneven }, 6.6, 60],
		['takes one at a time', 100, { concurrency: 1, ...at50Ms }, 5, 50],
		['takes twenty at a time', 1_000, { concurrency: 20, ...at50Ms }, 2.5, 70],
		[
			'takes three at a time, with answers slower than Retry-After',
			100,
			{ concurrency: 3, latencyMs: 2_500, refusalMs: 5 },
			83.4,
			50,
		],
		[
			'takes ten at a time, and three later',
			1_000,
			{ concurrency: (sinceMs) => (sinceMs < 1_500 ? 10 : 3), ...at50Ms },
			13.3,
			80,
		],
	])(
		'needs at most half as long again as it must where Adobe %s',
		async (_case, items, limits, idealSeconds, mostRefused) => {
			const { seconds, refused, made } = await pass(items, limits);
			expect(made).toBe(items);
			expect(seconds).toBeLessThan(1.5 * idealSeconds);
			expect(refused).toBeLessThan(mostRefused);
		},
	);

	it.each<[string, number, Limits, number, number]>([
		['a hundred a second', 1_000, { perSecond: 100, ...at50Ms }, 9, 110],
		['a hundred a second, unevenly', 1_000, { perSecond: 100, latencyMs: uneven }, 9, 110],
		['twenty a second', 300, { perSecond: 20, ...at50Ms }, 14, 90],
		['ten a second', 200, { perSecond: 10, ...at50Ms }, 19, 100],
	])(
		'keeps to a rate of %s, nearly without being refused',
		async (_case, items, limits, idealSeconds, mostRefused) => {
			const { seconds, refused, made } = await pass(items, limits);
			expect(made).toBe(items);
			expect(seconds).toBeLessThan(1.2 * idealSeconds);
			expect(refused).toBeLessThan(mostRefused);
		},
	);
});
