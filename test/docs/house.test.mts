import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The rooms of the house from top to bottom: a module imports from its own room or from lower ones. */
const FLOORS = [
	['node', 'credentials'],
	['locators', 'outputs'],
	['operation', 'adobe'],
	['platform', 'postgresql'],
	['redaction'],
];

/** What the published package may use from outside. */
const OUTSIDE = ['crypto', 'n8n-workflow'];

/** The only files that send anything: with n8n's request helpers. */
const SENDERS = ['nodes/platform/auth/accessToken.ts', 'nodes/platform/send.ts'];

const MAX_FILES_PER_FOLDER = 22;

const MODULES = ['nodes', 'credentials']
	.flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
	)
	.filter((file) => file.endsWith('.ts'))
	.sort();

function importsOf(file: string): string[] {
	const text = readFileSync(file, 'utf8');
	return [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'/gm)].map(
		([, imported = '']) => imported,
	);
}

/** `node:AdobePostgreSqlConnection` for what is one node's own, else the name of the room. */
function roomOf(path: string): string {
	const [top = '', folder = ''] = path.split('/');
	if (top !== 'nodes') return top;
	return folder.startsWith('Adobe') ? `node:${folder}` : folder;
}

function floorOf(room: string): number {
	return FLOORS.findIndex((rooms) => rooms.includes(room.replace(/:.*/, '')));
}

function isAllowed(file: string, imported: string): boolean {
	if (!imported.startsWith('.')) return OUTSIDE.includes(imported);
	const [from, to] = [roomOf(file), roomOf(join(dirname(file), imported))];
	return from === to || (floorOf(to) >= 0 && floorOf(from) < floorOf(to));
}

describe('The imports of the package', () => {
	it('run one way, from node to redaction, and nowhere outside', () => {
		expect(MODULES.length).toBeGreaterThan(100);
		const forbidden = MODULES.flatMap((file) =>
			importsOf(file)
				.filter((imported) => !isAllowed(file, imported))
				.map((imported) => `${file} imports ${imported}`),
		);
		expect(forbidden).toEqual([]);
	});

	it.each([
		['another node', 'nodes/AdobePostgreSqlConnection/a.ts', '../AdobePostgreSqlDataflow/b'],
		['a room above', 'nodes/platform/client.ts', '../operation/operation'],
		['a room beside', 'nodes/adobe/runs.ts', '../operation/time'],
		['the emulator', 'nodes/adobe/runs.ts', '../../emulator/emulator.mts'],
		['another package', 'nodes/platform/send.ts', 'axios'],
		["a module of Node.js other than 'crypto'", 'nodes/platform/send.ts', 'node:fs'],
	])('would be refused from %s', (_what, file, imported) => {
		expect(isAllowed(file, imported)).toBe(false);
	});

	it('lead to requests in two files only', () => {
		const sending = MODULES.filter((file) =>
			/\bhelpers\.\w*[rR]equest/.test(readFileSync(file, 'utf8')),
		);
		expect(sending).toEqual(SENDERS);
	});
});

describe('The lists of the package', () => {
	it('are never spread into the arguments of a call, which a hundred thousand would break', () => {
		const spread = MODULES.flatMap((file) =>
			[
				...readFileSync(file, 'utf8').matchAll(
					/\b(?:push|unshift|min|max|apply)\([^;\n({]*\.\.\..*/g,
				),
			].map(([text]) => `${file}: ${text}`),
		);
		expect(spread).toEqual([]);
	});
});

describe('The rooms of the house', () => {
	it('hold about twenty files each at most', () => {
		const counts = new Map<string, number>();
		for (const file of MODULES) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
		expect([...counts].filter(([, count]) => count > MAX_FILES_PER_FOLDER)).toEqual([]);
	});

	const text = readFileSync('CONTRIBUTING.md', 'utf8');
	const table = text.slice(text.indexOf('## Where is X decided?'), text.indexOf('## Words'));
	const rows = [...table.matchAll(/^\| (?!What +\||-)([^|]+?) +\| ([^|]+) \|$/gm)].map(
		([, behaviour = '', where = '']) => [behaviour, where],
	);

	it('are named for twelve behaviours in CONTRIBUTING', () => {
		expect(rows).toHaveLength(12);
	});

	it.each(rows)('are named with files that exist: %s', (_behaviour, where = '') => {
		const paths = [...where.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, path = '']) => `nodes/${path}`);
		expect(paths).not.toEqual([]);
		expect(paths.filter((path) => !MODULES.includes(path))).toEqual([]);
	});
});

describe('The paths that documents name', () => {
	// CONTRIBUTING's own example makes two files that are not there.
	const INVENTED = /getState/;
	const DOCUMENTS = ['SECURITY.md', 'CONTRIBUTING.md', 'README.md', 'emulator/README.md'];

	it.each(DOCUMENTS)('are those of files: %s', (document) => {
		const named = readFileSync(document, 'utf8').matchAll(
			/`((?:nodes|test|emulator|e2e|bench|scripts|docs)\/[\w/.-]+\.\w+)`/g,
		);
		const missing = [...named]
			.map(([, path = '']) => path)
			.filter((path) => !INVENTED.test(path) && !existsSync(path));
		expect(missing).toEqual([]);
	});
});
