import { FOUND } from './found.mts';
import { OPEN } from './open.mts';
import { runSimulation, testFound } from './run.mts';

/** In parts, so that none takes long where other tests run at the same time. */
const SEEDS_OF_A_PART = 400;
const PARTS = [0, 1, 2, 3, 4];

/** A part takes ten seconds of processor time, and many times that on a small machine under load. */
const LIMIT_MS = 15 * 60_000;

describe('The simulation', () => {
	it.each(PARTS.map((part) => [part * SEEDS_OF_A_PART + 1, (part + 1) * SEEDS_OF_A_PART]))(
		'finds no violation in the seeds %i to %i',
		async (from) => {
			const { code, lines } = await runSimulation(
				'--from',
				String(from),
				'--seeds',
				String(SEEDS_OF_A_PART),
				...OPEN.flatMap((invariant) => ['--except', invariant]),
			);
			const found = lines.filter((line) => line.startsWith('seed ')).slice(0, 20);
			expect(found).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(new RegExp(`^${SEEDS_OF_A_PART} seeds, .* 0 violations$`));
			expect(code).toBe(0);
		},
		LIMIT_MS,
	);

	testFound(FOUND, LIMIT_MS);

	it(
		'is the same each time for the same seed',
		async () => {
			const { lines } = await runSimulation('--seeds', '40', '--twice');
			expect(lines.filter((line) => line.includes('does not replay'))).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(/^40 seeds, \d{3,} steps, \d+ violations$/);
		},
		LIMIT_MS,
	);

	it(
		'tells a seed that is given as a story',
		async () => {
			const { lines } = await runSimulation('--seed', '7');
			expect(lines[0]).toMatch(/^ +0\.000 weather \{/);
			expect(lines.some((line) => line.includes('it begins'))).toBe(true);
			expect(lines.at(-1)).toMatch(/^1 seeds, \d+ steps, \d+ violations$/);
		},
		LIMIT_MS,
	);
});
