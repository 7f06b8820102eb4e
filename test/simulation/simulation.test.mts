import { OPEN } from './open.mts';
import { runSimulation } from './run.mts';

/** To be 2,000 when nothing is open any more. */
const SEEDS = 300;

/** Two minutes of processor time at the most; other tests run at the same time. */
const LIMIT_MS = 30 * 60_000;

describe('The simulation', () => {
	it(
		'finds no violation in any of its seeds',
		async () => {
			const { code, lines } = await runSimulation(
				'--seeds',
				String(SEEDS),
				...OPEN.flatMap((invariant) => ['--except', invariant]),
			);
			const found = lines.filter((line) => line.startsWith('seed ')).slice(0, 20);
			expect(found).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(/ 0 violations$/);
			expect(code).toBe(0);
		},
		LIMIT_MS,
	);

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
