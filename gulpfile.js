const { dest, parallel, src } = require('gulp');

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

const build = parallel(copyIcons, copyCodex, copySchemas);

module.exports = {
	'build:icons': copyIcons,
	'build:codex': copyCodex,
	'build:schemas': copySchemas,
	build,
	default: build,
};
