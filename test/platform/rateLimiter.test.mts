import type { Verdict } from '../../nodes/platform/concurrencyLimit.ts';
import { TOO_LATE } from '../../nodes/platform/deadline.ts';
import { NotBegun, RateLimiter } from '../../nodes/platform/rateLimiter.ts';
import { thrownBy } from './auth/settings.mts';
import { settle, VirtualClock } from './virtualClock.mts';

const OK: Verdict = { outcome: 'ok' };
const throttledFor = (waitMs: number): Verdict => ({ outcome: 'throttled', waitMs });
const ANY_TIME = { startByEpochMs: Infinity };

/** A limiter on a virtual clock, whose requests end when they are told to. */
function open(maxConcurrency: number) {
	const clock = new VirtualClock();
	const limiter = new RateLimiter(maxConcurrency, clock);
	const inFlight: Array<(verdict: Verdict) => void> = [];
	/** When each request began, in milliseconds from the start. */
	const began: number[] = [];
	const startEpochMs = clock.now();
	const add = async (within = Infinity, signal?: AbortSignal) =>
		await limiter.schedule(
			async () =>
				await new Promise<Verdict>((resolve) => {
					began.push(clock.now() - startEpochMs);
					inFlight.push(resolve);
				}),
			{ startByEpochMs: clock.now() + within, signal, judge: (verdict) => verdict },
		);
	const end = async (verdict: Verdict, ended = inFlight.length) => {
		for (const finish of inFlight.splice(0, ended)) finish(verdict);
		await settle();
	};
	return { clock, limiter, inFlight, began, add, end };
}

