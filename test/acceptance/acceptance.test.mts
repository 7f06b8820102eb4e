import { runInVirtualTime } from '../simulation/run.mts';
import type { Outcome, TrialName } from './trials.mts';
import { TRIALS } from './trials.mts';

/** A limit on what hangs: a seed takes some seconds of processor time. */
const LIMIT_MS = 10 * 60_000;

async function outcomesOf(trial: TrialName, ...seeds: number[]): Promise<Outcome[]> {
	const { code, lines } = await runInVirtualTime(
		'test/acceptance/start.cjs',
		trial,
		...seeds.map(String),
	);
	if (code !== 0) throw new Error(lines.join('\n'));
	return lines.map((line) => JSON.parse(line) as Outcome);
}

/** Nobody is told anything wrong, and whatever Adobe holds is told. */
const TRUE = { wrongIds: [], sharedIds: [], unaccounted: [] };

/** Exactly one of each, and each is told its own. */
function exactly(count: number, action: string): Partial<Outcome> {
	return {
		...TRUE,
		held: count,
		tooMany: [],
		unnamed: [],
		succeeded: count,
		errors: {},
		actions: { [action]: count },
	};
}

/** Lists lag by 0 to 10 s, each by its own time, and work ends up to 20 s after its 504. */
describe('A thousand items whose answers get lost, under lists that lag', () => {
	it(
		'end as a thousand new connections with Create',
		async () => {
			for (const outcome of await outcomesOf('creates', 1, 2)) {
				expect(outcome).toMatchObject(exactly(1_000, 'created'));
				// A look-up or more for each of those that were lost: the weather was no fine one.
				expect(outcome.requests).toBeGreaterThan(1_400);
			}
		},
		LIMIT_MS,
	);

	it(
		'end as a thousand connections with Create or Update, also when n8n starts again and executes it once more',
		async () => {
			for (const outcome of await outcomesOf('upserts', 1, 2)) {
				expect(outcome).toMatchObject(exactly(1_000, 'unchanged'));
				expect(outcome.requests).toBeGreaterThan(1_400);
			}
		},
		LIMIT_MS,
	);

	it.each<TrialName>(['createsLostAgain', 'upsertsLostAgain'])(
		'leave nothing that is not told where repeated requests and look-ups are lost as well (%s)',
		async (trial) => {
			for (const outcome of await outcomesOf(trial, 2, 5, 7)) {
				expect(outcome).toMatchObject(TRUE);
				// A DELETE may fail for good; then one more is held, and its ID is told.
				expect(outcome.succeeded).toBe(1_000);
				expect(outcome.held).toBeLessThanOrEqual(1_001);
			}
		},
		LIMIT_MS,
	);
});

describe('Four hundred creates that have 12 seconds each, where Adobe takes ten a second', () => {
	it(
		'fail where their time is up, and nothing that was made is reported as failed without its ID',
		async () => {
			for (const { held, succeeded, namedInErrors, ...outcome } of await outcomesOf(
				'tenPerSecond',
				1,
				2,
			)) {
				expect(outcome).toMatchObject({ ...TRUE, tooMany: [], unnamed: [] });
				expect(held).toBe(succeeded + namedInErrors);
				// All that could be made in that time is 130, some of which is kept for looking up.
				expect(held).toBeGreaterThan(80);
				expect(outcome.tookMs).toBeLessThanOrEqual(TRIALS.tenPerSecond.timeoutMs);
			}
		},
		LIMIT_MS,
	);

	it(
		'leave nothing that is not told where answers get lost as well',
		async () => {
			for (const outcome of await outcomesOf('tenPerSecondLost', 1, 2, 3)) {
				expect(outcome).toMatchObject(TRUE);
				expect(outcome.held).toBeGreaterThan(80);
			}
		},
		LIMIT_MS,
	);
});

describe('Four hundred creates where Adobe takes three at a time', () => {
	it(
		'take at most half as long again as a client that knows that',
		async () => {
			const [outcome] = await outcomesOf('threeAtATime', 1);
			expect(outcome).toMatchObject(exactly(400, 'created'));
			const { tookMs = Infinity, idealMs = 0, requests = Infinity } = outcome ?? {};
			expect(tookMs).toBeGreaterThanOrEqual(idealMs);
			expect(tookMs).toBeLessThanOrEqual(1.5 * idealMs);
			// What is refused costs Adobe's quota: one in eight at most.
			expect(requests).toBeLessThanOrEqual(450);
		},
		LIMIT_MS,
	);
});
