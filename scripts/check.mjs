import { runInstalled } from './run.mjs';

/** The strict lint that n8n's reviewers run, with its default configuration. */
export async function lint() {
	await runInstalled('The lint', '@n8n/node-cli/bin/n8n-node.mjs', ['lint']);
}

/** Type check of everything: the package, its tests, the emulator, the demo and the end-to-end tests. */
export async function checkTypes() {
	await runInstalled('The type check', 'typescript/bin/tsc', ['-p', 'tsconfig.check.json']);
}
