import { buildPackage } from './buildPackage.mjs';
import { main, runTypeScript } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	await buildPackage();
	await runTypeScript('The measurement', 'bench/main.mts', process.argv.slice(2));
});
