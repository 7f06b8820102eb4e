// Test files run in Node's own realm, as nodes do in n8n, one file after the other, and share the
// packages that jest.config.cjs names: n8n-core alone has 2,000 files, which jest would read and
// run anew for each of ours. What is ours jest runs anew for every test file, as it always does,
// and what a file changes in the process ends with it.
const vm = require('node:vm');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

const { rememberProcess } = require('./processState.cjs');

/** Stands for the realm of the process where jest says which realm a file is compiled for. */
const OWN_REALM = Object.freeze({});

/**
 * What was compiled, by file name: the next test file runs the script without parsing it again.
 *
 * @type {Map<string, { source: string, head: string, script: vm.Script }>}
 */
const scripts = new Map();

function compile(source, parameters, filename) {
	const head = `(function (${parameters.join(',')}) {`;
	let known = scripts.get(filename);
	if (known?.source !== source || known.head !== head) {
		const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
		known = { source, head, script };
		scripts.set(filename, known);
	}
	return known.script.runInThisContext();
}

/** @type {OwnRealmEnvironment | undefined} */
let current;

// jest has no option for this: it always names a realm of vm's, which the own one is not.
const compileFunction = vm.compileFunction;
vm.compileFunction = (source, parameters, options) => {
	if (options?.parsingContext !== OWN_REALM) return compileFunction(source, parameters, options);
	const { filename } = options;
	if (current?.isShared(filename)) return (module) => (module.exports = current.load(filename));
	return compile(source, parameters, filename);
};

class OwnRealmEnvironment {
	constructor({ projectConfig }) {
		const { sharedPackages } = projectConfig.testEnvironmentOptions;
		this.shared = new RegExp(`/node_modules/(?:${sharedPackages.join('|')})/`);
		this.before = rememberProcess();
		this.global = globalThis;
		Object.assign(globalThis, projectConfig.globals);
		this.moduleMocker = new ModuleMocker(globalThis);
		this.fakeTimers = new LegacyFakeTimers({
			config: projectConfig,
			global: globalThis,
			moduleMocker: this.moduleMocker,
			timerConfig: { idToRef: (id) => id, refToId: (timer) => timer },
		});
		this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
		this.context = OWN_REALM;
		current = this;
	}

	isShared(filename) {
		return this.shared.test(filename.replaceAll('\\', '/'));
	}

	/** Loads a shared package; what it does to the process as it loads stays for the files to come. */
	load(filename) {
		return this.before.keepChangesOf(() => require(filename));
	}

	exportConditions() {
		return ['node', 'node-addons'];
	}

	getVmContext() {
		return this.context;
	}

	async setup() {}

	async teardown() {
		this.fakeTimers.dispose();
		this.fakeTimersModern.dispose();
		this.moduleMocker.restoreAllMocks();
		this.before.restore();
		this.context = null;
		current = undefined;
	}
}

module.exports = OwnRealmEnvironment;
