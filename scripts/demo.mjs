import { buildPackage } from './buildPackage.mjs';
import { main, runTypeScript } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	process.stderr.write('Building the package …\n');
	await buildPackage();
	await runTypeScript('The demo', 'demo/main.mts', process.argv.slice(2));
});
