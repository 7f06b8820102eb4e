import { readdir } from 'node:fs/promises';
import { after } from 'node:test';
import { endSharedStage, teardown } from './sharedStage.mts';

/** Long enough for a first installation of n8n on a slow line. */
const WATCHDOG_MS = 25 * 60_000;

// All test files run in this one process, because they share one n8n, whose start is expensive; a
// test that needs another one (queue mode) starts its own. Arguments choose files: `items errors`.
const wanted = process.argv.slice(2);
const folder = new URL('./tests/', import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mts')).sort();
const chosen = files.filter(
	(name) =>
		wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part.toLowerCase())),
);
if (chosen.length === 0) throw new Error(`No test file matches: ${wanted.join(' ')}`);

teardown.endOnSignals();
const watchdog = setTimeout(() => {
	process.stderr.write(`The end-to-end tests are not over after ${WATCHDOG_MS / 60_000} min\n`);
	void teardown.end().finally(() => process.exit(1));
}, WATCHDOG_MS);
watchdog.unref();

after(endSharedStage);
for (const name of chosen) await import(new URL(name, folder).href);
