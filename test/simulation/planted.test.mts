import { runSimulation } from './run.mts';

const LIMIT_MS = 30 * 60_000;

describe('A fault that is planted in the product', () => {
	it(
		'is noticed by the simulation, whichever it is',
		async () => {
			const { code, lines } = await runSimulation('--planted', '--quick');
			const unnoticed = lines.filter((line) => /NOT NOTICED|is not planted/.test(line));
			expect(unnoticed).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(/^\d+ planted faults, 0 not noticed$/);
			expect(code).toBe(0);
		},
		LIMIT_MS,
	);
});
