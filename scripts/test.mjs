import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTypes, lint } from './check.mjs';
import { CommandFailed, main, runInstalled } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

/**
 * Runs jest and returns its own count. A test file that could not even be loaded counts as one
 * failure, because jest counts none of the tests in it.
 *
 * @param {string[]} args for jest
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function runJest(args) {
	const folder = await mkdtemp(join(tmpdir(), 'jest-result-'));
	const resultFile = join(folder, 'result.json');
	let isGreen = true;
	try {
		await runInstalled('jest', 'jest/bin/jest.js', [
			'--json',
			`--outputFile=${resultFile}`,
			...args,
		]).catch((error) => {
			if (!(error instanceof CommandFailed)) throw error;
			isGreen = false;
		});
		const result = JSON.parse(await readFile(resultFile, 'utf8'));
		const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
		// jest can fail without a failing test, e.g. on a coverage threshold or without any test.
		return { passed: result.numPassedTests, failed: isGreen ? failed : Math.max(1, failed) };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

let totals = { passed: 0, failed: 1 };
await main(async () => {
	await ensureInstalled();
	await lint();
	await checkTypes();
	totals = await runJest(process.argv.slice(2));
});
if (totals.failed > 0) process.exitCode ||= 1;
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
