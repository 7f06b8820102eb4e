import { setTimeout as sleep } from 'node:timers/promises';

import type { Verdict } from '../../nodes/platform/concurrencyLimit.ts';
import { ConcurrencyWindow } from '../../nodes/platform/concurrencyWindow.ts';

const settle = async () => await sleep(0);

type Outcome = Verdict['outcome'];

/** A window with a clock of its own, always with more requests waiting than have room. */
function busy(maxSize: number, requests = 500, random = 0) {
	let nowEpochMs = 1_000_000;
	const window = new ConcurrencyWindow(
		maxSize,
		() => nowEpochMs,
		() => random,
	);
	const inFlight: number[] = [];
	const begun: number[] = [];
	for (let index = 0; index < requests; index++) {
		void window.acquire().then((slot) => {
			if (slot === undefined) return;
			window.begin(slot);
			begun.push(index);
			inFlight.push(slot);
		});
	}
	return {
		window,
		inFlight,
		begun,
		/** Ends this many of those in flight, the oldest first. */
		async end(outcome: Outcome, ended = 1, waitMs = 0) {
			const verdict = outcome === 'throttled' ? { outcome, waitMs } : { outcome };
			for (const slot of inFlight.splice(0, ended)) window.release(slot, verdict);
			await settle();
		},
		pass(ms: number) {
			nowEpochMs += ms;
		},
	};
}

describe('the concurrency window', () => {
	type Step = ['ends', Outcome, ended: number, waitMs?: number] | ['passes', number];
	const ok = (ended = 1): Step => ['ends', 'ok', ended];
	const failed = (ended = 1): Step => ['ends', 'failed', ended];
	const throttled = (ended = 1, waitMs = 0): Step => ['ends', 'throttled', ended, waitMs];
	const passes = (ms: number): Step => ['passes', ms];
	/** All sixteen were in flight together and are throttled. */
	const halved = (waitMs = 0): Step[] => [ok(), passes(5), throttled(16, waitMs)];
	const halvedTwice: Step[] = [...halved(), passes(5), throttled(8)];

	it.each<[string, number, Step[], number]>([
		['lets the first one run alone', 50, [], 1],
		['lets 32 run after a first good one', 50, [ok()], 32],
		['lets 32 run after a first one that failed', 50, [failed()], 32],
		['lets half run after a first one that was throttled', 50, [throttled()], 16],
		['never lets more run than the most', 3, [ok()], 3],
		['lets two more run for each good one', 50, [ok(), ok(5)], 42],
		['stays as it is after others', 50, [ok(), failed(5)], 32],
		['stops growing at the most', 20, [ok(100), ok(16), ok(20)], 20],
		['halves when one is throttled', 16, [ok(), passes(5), throttled()], 15],
		['halves once for all that were in flight together', 16, halved(), 8],
		['halves again when one of the next is throttled', 16, halvedTwice, 4],
		[
			'never goes below one',
			16,
			[...halvedTwice, ...[4, 2, 1, 1].flatMap((ended) => [passes(5), throttled(ended)])],
			1,
		],
		[
			'shrinks by 30 %% only where it has gone well for a second',
			16,
			[...halved(), passes(1_000), ok(), throttled(10)],
			7,
		],
		[
			'halves again right after a long wait',
			16,
			[...halved(60_000), passes(60_005), throttled(8, 1_000)],
			4,
		],
		['does not grow at once after a 429', 16, [...halved(), ok(8)], 8],
		['grows by two a second then', 16, [...halvedTwice, passes(1_000), ok()], 6],
		[
			'does not count the time that Adobe asked to wait',
			16,
			[...halved(60_000), passes(60_000), ok()],
			8,
		],
	])('%s', async (_case, most, steps, expected) => {
		const { inFlight, end, pass } = busy(most);
		await settle();
		for (const step of steps) {
			if (step[0] === 'ends') await end(step[1], step[2], step[3]);
			else pass(step[1]);
		}
		expect(inFlight).toHaveLength(expected);
	});

	it('grows by a third a second where that is more than two', async () => {
		const { inFlight, end, pass } = busy(100, 5_000);
		await settle();
		await end('ok', 1);
		for (let round = 0; round < 20; round++) await end('ok', inFlight.length);
		expect(inFlight).toHaveLength(100);
		pass(5);
		await end('throttled', 100);
		expect(inFlight).toHaveLength(50);
		pass(1_000);
		await end('ok', 1);
		expect(inFlight).toHaveLength(65);
	});

	it('lets them run in the order in which they came', async () => {
		const { inFlight, begun, end } = busy(10);
		await settle();
		while (begun.length < 500) await end('ok', inFlight.length);
		expect(begun).toStrictEqual([...begun].sort((one, other) => one - other));
	});

	it.each([
		['as long as Adobe asks', 2_000, 0, 2_000],
		['a little longer, so that not all come back at once', 2_000, 0.5, 2_010],
	])('is closed %s', async (_case, durationMs, random, expected) => {
		const { window, end, pass } = busy(1, 500, random);
		await settle();
		expect(window.closedForMs()).toBe(0);
		await end('throttled', 1, durationMs);
		expect(window.closedForMs()).toBe(expected);
		await end('throttled', 1, 10);
		expect(window.closedForMs()).toBe(expected);
		pass(expected + 1);
		expect(window.closedForMs()).toBe(0);
	});
});
