import { readdir } from 'node:fs/promises';
import { after } from 'node:test';
import { endSharedStage, teardown, useLine } from './sharedStage.mts';
import { SUITES } from './suites.mts';

/** Long enough for a first installation of n8n on a slow line; `E2E_MINUTES` sets another limit. */
const WATCHDOG_MS = Number(process.env.E2E_MINUTES ?? 25) * 60_000;

// All test files of a suite run in this one process, because they share one n8n, whose start is
// expensive. The last of them looks for secrets in what the others have left. Arguments: the suite, and then what chooses files of it: `n8n-1 items errors`.
const [name = '', ...wanted] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) throw new Error(`No suite is called "${name}"`);
const chosen: URL[] = [];
for (const folder of suite.folders) {
	const url = new URL(`./${folder}/`, import.meta.url);
	const files = (await readdir(url)).filter((file) => file.endsWith('.test.mts')).sort();
	for (const file of files) {
		const path = `${folder}/${file}`.toLowerCase();
		if (wanted.length > 0 && !wanted.some((part) => path.includes(part.toLowerCase()))) continue;
		chosen.push(new URL(file, url));
	}
}

teardown.endOnSignals();
const watchdog = setTimeout(() => {
	process.stderr.write(`The end-to-end tests are not over after ${WATCHDOG_MS / 60_000} min\n`);
	void teardown.end().finally(() => process.exit(1));
}, WATCHDOG_MS);
watchdog.unref();

useLine(suite.line);
after(endSharedStage);
for (const { href } of chosen) await import(href);
if (chosen.length > 0) await import('./canary/noSecret.test.mts');
