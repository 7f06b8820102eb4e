import { spawn } from 'node:child_process';

/** What a run of the simulation has printed, and how it has ended. */
export interface Ended {
	code: number | null;
	lines: string[];
}

/**
 * Runs the simulation as `npm run simulate` does: in a process of its own, since it replaces the clock
 * and everything that is random.
 */
export async function runSimulation(...args: string[]): Promise<Ended> {
	return await runInVirtualTime('test/simulation/start.cjs', ...args);
}

/** One test for each seed that has shown something: it shows nothing any more. */
export function testFound(
	found: ReadonlyArray<readonly [seed: number, what: string]>,
	limitMs: number,
	...args: string[]
): void {
	describe('has found, and finds no more', () => {
		let lines: string[] = [];

		beforeAll(async () => {
			const seeds = found.map(([seed]) => seed).join(',');
			({ lines } = await runSimulation(...args, '--these', seeds));
		}, limitMs);

		it.each(found)('by seed %i: %s', (seed) => {
			expect(lines.filter((line) => line.startsWith(`seed ${seed}: `))).toStrictEqual([]);
			expect(lines.at(-1)).toMatch(new RegExp(`^${found.length} seeds, \\d+ steps, `));
		});
	});
}

/** @param program loads what it runs with the stand-ins of the simulation */
export async function runInVirtualTime(program: string, ...args: string[]): Promise<Ended> {
	const child = spawn(process.execPath, ['--max-semi-space-size=64', program, ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
	let errors = '';
	child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	// What it says about its speed is no result; what it dies of is.
	const lines = text.trimEnd().split('\n');
	return { code, lines: code === 0 || code === 1 ? lines : [...lines, ...errors.split('\n')] };
}
