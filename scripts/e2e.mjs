import { buildPackage } from './buildPackage.mjs';
import { main, runTypeScript } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	await buildPackage();
	await runTypeScript('The end-to-end tests', 'e2e/run.mts', process.argv.slice(2), [
		'--test-reporter=./e2e/totalsReporter.mjs',
	]);
});
