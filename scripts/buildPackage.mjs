import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { runInstalled } from './run.mjs';

/** Compiles the package to `dist/`, which is emptied first so that no file of a former build ships. */
export async function buildPackage() {
	await rm(join(root, 'dist'), { recursive: true, force: true });
	await runInstalled('The compilation', 'typescript/bin/tsc', ['-p', 'tsconfig.json'], {
		stdout: 'stderr',
	});
	await runInstalled('The copying of icons and texts', 'gulp/bin/gulp.js', ['--silent', 'build'], {
		stdout: 'stderr',
	});
}
