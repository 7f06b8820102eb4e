const { join, sep } = require('path');
const { nodeResolve } = require('@rollup/plugin-node-resolve');
const { dest, parallel, src } = require('gulp');
const { rollup } = require('rollup');
const { n8n } = require('./package.json');

/** Where TypeScript has put its ES modules. */
const COMPILED = join(process.cwd(), 'build');

/**
 * The part of the house that a module belongs to; undefined for what is a node's or a credential's own,
 * which goes into the file that n8n loads.
 *
 * @param {string} file
 */
function partOf(file) {
	const [top, part = ''] = file.slice(COMPILED.length + 1).split(sep);
	return top === 'nodes' && !part.startsWith('Adobe') ? `nodes/${part}` : undefined;
}

/**
 * One file for each node, each credential and each part of the house. Node.js takes a quarter of a
 * millisecond to load a file, however small, and each of the sources as a file of its own would take n8n
 * more than twice as long to start with. Nothing is renamed or made smaller: the code is there to be read.
 */
async function bundle() {
	const built = await rollup({
		input: Object.fromEntries(
			[...n8n.credentials, ...n8n.nodes].map((file) => {
				const name = file.replace(/^dist\/|\.js$/g, '');
				return [name, join(COMPILED, `${name}.js`)];
			}),
		),
		external: ['crypto', 'n8n-workflow'],
		treeshake: false,
		plugins: [nodeResolve({ extensions: ['.js'] })],
		onwarn: (warning) => {
			throw new Error(warning.message);
		},
	});
	await built.write({
		dir: 'dist',
		format: 'cjs',
		entryFileNames: '[name].js',
		chunkFileNames: '[name].js',
		manualChunks: partOf,
		exports: 'named',
		generatedCode: 'es2015',
	});
	await built.close();
}
bundle.displayName = 'build:code';

// Copied byte for byte: gulp 5 would otherwise decode every file as UTF-8 text.
const asIs = { base: '.', encoding: false };

/** @param {string[]} patterns */
const copy = (patterns) => src(patterns, { ...asIs, allowEmpty: true }).pipe(dest('dist'));

const copyIcons = () => copy(['{icons,nodes,credentials}/**/*.{svg,png}']);
copyIcons.displayName = 'build:icons';

/** What the node creator searches: categories, aliases and links of a node. */
const copyCodex = () => copy(['nodes/**/*.node.json']);
copyCodex.displayName = 'build:codex';

/** What the editor offers for mapping before the first execution. */
const copySchemas = () => copy(['nodes/**/__schema__/**/*.json']);
copySchemas.displayName = 'build:schemas';

const build = parallel(bundle, copyIcons, copyCodex, copySchemas);

module.exports = {
	'build:code': bundle,
	'build:icons': copyIcons,
	'build:codex': copyCodex,
	'build:schemas': copySchemas,
	build,
	default: build,
};
