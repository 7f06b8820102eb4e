import { main } from './run.mjs';
import { ensureInstalled } from './setup.mjs';
import { buildPackage } from './buildPackage.mjs';

await main(async () => {
	await ensureInstalled();
	await buildPackage(process.argv[2]);
});