describe('the rate limiter', () => {
	it('sends the first one alone, and then as many as it may', async () => {
		const { inFlight, add, end } = open(4);
		for (let index = 0; index < 10; index++) void add();
		await settle();
		expect(inFlight).toHaveLength(1);
		await end(OK);
		expect(inFlight).toHaveLength(4);
	});

	it('lets them begin in the order in which they came', async () => {
		const { limiter, clock } = open(10);
		const began: number[] = [];
		const all = Array.from({ length: 500 }, async (_item, index) => {
			await limiter.schedule(
				async () => {
					began.push(index);
					await clock.sleep(index % 3);
				},
				{ ...ANY_TIME, judge: () => OK },
			);
		});
		await clock.advance(1_000);
		await Promise.all(all);
		expect(began).toStrictEqual([...began].sort((one, other) => one - other));
		expect(began).toHaveLength(500);
	});

	it('sends nothing while Adobe asks to wait, whoever was told', async () => {
		const { clock, began, add, end } = open(4);
		for (let index = 0; index < 9; index++) void add();
		await settle();
		await end(OK);
		await end(throttledFor(2_000), 1);
		await end(throttledFor(2_000));
		await clock.advance(1_999);
		expect(began).toHaveLength(5);
		await clock.advance(1);
		expect(began.slice(5)).toStrictEqual([2_000, 2_000]);
	});

	it('spreads what comes after the second 429 over time', async () => {
		const { clock, began, add, end } = open(50);
		for (let index = 0; index < 200; index++) void add();
		await settle();
		await end(throttledFor(0));
		await end(OK);
		await clock.advance(1_000);
		await end(throttledFor(0));
		const before = began.length;
		await clock.advance(200);
		const gaps = began.slice(before).map((at, index, all) => at - (all[index - 1] ?? 1_000));
		expect(gaps.length).toBeGreaterThan(1);
		for (const gap of gaps) expect(gap).toBeGreaterThan(10);
	});

	it.each([
		['Adobe asks to wait for longer', 2_000, 0, 1_999],
		['Adobe asks to wait until then', 1_000, 0, 1_000],
		['Adobe still asks to wait for longer', 1_000, 400, 599],
		['it is over already', 0, 0, 0],
		['it is over already, and Adobe has been asking for nothing any more', 1_000, 1_000, 0],
	])('is too late at once where %s, and begins nothing', async (_case, waitMs, afterMs, within) => {
		const { clock, began, add, end } = open(2);
		void add();
		await settle();
		await end(throttledFor(waitMs));
		await clock.advance(afterMs);
		expect(await add(within)).toStrictEqual(new NotBegun(waitMs - afterMs));
		expect(began).toHaveLength(1);
		// The place is free for another one.
		void add();
		await clock.advance(waitMs - afterMs);
		expect(began).toStrictEqual([0, waitMs]);
	});

	it('takes the word of work that could not begin either, and learns nothing from it', async () => {
		const { limiter, began, add } = open(2);
		const judge = jest.fn(() => OK);
		const late = await limiter.schedule(async () => TOO_LATE, { ...ANY_TIME, judge });
		expect(late).toStrictEqual(new NotBegun(0));
		expect(judge).not.toHaveBeenCalled();
		// The place is free for another one.
		void add();
		await settle();
		expect(began).toHaveLength(1);
	});

	/** After two 429s, with ten successes in the second between them. */
	async function atTenPerSecond() {
		const opened = open(50);
		const { clock, add, end } = opened;
		void add();
		await settle();
		await end(throttledFor(0));
		for (let index = 0; index < 10; index++) void add();
		await settle();
		await end(OK);
		await clock.advance(1_000);
		void add();
		await settle();
		await end(throttledFor(0));
		opened.began.splice(0);
		return opened;
	}

	it('is too late where the turn comes too late, and leaves the turn to another one', async () => {
		const { clock, began, add } = await atTenPerSecond();
		void add();
		void add();
		await settle();
		expect(await Promise.all([add(5), add(5)])).toStrictEqual([new NotBegun(0), new NotBegun(0)]);
		void add();
		await clock.advance(1_000);
		expect(began.map((at) => Math.round((at - 1_000) / 100))).toStrictEqual([1, 2, 3]);
	});

	it('starts over where another 429 comes while a turn is waited for', async () => {
		const { clock, began, add, end } = await atTenPerSecond();
		void add();
		await clock.advance(150);
		expect(began).toHaveLength(1);
		void add();
		void add();
		await settle();
		await end(throttledFor(5_000));
		await clock.advance(4_999);
		expect(began).toHaveLength(1);
		await clock.advance(1_000);
		expect(began).toHaveLength(3);
	});

	it('is too late where no place becomes free in time, and leaves the place to another one', async () => {
		const { clock, began, add, end } = open(1);
		void add();
		const late = add(1_000);
		void add();
		await clock.advance(1_000);
		expect(await late).toStrictEqual(new NotBegun(0));
		await end(OK);
		expect(began).toStrictEqual([0, 1_000]);
	});

	it('ends the waiting for a place with the reason of the signal, and loses no place', async () => {
		const { clock, began, add, end } = open(1);
		void add();
		const controller = new AbortController();
		const reason = new Error('cancelled');
		const waiting = thrownBy(async () => await add(Infinity, controller.signal));
		void add();
		await settle();
		controller.abort(reason);
		await clock.advance(250);
		expect(await waiting).toBe(reason);
		await end(OK);
		expect(began).toHaveLength(2);
	});

	it('ends the waiting with the reason of the signal', async () => {
		const { add, end } = open(2);
		void add();
		await settle();
		await end(throttledFor(60_000));
		const controller = new AbortController();
		const reason = new Error('cancelled');
		const waiting = thrownBy(async () => await add(Infinity, controller.signal));
		await settle();
		controller.abort(reason);
		expect(await waiting).toBe(reason);
		expect(await thrownBy(async () => await add(Infinity, controller.signal))).toBe(reason);
	});

	it('gives back what the work gives, and passes on what it throws', async () => {
		const { limiter } = open(1);
		const options = { ...ANY_TIME, judge: () => OK };
		expect(await limiter.schedule(async () => 'done', options)).toBe('done');
		const reason = { not: 'an error' };
		const failing = async () =>
			await limiter.schedule(async () => await Promise.reject(reason), options);
		expect(await thrownBy(failing)).toBe(reason);
		expect(await limiter.schedule(async () => 'again', options)).toBe('again');
	});

	it('opens when the first one throws before it begins', async () => {
		const { limiter } = open(2);
		const options = { ...ANY_TIME, judge: () => OK };
		const first = limiter.schedule(() => {
			throw new Error('at once');
		}, options);
		await expect(first).rejects.toThrow('at once');
		expect(await limiter.schedule(async () => 'next', options)).toBe('next');
	});

	it.each([1, 2, 7, 100])(
		'never has more than %i in flight, and as many in the end',
		async (maxConcurrency) => {
			const { limiter, clock } = open(maxConcurrency);
			let inFlight = 0;
			let peak = 0;
			const all = Array.from({ length: 600 }, async (_item, index) => {
				await limiter.schedule(
					async () => {
						peak = Math.max(peak, ++inFlight);
						await clock.sleep(index % 3);
						inFlight--;
						if (index % 5 === 0) throw new Error('some fail');
					},
					{ ...ANY_TIME, judge: () => OK },
				);
			});
			const settled = Promise.allSettled(all);
			await clock.advance(2_000);
			await settled;
			expect(peak).toBe(maxConcurrency);
			expect(inFlight).toBe(0);
		},
	);
});
