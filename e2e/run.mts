import { readdir } from 'node:fs/promises';
import { after } from 'node:test';
import { endSharedStage, teardown, useLine } from './sharedStage.mts';
import { SUITES } from './suites.mts';

/** Long enough for a first installation of n8n on a slow line; `E2E_MINUTES` sets another limit. */
const WATCHDOG_MS = Number(process.env.E2E_MINUTES ?? 25) * 60_000;

// All test files of a suite run in this one process, because they share one n8n, whose start is
// expensive. Arguments: the suite, and then what chooses files of it: `n8n-1 items errors`.
const [name = '', ...wanted] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) throw new Error(`No suite is called "${name}"`);
const folder = new URL(`./${suite.folder}/`, import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith('.test.mts')).sort();
const chosen = files.filter(
	(file) =>
		wanted.length === 0 || wanted.some((part) => file.toLowerCase().includes(part.toLowerCase())),
);

teardown.endOnSignals();
const watchdog = setTimeout(() => {
	process.stderr.write(`The end-to-end tests are not over after ${WATCHDOG_MS / 60_000} min\n`);
	void teardown.end().finally(() => process.exit(1));
}, WATCHDOG_MS);
watchdog.unref();

useLine(suite.line);
after(endSharedStage);
for (const file of chosen) await import(new URL(file, folder).href);
