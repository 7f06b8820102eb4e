import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from './buildPackage.mjs';
import { CommandFailed, main, runTypeScript } from './run.mjs';
import { ensureInstalled } from './setup.mjs';
import { stoppedExitCodes } from './stopSignals.mjs';

/** Those of e2e/suites.mts that run when none is chosen. */
const SUITES = ['n8n-2', 'n8n-1', 'queue-mode-n8n-1', 'queue-mode'];

/**
 * Runs one suite and returns its count. One that ended before it could count is one failure.
 *
 * @param {string} suite
 * @param {string[]} files parts of names of test files; none: all
 * @returns {Promise<{ passed: number, failed: number }>}
 * @throws {CommandFailed} when it was told to stop
 */
async function runSuite(suite, files) {
	const folder = await mkdtemp(join(tmpdir(), 'e2e-totals-'));
	const totalsFile = join(folder, 'totals.json');
	let isGreen = true;
	try {
		process.stdout.write(`\n== ${suite}\n`);
		await runTypeScript(
			`The suite ${suite}`,
			'e2e/run.mts',
			[suite, ...files],
			[
				'--test-reporter=spec',
				'--test-reporter-destination=stdout',
				'--test-reporter=./e2e/totalsReporter.mjs',
				`--test-reporter-destination=${totalsFile}`,
			],
		).catch((error) => {
			if (!(error instanceof CommandFailed) || stoppedExitCodes.includes(error.exitCode))
				throw error;
			isGreen = false;
		});
		const text = await readFile(totalsFile, 'utf8').catch(() => '');
		const { passed, failed } = text === '' ? { passed: 0, failed: 1 } : JSON.parse(text);
		return { passed, failed: isGreen ? failed : Math.max(1, failed) };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const totals = { passed: 0, failed: 0 };
await main(async () => {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { suite: { type: 'string', multiple: true } },
	});
	await ensureInstalled();
	await buildPackage();
	for (const suite of values.suite ?? SUITES) {
		const { passed, failed } = await runSuite(suite, positionals);
		totals.passed += passed;
		totals.failed += failed;
	}
	if (totals.passed + totals.failed === 0) {
		throw new Error(`No test file matches: ${positionals.join(' ')}`);
	}
});
if (process.exitCode || totals.failed > 0) {
	totals.failed ||= 1;
	process.exitCode ||= 1;
}
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
