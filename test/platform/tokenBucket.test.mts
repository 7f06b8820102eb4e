import { TokenBucket } from '../../nodes/platform/tokenBucket.ts';

const START_MS = 1_000_000;

/** A bucket for which requests were throttled at these times, with so many successes between each two of them. */
function throttledAt(times: number[], takenBetween: number, waitMs = 0): TokenBucket {
	const bucket = new TokenBucket();
	for (const [index, time] of times.entries()) {
		if (index > 0) for (let count = 0; count < takenBetween; count++) bucket.recordSuccess();
		bucket.recordThrottling(START_MS + time, waitMs);
	}
	return bucket;
}

/** When each of so many requests may begin that are all there at a time, in milliseconds after it. */
const turns = (bucket: TokenBucket, atMs: number, count: number) =>
	Array.from({ length: count }, () => Math.round(bucket.take(START_MS + atMs)));

describe('The token bucket', () => {
	it.each<[string, TokenBucket, number, number[]]>([
		['holds nothing back where nothing was refused', throttledAt([], 0), 0, [0, 0, 0]],
		['holds nothing back after one refusal', throttledAt([0], 0), 0, [0, 0, 0]],
		['spreads what comes after a second one', throttledAt([0, 970], 100), 970, [10, 20, 30]],
		['counts what was not used since then', throttledAt([0, 970], 100), 1_000, [0, 0, 0, 10, 20]],
		['learns nothing from throttlings at the same time', throttledAt([0, 50], 100), 50, [0, 0]],
		['learns nothing where nothing was taken', throttledAt([0, 5_000], 0), 5_000, [0, 0]],
		['takes the last two of three', throttledAt([0, 970, 2_910], 100), 2_910, [20, 40]],
		[
			'learns nothing where there was little to do between two',
			throttledAt([0, 20_000], 100),
			20_000,
			[0, 0],
		],
		[
			'learns nothing from two executions that are an hour apart',
			throttledAt([0, 3_600_000], 100),
			3_600_000,
			[0, 0],
		],
		[
			'learns from what is far apart because Adobe asked to wait',
			throttledAt([0, 58_200], 100, 57_000),
			58_200,
			[600, 1_200],
		],
		[
			'keeps what it has learned where there was little to do since then',
			throttledAt([0, 970, 21_000], 100),
			21_000,
			[10, 20],
		],
		['is forgotten after half a minute', throttledAt([0, 970], 100), 31_000, [0, 0, 0]],
	])('%s', (_what, bucket, atMs, expected) => {
		expect(turns(bucket, atMs, expected.length)).toStrictEqual(expected);
	});

	it('lets no more than a second’s worth begin at once, however long nothing was sent', () => {
		const atOnce = turns(throttledAt([0, 970], 100), 20_000, 2_000).filter((turn) => turn === 0);
		// A hundred a second, and after nineteen seconds six times as many.
		expect(atOnce.length).toBeGreaterThan(400);
		expect(atOnce.length).toBeLessThan(800);
	});

	it('rises the faster the longer nothing is refused', () => {
		const countIn = (second: number) => {
			const bucket = throttledAt([0, 970], 100);
			const [from, to] = [970 + second * 1_000, 970 + (second + 1) * 1_000];
			let count = 0;
			for (let at = 970; at < to; at += 5) {
				while (bucket.take(START_MS + at) <= 0) if (at >= from) count++;
			}
			return count;
		};
		const counts = [0, 5, 10, 20].map(countIn);
		expect(counts[0]).toBeLessThan(110);
		expect([...counts].sort((one, other) => one - other)).toStrictEqual(counts);
		expect(counts[3]).toBeGreaterThan(300);
	});

	/** Adobe as a bucket that fills with `ratePerS` tokens a second, in steps of a millisecond. */
	function run(ratePerS: number, latencyMs: number, items: number, maxAtATime: number) {
		const bucket = new TokenBucket();
		let tokens = ratePerS;
		let [pending, done, running, throttlings] = [items, 0, 0, 0];
		let [closedUntil, lastThrottling] = [0, -1];
		const turnsAt: number[] = [];
		const ends: Array<{ at: number; began: number; isTaken: boolean }> = [];
		let now = START_MS;
		for (; done < items && now < START_MS + 600_000; now++) {
			tokens = Math.min(ratePerS, tokens + ratePerS / 1_000);
			for (const end of ends.filter(({ at }) => at === now)) {
				running--;
				if (end.isTaken) {
					done++;
					bucket.recordSuccess();
					continue;
				}
				pending++;
				if (end.began > lastThrottling) {
					lastThrottling = now;
					throttlings++;
					closedUntil = now + 1_000;
					bucket.recordThrottling(now, 0);
					// Times given before do not hold any more.
					pending += turnsAt.length;
					running -= turnsAt.splice(0).length;
				}
			}
			while (running < maxAtATime && pending > 0 && now >= closedUntil) {
				running++;
				pending--;
				turnsAt.push(now + bucket.take(now));
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
		return { seconds: (now - START_MS) / 1_000, throttlings };
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
			const { seconds, throttlings } = run(ratePerS, latencyMs, items, 100);
			const allowedSeconds = (items - ratePerS) / ratePerS;
			expect(seconds / allowedSeconds).toBeLessThan(most);
			expect(throttlings).toBeLessThanOrEqual(2 + Math.ceil(allowedSeconds / 4));
		},
	);
});
