import { run, runInstalled } from './run.mjs';

/** The strict lint that n8n's reviewers run, with its default configuration, and their scanner. */
export async function lint() {
	await runInstalled('The lint', '@n8n/node-cli/bin/n8n-node.mjs', ['lint']);
	await run("The rules of n8n's scanner", process.execPath, ['scripts/scan.mjs']);
}

/** Type check of everything: the package, its tests, the emulator, the demo and the end-to-end tests. */
export async function checkTypes() {
	await runInstalled('The type check', 'typescript/bin/tsc', ['-p', 'tsconfig.check.json']);
}
