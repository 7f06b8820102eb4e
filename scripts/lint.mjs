import { checkTypes, lint } from './check.mjs';
import { main } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	await lint();
	await checkTypes();
});
