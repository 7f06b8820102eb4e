import { Pace } from '../../nodes/platform/tokenBucket.ts';

const START_MS = 1_000_000;

/** A pace that was refused at these times, and has had so many taken between each two of them. */
function refusedAt(times: number[], takenBetween: number): Pace {
	const pace = new Pace();
	for (const [index, time] of times.entries()) {
		if (index > 0) for (let count = 0; count < takenBetween; count++) pace.took();
		pace.refused(START_MS + time);
	}
	return pace;
}

/** When each of so many requests may begin that are all there at a time, in milliseconds after it. */
const turns = (pace: Pace, atMs: number, count: number) =>
	Array.from({ length: count }, () => Math.round(pace.next(START_MS + atMs)));

describe('The pace', () => {
	it.each<[string, Pace, number, number[]]>([
		['holds nothing back where nothing was refused', refusedAt([], 0), 0, [0, 0, 0]],
		['holds nothing back after one refusal', refusedAt([0], 0), 0, [0, 0, 0]],
		['spreads what comes after a second one', refusedAt([0, 970], 100), 970, [10, 20, 30]],
		['counts what was not used since then', refusedAt([0, 970], 100), 1_000, [0, 0, 0, 10, 20]],
		['learns nothing from refusals at the same time', refusedAt([0, 50], 100), 50, [0, 0]],
		['learns nothing where nothing was taken', refusedAt([0, 5_000], 0), 5_000, [0, 0]],
		['takes the last two of three', refusedAt([0, 970, 2_910], 100), 2_910, [20, 40]],
		['is forgotten after half a minute', refusedAt([0, 970], 100), 31_000, [0, 0, 0]],
	])('%s', (_what, pace, atMs, expected) => {
		expect(turns(pace, atMs, expected.length)).toStrictEqual(expected);
	});

	it('lets no more than a second’s worth begin at once, however long nothing was sent', () => {
		const atOnce = turns(refusedAt([0, 970], 100), 20_000, 2_000).filter((turn) => turn === 0);
		// A hundred a second, and after nineteen seconds six times as many.
		expect(atOnce.length).toBeGreaterThan(400);
		expect(atOnce.length).toBeLessThan(800);
	});

	it('rises the faster the longer nothing is refused', () => {
		const countIn = (second: number) => {
			const pace = refusedAt([0, 970], 100);
			const [from, to] = [970 + second * 1_000, 970 + (second + 1) * 1_000];
			let count = 0;
			for (let at = 970; at < to; at += 5) {
				while (pace.next(START_MS + at) <= 0) if (at >= from) count++;
			}
			return count;
		};
		const counts = [0, 5, 10, 20].map(countIn);
		expect(counts[0]).toBeLessThan(110);
		expect([...counts].sort((one, other) => one - other)).toStrictEqual(counts);
		expect(counts[3]).toBeGreaterThan(300);
	});

	/** Adobe as a bucket that fills with `ratePerS` tokens a second, in steps of a millisecond. */
	function run(ratePerS: number, latencyMs: number, items: number, mostAtATime: number) {
		const pace = new Pace();
		let tokens = ratePerS;
		let [pending, done, running, refusals] = [items, 0, 0, 0];
		let [closedUntil, lastRefusal] = [0, -1];
		const turnsAt: number[] = [];
		const ends: Array<{ at: number; began: number; isTaken: boolean }> = [];
		let now = START_MS;
		for (; done < items && now < START_MS + 600_000; now++) {
			tokens = Math.min(ratePerS, tokens + ratePerS / 1_000);
			for (const end of ends.filter(({ at }) => at === now)) {
				running--;
				if (end.isTaken) {
					done++;
					pace.took();
					continue;
				}
				pending++;
				if (end.began > lastRefusal) {
					lastRefusal = now;
					refusals++;
					closedUntil = now + 1_000;
					pace.refused(now);
					// Times given before do not hold any more.
					pending += turnsAt.length;
					running -= turnsAt.splice(0).length;
				}
			}
			while (running < mostAtATime && pending > 0 && now >= closedUntil) {
				running++;
				pending--;
				turnsAt.push(now + pace.next(now));
			}
			if (now < closedUntil) continue;
			for (const turn of turnsAt.splice(0)) {
				if (turn > now) {
					turnsAt.push(turn);
					continue;
				}
				const isTaken = tokens >= 1;
				if (isTaken) tokens--;
				ends.push({ at: now + latencyMs, began: now, isTaken });
			}
		}
		return { seconds: (now - START_MS) / 1_000, refusals };
	}

	it.each([
		[100, 50, 1_000, 1.12],
		// What is refused is known half a second later only.
		[100, 500, 1_000, 1.4],
		[20, 50, 300, 1.12],
		[500, 100, 5_000, 1.12],
	])(
		'keeps to %d a second, with answers after %d ms, nearly without being refused: %d items',
		(ratePerS, latencyMs, items, most) => {
			const { seconds, refusals } = run(ratePerS, latencyMs, items, 100);
			const allowedSeconds = (items - ratePerS) / ratePerS;
			expect(seconds / allowedSeconds).toBeLessThan(most);
			expect(refusals).toBeLessThanOrEqual(2 + Math.ceil(allowedSeconds / 4));
		},
	);
});
