import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { exclusively } from '../../scripts/lockFile.mjs';
import { npm } from '../../scripts/npm.mjs';
import { startProcess } from './childProcess.mts';
import { nodePackage, type InstalledN8n } from './install.mts';
import type { Progress } from './progress.mts';

const BUILDING = '.sqlite3.building-';

/**
 * Compiles the SQLite driver of an installed n8n where that has not been done yet. n8n is installed
 * without it, see install.mts, and does without it as long as no AI agent runs: the code of the
 * agents loads the driver, whatever they do.
 *
 * @throws {Error} naming what has to be installed, when it cannot be compiled
 */
export async function ensureSqlite(n8n: InstalledN8n, progress: Progress): Promise<void> {
	const modules = join(n8n.folder, 'node_modules');
	// Where its loader looks first.
	const driver = join(modules, 'sqlite3', 'build', 'node_sqlite3.node');
	if (existsSync(driver)) return;
	const onWait = () => progress('Another process compiles n8n’s SQLite driver; waiting for it …');
	await exclusively(driver, onWait, async () => {
		if (existsSync(driver)) return;
		// Whoever holds the lock is the only one compiling, so these were left by a run that was cut off.
		for (const name of await readdir(modules)) {
			if (name.startsWith(BUILDING))
				await rm(join(modules, name), { recursive: true, force: true });
		}
		progress('Compiling n8n’s SQLite driver, which its AI agents load: once, about a minute …');
		// Inside node_modules, for what the sources take from there.
		const copy = await mkdtemp(join(modules, BUILDING));
		try {
			await cp(join(modules, 'sqlite3'), copy, { recursive: true });
			await compile(n8n, copy);
			await mkdir(dirname(driver), { recursive: true });
			// The driver gets its name only when it is complete.
			await rename(join(copy, 'build', 'Debug', 'node_sqlite3.node'), driver);
		} finally {
			await rm(copy, { recursive: true, force: true });
		}
	});
}

async function compile(n8n: InstalledN8n, folder: string): Promise<void> {
	// npm's own node-gyp: that of n8n's packages is from before Python 3.12.
	const nodeGyp = (await npm(['config', 'get', 'node-gyp'], folder)).trim();
	const headers = nodePackage(n8n.folder);
	const hasHeaders = headers !== undefined && existsSync(join(headers, 'include', 'node'));
	const { ended, log } = startProcess({
		program: n8n.node,
		// Not optimized, which takes a third of the time.
		args: [nodeGyp, 'rebuild', '--debug', ...(hasHeaders ? [`--nodedir=${headers}`] : [])],
		cwd: folder,
		env: { ...process.env, PATH: [dirname(n8n.node), process.env.PATH].join(delimiter) },
	});
	if ((await ended) === 0) return;
	throw new Error(
		`n8n’s SQLite driver could not be compiled, and its AI agents do not run without it. That takes Python 3, make and a C++ compiler (Debian: apt-get install g++ make python3). Its last words:\n${log.tail()}`,
	);
}
