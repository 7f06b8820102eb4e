import { main, run } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	await run('The simulation', process.execPath, [
		// Much is made and thrown away for each seed.
		'--max-semi-space-size=64',
		'test/simulation/start.cjs',
		...process.argv.slice(2),
	]);
});
