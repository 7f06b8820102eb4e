import { main, runTypeScript } from './run.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
	await ensureInstalled();
	await runTypeScript('The emulator', 'emulator/main.mts', [
		'--exit-with-parent',
		...process.argv.slice(2),
	]);
});
