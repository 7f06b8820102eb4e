import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { runInstalled } from './run.mjs';

/**
 * Compiles the package to `dist/`, which is emptied first so that no file of a former build ships.
 *
 * @param {string} [cwd] another folder than the checkout, with the sources and `node_modules` in it
 */
export async function buildPackage(cwd = root) {
	await rm(join(cwd, 'dist'), { recursive: true, force: true });
	const options = { cwd, stdout: 'stderr' };
	const modules = ['--module', 'esnext', '--outDir', 'build'];
	await runInstalled(
		'The compilation',
		'typescript/bin/tsc',
		['-p', 'tsconfig.json', ...modules],
		options,
	);
	await runInstalled('The bundling', 'gulp/bin/gulp.js', ['--silent', 'build'], options);
	await rm(join(cwd, 'build'), { recursive: true, force: true });
}
