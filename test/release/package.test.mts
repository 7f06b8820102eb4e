import { execFile } from 'node:child_process';
import {
	cp,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = dirname(dirname(__dirname));
const MAX_BYTES = 260_000;
const SLOW_MS = 300_000;

/** What a build reads; nothing else may be needed for it. */
const SOURCES = [
	'credentials',
	'gulpfile.js',
	'icons',
	'LICENSE.md',
	'nodes',
	'package.json',
	'README.md',
	'tsconfig.json',
];

interface Manifest {
	version: string;
	dependencies?: object;
	peerDependencies: object;
	scripts: Record<string, string>;
	n8n: { credentials: string[]; nodes: string[] };
}

let folder: string;
/** The tarball as it would be published, and what is in it. */
let tarball: string;
let published: string;
let manifest: Manifest;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'package-'));
	const stage = join(folder, 'stage');
	published = join(folder, 'published');
	await mkdir(stage);
	await mkdir(published);
	for (const source of SOURCES) {
		await cp(join(ROOT, source), join(stage, source), { recursive: true });
	}
	await symlink(join(ROOT, 'node_modules'), join(stage, 'node_modules'), 'junction');
	await run(process.execPath, [join(ROOT, 'scripts', 'build.mjs'), stage]);
	await run('npm', ['pack', '--ignore-scripts', `--pack-destination=${folder}`], { cwd: stage });
	const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
	tarball = join(folder, String(name));
	await run('tar', ['-xzf', tarball, '-C', published, '--strip-components=1']);
	manifest = JSON.parse(await readFile(join(published, 'package.json'), 'utf8')) as Manifest;
}, SLOW_MS);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const filesIn = async (place: string): Promise<string[]> =>
	(await readdir(place, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(place.length + 1)
				.replaceAll('\\', '/'),
		);

/** Where the build puts a source; undefined where it is a part of another file. */
function builtFileOf(source: string): string | undefined {
	if (!source.endsWith('.ts')) return source;
	if (/\.(node|credentials)\.ts$/.test(source)) return source.replace(/\.ts$/, '.js');
	const [, folder] = source.split('/');
	return folder?.startsWith('Adobe') === true ? undefined : `nodes/${folder}.js`;
}

const scan = async (place: string) =>
	await run(process.execPath, [join(ROOT, 'scripts', 'scan.mjs'), place], { cwd: ROOT });

describe('The package as it is published', () => {
	it('holds what was built, README, licence and package.json, and nothing else', async () => {
		expect((await readdir(published)).sort()).toStrictEqual([
			'LICENSE.md',
			'README.md',
			'dist',
			'package.json',
		]);
		const built = await filesIn(join(published, 'dist'));
		expect([...new Set(built.map((file) => file.split('/')[0]))].sort()).toStrictEqual([
			'credentials',
			'icons',
			'nodes',
		]);
		expect([...new Set(built.map((file) => extname(file)))].sort()).toStrictEqual([
			'.js',
			'.json',
			'.svg',
		]);
	});

	it('holds a file for each node, credential and folder of shared code, and each text and icon', async () => {
		const sources = (
			await Promise.all(
				['credentials', 'icons', 'nodes'].map(async (top) =>
					(await filesIn(join(ROOT, top))).map((file) => `${top}/${file}`),
				),
			)
		).flat();
		const expected = new Set(sources.flatMap((source) => builtFileOf(source) ?? []));
		expect((await filesIn(join(published, 'dist'))).sort()).toStrictEqual([...expected].sort());
	});

	it('holds the code of every source', async () => {
		const sources = (await filesIn(join(ROOT, 'nodes'))).filter((file) => file.endsWith('.ts'));
		const built = await Promise.all(
			(await filesIn(join(published, 'dist')))
				.filter((file) => extname(file) === '.js')
				.map(async (file) => await readFile(join(published, 'dist', file), 'utf8')),
		);
		const code = built.join('\n');
		expect(sources.length).toBeGreaterThan(100);
		for (const source of sources) {
			const text = await readFile(join(ROOT, 'nodes', source), 'utf8');
			for (const [, name = ''] of text.matchAll(/^export (?:async )?(?:function|class) (\w+)/gm)) {
				const isThere = new RegExp(`(?:function|class) ${name}\\b`).test(code);
				expect({ source, name, isThere }).toStrictEqual({ source, name, isThere: true });
			}
		}
	});

	it(`is not larger than ${MAX_BYTES / 1_000} kB`, async () => {
		expect((await stat(tarball)).size).toBeLessThanOrEqual(MAX_BYTES);
	});

	it('lists every node and credential that it holds, and no other', async () => {
		const built = await filesIn(join(published, 'dist'));
		const types = (ending: string) =>
			built
				.filter((file) => file.endsWith(ending))
				.map((file) => `dist/${file}`)
				.sort();
		expect([...manifest.n8n.nodes].sort()).toStrictEqual(types('.node.js'));
		expect([...manifest.n8n.credentials].sort()).toStrictEqual(types('.credentials.js'));
	});

	it('has no path of the machine, no switched-off rule and no test in it', async () => {
		for (const file of await filesIn(published)) {
			const text = await readFile(join(published, file), 'utf8');
			expect(text).not.toContain(ROOT);
			expect(text).not.toContain(folder);
			expect(text).not.toMatch(/eslint-disable|sourceMappingURL/);
			expect(file).not.toMatch(/\.test\.|fixture|emulator/i);
		}
	});

	it('needs nothing at run time but n8n and what Node.js has', async () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.peerDependencies).toStrictEqual({ 'n8n-workflow': '*' });
		const needed = new Set<string>();
		for (const file of await filesIn(join(published, 'dist'))) {
			if (extname(file) !== '.js') continue;
			const text = await readFile(join(published, 'dist', file), 'utf8');
			for (const [, name = ''] of text.matchAll(/require\(['"]([^.'"][^'"]*)['"]\)/g))
				needed.add(name);
		}
		expect([...needed].sort()).toStrictEqual(['crypto', 'n8n-workflow']);
	});

	it('runs no script when it is installed', () => {
		expect(Object.keys(manifest.scripts)).toEqual(
			expect.not.arrayContaining(['preinstall', 'install', 'postinstall', 'prepare']),
		);
	});
});

describe("n8n's scanner", () => {
	it(
		'finds nothing in the published package',
		async () => {
			await scan(published);
		},
		SLOW_MS,
	);

	it(
		'would find what a comment hides from the lint',
		async () => {
			const bad = join(folder, 'bad');
			await mkdir(bad);
			await writeFile(join(bad, 'a.js'), '// eslint-disable-next-line\nconsole.log(1);\n');
			await expect(scan(bad)).rejects.toMatchObject({
				stderr: expect.stringMatching(/no-console/) as string,
			});
		},
		SLOW_MS,
	);
});

describe('A release', () => {
	it('has a bill of materials that lists no component', async () => {
		const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { cwd: ROOT });
		const bill = JSON.parse(stdout) as Record<string, unknown>;
		expect(bill.bomFormat).toBe('CycloneDX');
		expect(bill.components).toStrictEqual([]);
	});

	it('is described in the changelog, newest first', async () => {
		const changelog = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
		expect(/^## (?!Unreleased)(\S+)/m.exec(changelog)?.[1]).toBe(manifest.version);
	});

	it('is refused from a desk and let through from the release workflow', async () => {
		const cli = join(ROOT, 'node_modules', '@n8n', 'node-cli', 'bin', 'n8n-node.mjs');
		const prerelease = async (mode: string | undefined) =>
			await run(process.execPath, [cli, 'prerelease'], {
				cwd: ROOT,
				env: { ...process.env, RELEASE_MODE: mode },
			});
		await expect(prerelease(undefined)).rejects.toMatchObject({ code: 1 });
		await prerelease('true');
		expect(manifest.scripts.prepublishOnly).toBe('n8n-node prerelease');
	});
});

describe.each(['ci.yml', 'publish.yml'])('The workflow %s', (file) => {
	it('runs scripts that exist', async () => {
		const text = await readFile(join(ROOT, '.github', 'workflows', file), 'utf8');
		const called = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name);
		expect(called.length).toBeGreaterThan(0);
		for (const name of called) expect(Object.keys(manifest.scripts)).toContain(name);
	});
});
