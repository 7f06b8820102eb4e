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
	const child = spawn(
		process.execPath,
		['--max-semi-space-size=64', 'test/simulation/start.cjs', ...args],
		{ stdio: ['ignore', 'pipe', 'pipe'] },
	);
	let text = '';
	child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	return { code, lines: text.trim().split('\n') };
}
