import { readFileSync } from 'node:fs';
import { rememberProcess } from './processState.cjs';

describe('The realm of the test files', () => {
	it('is that of Node.js, as for nodes in n8n', () => {
		const failures: unknown[] = [];
		try {
			readFileSync('no such file');
		} catch (error) {
			failures.push(error);
		}
		expect(failures).toEqual([expect.any(Error)]);
		expect(failures[0] instanceof Error && structuredClone([]) instanceof Array).toBe(true);
	});
});

describe('What a test file changes in the process', () => {
	const event = 'SIGUSR2';

	beforeEach(() => {
		process.env.TEST_KEPT = 'before';
	});

	afterEach(() => {
		delete process.env.TEST_KEPT;
	});

	const changes: Array<[what: string, change: () => void, read: () => unknown]> = [
		[
			'a global variable',
			() => Object.assign(globalThis, { testLeak: 1 }),
			() => Reflect.get(globalThis, 'testLeak') as unknown,
		],
		[
			'a global function in the place of another',
			() => Object.assign(globalThis, { setTimeout: () => undefined }),
			() => globalThis.setTimeout,
		],
		[
			'a new variable of the environment',
			() => Object.assign(process.env, { TEST_LEAK: '1' }),
			() => process.env.TEST_LEAK,
		],
		[
			'another value in the environment',
			() => Object.assign(process.env, { TEST_KEPT: 'after' }),
			() => process.env.TEST_KEPT,
		],
		[
			'a variable that is taken from the environment',
			() => delete process.env.TEST_KEPT,
			() => process.env.TEST_KEPT,
		],
		[
			'a function of the process',
			() => Object.assign(process, { exit: () => undefined }),
			() => process.exit,
		],
		[
			'a listener of the process',
			() => process.on(event, () => undefined),
			() => process.rawListeners(event),
		],
		[
			'how long traces are',
			() => Object.assign(Error, { stackTraceLimit: 3 }),
			() => Error.stackTraceLimit,
		],
	];

	it.each(changes)('ends with the file: %s', (_what, change, read) => {
		const before = read();
		const remembered = rememberProcess();
		change();
		const changed = read();
		remembered.restore();
		expect(changed).not.toEqual(before);
		expect(read()).toEqual(before);
	});

	it.each(changes)('stays where a shared package made it as it loaded: %s', (_w, change, read) => {
		const original = rememberProcess();
		const remembered = rememberProcess();
		remembered.keepChangesOf(change);
		const changed = read();
		remembered.restore();
		const kept = read();
		original.restore();
		expect(kept).toEqual(changed);
		expect(read()).not.toEqual(changed);
	});
});
