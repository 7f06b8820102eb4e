import { runSimulation, testFound } from './run.mts';

/** In parts, so that none takes long where other tests run at the same time. */
const SEEDS_OF_A_PART = 100;
const PARTS = [0, 1];

const LIMIT_MS = 15 * 60_000;

/** What was found, by a seed that showed it. */
const FOUND: ReadonlyArray<readonly [seed: number, what: string]> = [
	[13, 'no mapping set goes that a dataflow of another execution can come to use'],
	[29, 'what another execution goes on with is not rolled back'],
	[50, 'a field group that a killed execution has left is not in the way of another plan'],
	[214, 'a dataset that another execution goes on with stays, also where that begins late'],
	[1235, 'two executions of one plan do not take each other’s ends for their own'],
	[609, 'what was made of a dataflow is told, also where the dataflow can not be read again'],
	[3552, 'a mapping set that another execution has taken for its change stays'],
];

describe('A database that is kept in step in any weather', () => {
	it.each(PARTS.map((part) => [part * SEEDS_OF_A_PART + 1, (part + 1) * SEEDS_OF_A_PART]))(
		'is as it was wanted at the end, by seeds %i to %i',
		async (from) => {
			const { code, lines } = await runSimulation(
				'--database',
				'--from',
				String(from),
				'--seeds',
				String(SEEDS_OF_A_PART),
			);
			expect(lines.filter((line) => line.startsWith('seed '))).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(new RegExp(`^${SEEDS_OF_A_PART} seeds, .* 0 violations$`));
			expect(code).toBe(0);
		},
		LIMIT_MS,
	);

	testFound(FOUND, LIMIT_MS, '--database');

	it(
		'is the same each time for the same seed',
		async () => {
			const { lines } = await runSimulation('--database', '--seeds', '10', '--twice');
			expect(lines.filter((line) => line.includes('does not replay'))).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(/^10 seeds, \d{3,} steps, \d+ violations$/);
		},
		LIMIT_MS,
	);
});
