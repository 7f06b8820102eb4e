import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npm } from '../../scripts/npm.mjs';
import { checkout } from './checkout.mts';

const run = promisify(execFile);

/** A tarball as it would be published. */
export interface PackedPackage {
	name: string;
	version: string;
	/** Absolute path of the tarball. */
	tarball: string;
}

/**
 * Packs the built package.
 *
 * @param folder where the tarball goes; must exist
 * @throws {Error} when the package is not built
 */
export async function packPackage(folder: string): Promise<PackedPackage> {
	if (!existsSync(join(checkout, 'dist'))) throw new Error('Not built yet: npm run build');
	const output = await npm(
		['pack', '--ignore-scripts', '--json', `--pack-destination=${folder}`],
		checkout,
	);
	const [packed] = Object.values(
		JSON.parse(output) as Record<string, { name: string; version: string; filename: string }>,
	);
	if (packed === undefined) throw new Error('npm pack did not say what it packed');
	const { name, version, filename } = packed;
	return { name, version, tarball: join(folder, filename) };
}

/**
 * Installs a tarball the way n8n installs a community package: unpacked below the user folder's
 * `nodes`, freed of its development, peer and optional dependencies, its runtime dependencies
 * installed with n8n's options, and entered in n8n's list of installed packages.
 *
 * n8n's own endpoint for it is not used because it takes packages from the public registry only;
 * another registry needs an enterprise licence. The steps are those of n8n's
 * `CommunityPackagesService.downloadPackage`.
 *
 * @param userFolder n8n's user folder, the one that gets a `.n8n` folder
 */
export async function installPackage(packed: PackedPackage, userFolder: string): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	const folder = join(nodes, 'node_modules', packed.name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', packed.tarball, '-C', folder, '--strip-components=1']);

	const manifestFile = join(folder, 'package.json');
	const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>;
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[key];
	}
	await writeFile(manifestFile, JSON.stringify(manifest, null, 2));
	await npm(
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		folder,
	);
	const list = {
		name: 'installed-nodes',
		private: true,
		dependencies: { [packed.name]: packed.version },
	};
	await writeFile(join(nodes, 'package.json'), JSON.stringify(list, null, 2));
}
