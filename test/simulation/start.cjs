// Loads the simulation: TypeScript as it is, in one process, with the stand-ins below, and with what a
// restart of n8n forgets noted. A planted fault (planted.mts) breaks the product while it is loaded.
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const Module = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join, relative, resolve } = require('node:path');
const swc = require('@swc/core');

const root = dirname(dirname(__dirname));

// n8n-core reads these when its modules load.
const folder = mkdtempSync(join(tmpdir(), 'adobe-postgresql-simulation-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_ENCRYPTION_KEY = 'key-for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';

/** What needs a database or a disk, and what answers in its place. */
const STAND_INS = {
	'emulator/postgresql/login.mts': 'test/simulation/database/login.mts',
	'emulator/postgresql/catalogue.mts': 'test/simulation/database/catalogue.mts',
	'emulator/postgresql/copyRows.mts': 'test/simulation/database/copyRows.mts',
	'emulator/lake/dataLake.mts': 'test/simulation/database/dataLake.mts',
};

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...more) {
	const path = resolveFilename.call(this, request, ...more);
	const standIn = STAND_INS[relative(root, path)];
	return standIn === undefined ? path : resolve(root, standIn);
};

for (const extension of ['.ts', '.mts']) {
	Module._extensions[extension] = (module, path) => {
		const name = relative(root, path);
		let text = readFileSync(path, 'utf8');
		if (/^(nodes|credentials)\//.test(name)) {
			text = globalThis.__simulationPlant?.change(text) ?? text;
			text += memoryOf(name, text);
		}
		module._compile(compiled(path, text), path);
	};
}

// A node's description has the name of the node, so TypeScript comes first.
for (const extension of ['.json', '.node']) {
	const load = Module._extensions[extension];
	delete Module._extensions[extension];
	Module._extensions[extension] = load;
}

const compilations = new Map();

/** n8n's process is loaded twice, so each file is compiled once. */
function compiled(path, text) {
	const key = `${path}\n${text}`;
	const known = compilations.get(key);
	if (known !== undefined) return known;
	const { code } = swc.transformSync(text, {
		filename: path,
		sourceMaps: 'inline',
		jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
		module: { type: 'commonjs' },
	});
	compilations.set(key, code);
	return code;
}

/** Notes what a module keeps from one execution to the next, so that a restart of n8n can forget it. */
function memoryOf(name, text) {
	const statics = /^\tstatic (?!readonly|async|open|from)(\w+)\s*[=:;]/m.exec(text);
	if (statics !== null) {
		throw new Error(`${name} keeps '${statics[1]}' where a restart cannot be simulated`);
	}
	const variables = [...text.matchAll(/^(?:export )?let (\w+)/gm)].map(
		([, variable]) =>
			`\nglobalThis.__simulation?.rememberVariable(() => ${variable}, (value) => { ${variable} = value; });`,
	);
	const kept = /^(?:export )?const (\w+)(?:: [^=\n]+)? = new (?!RegExp|Error)/gm;
	const values = [...text.matchAll(kept)].map(
		([, variable]) => `\nglobalThis.__simulation?.remember(${variable});`,
	);
	return [...variables, ...values].join('');
}

// The acceptance runs are loaded by it as well, and have a program of their own.
if (require.main === module) require('./main.mts');
