import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../emulator/clock.mts';

let clock: Clock;
let seen: string[];
beforeEach(() => {
	clock = new Clock();
	seen = [];
});
afterEach(async () => await clock.close());

const HOUR = 3_600_000;
/** Notes the time, in whole hours from the beginning. */
const note = (name: string, start: number) => () => {
	seen.push(`${name} ${Math.floor((clock.now() - start) / HOUR)}`);
};

describe('turning the clock', () => {
	it('keeps the appointments on the way in their order, whatever order they were made in', async () => {
		const start = clock.now();
		for (const hours of [3, 1, 2, 5]) clock.at(start + hours * HOUR, note('at', start));
		await clock.advance(4 * HOUR);
		expect(seen).toEqual(['at 1', 'at 2', 'at 3']);
		expect(clock.now() - start).toBeGreaterThanOrEqual(4 * HOUR);
		await clock.advance(HOUR);
		expect(seen).toEqual(['at 1', 'at 2', 'at 3', 'at 5']);
	});

	it('waits for each before the next one', async () => {
		const start = clock.now();
		clock.at(start + HOUR, async () => {
			await sleep(50);
			seen.push('slow');
		});
		clock.at(start + 2 * HOUR, () => void seen.push('next'));
		await clock.advance(3 * HOUR);
		expect(seen).toEqual(['slow', 'next']);
	});

	it('keeps appointments that are made on the way', async () => {
		const start = clock.now();
		const again = (hours: number) => {
			clock.at(start + hours * HOUR, () => {
				note('at', start)();
				again(hours + 1);
			});
		};
		again(1);
		await clock.advance(3 * HOUR);
		expect(seen).toEqual(['at 1', 'at 2', 'at 3']);
	});

	it('goes further for what must end, and no further for anything else', async () => {
		const start = clock.now();
		clock.at(start + HOUR, () => {
			clock.at(start + 3 * HOUR, note('end', start), true);
			clock.at(start + 4 * HOUR, note('other', start));
		});
		await clock.advance(HOUR);
		expect(seen).toEqual(['end 3']);
	});

	it('is done one after the other when asked for twice', async () => {
		const start = clock.now();
		clock.at(start + HOUR, note('at', start));
		await Promise.all([clock.advance(2 * HOUR), clock.advance(HOUR)]);
		expect(Math.floor((clock.now() - start) / HOUR)).toBe(3);
		expect(seen).toEqual(['at 1']);
	});

	it('does not keep what was cancelled, nor what was forgotten', async () => {
		const start = clock.now();
		clock.cancel(clock.at(start + HOUR, note('cancelled', start)));
		clock.at(start + HOUR, note('forgotten', start));
		clock.reset();
		await clock.advance(2 * HOUR);
		expect(seen).toEqual([]);
	});
});

describe('an appointment', () => {
	it('is kept by the real clock, several at once', async () => {
		clock.at(clock.now() + 40, () => void seen.push('second'));
		clock.at(clock.now() - 1000, async () => {
			await sleep(300);
			seen.push('third');
		});
		clock.at(clock.now(), () => void seen.push('first'));
		for (let n = 0; n < 100 && seen.length < 3; n++) await sleep(20);
		expect(seen).toEqual(['first', 'second', 'third']);
	});

	it('is kept at its time even when the clock was turned in between', async () => {
		clock.at(clock.now() + HOUR + 100, () => void seen.push('kept'));
		await clock.advance(HOUR);
		expect(seen).toEqual([]);
		for (let n = 0; n < 100 && seen.length < 1; n++) await sleep(20);
		expect(seen).toEqual(['kept']);
	});

	it('further away than a timer reaches is not kept early', async () => {
		clock.at(clock.now() + 2 ** 31 + 1000, () => void seen.push('early'));
		await sleep(50);
		expect(seen).toEqual([]);
	});

	it('is not kept once the clock is closed', async () => {
		clock.at(clock.now() + 20, () => void seen.push('late'));
		await clock.close();
		await sleep(60);
		expect(seen).toEqual([]);
	});
});
