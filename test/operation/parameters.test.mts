import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { ParameterReader } from '../../nodes/operation/parameterReader.ts';
import { describeResources } from '../../nodes/operation/node.ts';
import { errorItem } from '../../nodes/operation/errorItem.ts';
import type { Operation } from '../../nodes/operation/operation.ts';
import {
	itemOptions,
	optionsCollection,
	readMaxConcurrency,
} from '../../nodes/operation/commonParameters.ts';
import { choiceParameter, ItemParameters } from '../../nodes/operation/parameters.ts';
import { labelOf } from '../../nodes/operation/values.ts';
import type { ItemFailure } from '../../nodes/platform/errors/nodeError.ts';
import { thrownBy } from '../platform/auth/settings.mts';

/** The parameters of an item as n8n gives them, expressions worked out. */
function parametersOf(values: Record<string, unknown>): ItemParameters {
	const context = {
		getNodeParameter: (name: string, index: number, fallback: unknown) => {
			if (index !== 3) throw new Error(`Item ${index} was asked for`);
			return Object.hasOwn(values, name) ? values[name] : fallback;
		},
	};
	return itemParameters(context, 3);
}

/** The same as they are where all of it was typed in, and nothing is an expression. */
function typedIn(values: Record<string, unknown>): ItemParameters {
	const context = {
		getNode: () => ({ parameters: values }),
		getNodeParameter: (name: string, _index: number, fallback: unknown) =>
			Object.hasOwn(values, name) ? values[name] : fallback,
	};
	return new ItemParameters(new ParameterReader(context as unknown as IExecuteFunctions), 0);
}

/** As for a node whose parameters are all expressions, so that none is the same for all items. */
function itemParameters(context: object, itemIndex: number): ItemParameters {
	const parameters = new Proxy({}, { get: () => '={{ $json.x }}' });
	const whole = {
		...context,
		getNode: () => ({ parameters }),
		getInputData: () => [],
	} as unknown as IExecuteFunctions;
	return new ItemParameters(new ParameterReader(whole), itemIndex);
}

const X = { displayName: 'The X', name: 'x', type: 'string', default: '' } as const;
const CHOICE = choiceParameter({
	...X,
	type: 'options',
	options: [
		{ name: 'The A', value: 'a' },
		{ name: 'The B', value: 'b' },
	],
});
const LOCATOR: INodeProperties = {
	...X,
	type: 'resourceLocator',
	modes: [
		{ displayName: 'From List', name: 'list', type: 'list' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			extractValue: { type: 'regex', regex: '^https://.*/accounts/([a-z]+)' },
		},
		{ displayName: 'By ID', name: 'id', type: 'string' },
	],
};
const NUMBER = { ...X, typeOptions: { minValue: 1 } };
const UP_TO_100 = { ...X, typeOptions: { minValue: 1, maxValue: 100 } };

const text = (value: unknown) => parametersOf({ x: value }).text(X);
const required = (value: unknown) => parametersOf({ x: value }).requiredText(X);
const locator = (value: unknown) => parametersOf({ x: value }).locator(LOCATOR);

const NOT_TEXT: Array<[string, unknown]> = [
	['true', true],
	['an object', { canaryvalue: 1 }],
	['a list', ['canaryvalue']],
	['a date', new Date(0)],
	['a function', () => 'canaryvalue'],
	['a symbol', Symbol('canaryvalue')],
	['not a number', Number.NaN],
	['endless', Number.POSITIVE_INFINITY],
];
const EMPTY: Array<[string, unknown]> = [
	['nothing', undefined],
	['null', null],
	['an empty text', ''],
	['blanks', ' \t\r\n\u00a0'],
];

describe('a text', () => {
	it.each([
		['a text', ' a\nb ', ' a\nb '],
		['a number', 5432, '5432'],
		['nought', 0, '0'],
		['a big number', 10n ** 20n, '100000000000000000000'],
		['nothing', undefined, ''],
		['null', null, ''],
		['a megabyte', 'x'.repeat(1_000_000), 'x'.repeat(1_000_000)],
	])('is read from %s', (_case, value, expected) => {
		expect(text(value)).toBe(expected);
	});

	it.each(NOT_TEXT)('is not made of %s, and the value is not repeated', async (_case, value) => {
		for (const read of [text, required, locator]) {
			const error = await thrownBy(() => read(value));
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' must be text");
			expect(error.message + error.description).not.toContain('canaryvalue');
		}
	});

	it.each(EMPTY)('that is required is not %s', async (_case, value) => {
		for (const read of [required, locator]) {
			const error = await thrownBy(() => read(value));
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' is empty");
			expect(error.description).toMatch(/expression/);
		}
	});

	it('that is required keeps the blanks around it', () => {
		expect(required(' a ')).toBe(' a ');
	});
});

describe('a locator', () => {
	it.each([
		['an ID', 'abc'],
		['a locator by list', { __rl: true, mode: 'list', value: ' abc ' }],
		['a locator by ID', { __rl: true, mode: 'id', value: 'abc\n' }],
	])('is read from %s, without blanks around it', (_case, value) => {
		expect(locator(value)).toBe('abc');
	});

	const inUrl = (value: unknown) => locator({ __rl: true, mode: 'url', value });

	it('is the part of a URL that its mode takes', () => {
		expect(inUrl('https://adobe.example/#/accounts/abc')).toBe('abc');
		expect(inUrl(' https://adobe.example/#/accounts/abc\n')).toBe('abc');
		expect(locator({ mode: 'url', value: 'https://adobe.example/#/accounts/abc' })).toBe('abc');
	});

	it.each([['abc'], ['http://adobe.example/accounts/abc'], ['https://adobe.example/'], ['x y']])(
		'is not read from the URL %j, which holds no ID',
		async (value) => {
			const error = await thrownBy(() => inUrl(value));
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' holds no ID in its URL");
		},
	);

	it.each(['list', 'url', 'id', 'name', 'nothing of the kind', null, undefined])(
		'is empty in the mode %p, whatever it is empty of',
		async (mode) => {
			for (const [, value] of EMPTY) {
				const error = await thrownBy(() => locator({ __rl: true, mode, value }));
				expect(error).toBeInstanceOf(UserError);
				expect(error.message).toBe("'The X' is empty");
			}
			const without = await thrownBy(() => locator({ __rl: true, mode }));
			expect(without.message).toBe("'The X' is empty");
		},
	);

	it.each([
		['an object without a mark', { value: 'abc' }, 'must be text'],
		['a locator in a locator', { __rl: true, value: { __rl: true, value: 'abc' } }, 'must be text'],
		['true by URL', { __rl: true, mode: 'url', value: true }, 'must be text'],
		['a list by URL', { __rl: true, mode: 'url', value: ['https://a/b/c'] }, 'must be text'],
	])('is not read from %s', async (_case, value, reason) => {
		expect((await thrownBy(() => locator(value))).message).toBe(`'The X' ${reason}`);
	});
});

describe('a choice', () => {
	const NOT_CHOICES: Array<[string, unknown]> = [
		['another text', 'c'],
		['a text with blanks', ' a'],
		['capitals', 'A'],
		['a list of one', ['a']],
		['nothing', undefined],
		['null', null],
		['a prototype key', '__proto__'],
		['a member of lists', 'length'],
		['a position', 0],
		['the name that the editor shows', 'The A'],
	];

	it.each(NOT_CHOICES)('is none of the values when it is %s', async (_case, value) => {
		const error = await thrownBy(() => parametersOf({ x: value }).choice(CHOICE));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe("'The X' has a value that does not exist");
		expect(error.description).toBe('Use one of these values: a, b.');
	});

	it('is the value itself', () => {
		expect(parametersOf({ x: 'b' }).choice(CHOICE)).toBe('b');
	});

	it('is offered with the default first', async () => {
		const read = () => parametersOf({ x: 'c' }).choice({ ...CHOICE, default: 'b' });
		expect((await thrownBy(read)).description).toBe('Use one of these values: b, a.');
	});

	it.each(NOT_CHOICES)('of several is none of the values when it is %s', async (_case, value) => {
		const error = await thrownBy(() => parametersOf({ x: ['a', value] }).choices(CHOICE));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe("'The X' has a value that does not exist");
	});

	it.each([
		[
			['b', 'a'],
			['b', 'a'],
		],
		[[], []],
		[undefined, []],
		[null, []],
		[' ', []],
		['a', ['a']],
		[
			['a', 'b', 'a'],
			['a', 'b'],
		],
	])('of several is %j', (value, expected) => {
		expect(parametersOf({ x: value }).choices(CHOICE)).toStrictEqual(expected);
	});
});

describe('a whole number', () => {
	it.each([
		[1, 1],
		[2 ** 53 - 1, 2 ** 53 - 1],
		['7', 7],
		[' 7 ', 7],
		['1e1', 10],
	])('is read from %j', (value, expected) => {
		expect(parametersOf({ x: value }).wholeNumber(NUMBER)).toBe(expected);
	});

	it.each([
		0,
		-1,
		1.5,
		2 ** 53,
		Infinity,
		NaN,
		'',
		' ',
		'ten',
		'1,000',
		'1.000,5',
		'1 000',
		'1_000',
		'10s',
		'0x10',
		'0b11',
		'7.5',
		'--7',
		'NaN',
		'Infinity',
		null,
		undefined,
		true,
		'true',
		[5],
		{},
		new Date(5),
		5n,
	])('is not %p', async (value) => {
		const error = await thrownBy(() => parametersOf({ x: value }).wholeNumber(NUMBER));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe("'The X' is not a whole number from 1 on");
		expect(error.description).toBe("Enter a whole number from 1 on in 'The X', in digits only.");
	});

	it('is no greater than the editor allows', async () => {
		expect(parametersOf({ x: 100 }).wholeNumber(UP_TO_100)).toBe(100);
		const error = await thrownBy(() => parametersOf({ x: 101 }).wholeNumber(UP_TO_100));
		expect(error.message).toBe("'The X' is not a whole number from 1 to 100");
	});
});

describe('a date and time', () => {
	it('is read in the time zone of the workflow', () => {
		const value = '2026-01-31T06:00:00';
		const expected = Date.parse('2026-01-31T05:00:00Z');
		expect(parametersOf({ x: value }).time(X, 'Europe/Stockholm')).toBe(expected);
		const collection = parametersOf({ options: { x: value } }).collection({ name: 'options' });
		expect(collection.time(X, 'Europe/Stockholm')).toBe(expected);
		expect(collection.time({ ...X, name: 'y' }, 'Europe/Stockholm')).toBeUndefined();
	});
});

describe('messages', () => {
	it.each([
		['Server', 'Server'],
		['SSL Mode Name or ID', 'SSL Mode'],
		['Name or ID', 'Name or ID'],
		['Event ID Column', 'Event ID Column'],
	])('call a parameter named %j in the editor %j', (displayName, label) => {
		expect(labelOf({ displayName })).toBe(label);
	});
});

describe('a parameter that may be left out', () => {
	const NOTHING: Array<[string, unknown]> = [
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['blanks', ' \n'],
	];
	const ZONE = 'Europe/Stockholm';

	it.each(NOTHING)('is left out where %s was typed in', (_case, x) => {
		expect(typedIn({ x }).optionalText(X)).toBeUndefined();
		expect(typedIn({ x }).time(X, ZONE)).toBeUndefined();
		const member = typedIn({ options: { x } }).collection({ name: 'options' });
		expect(member.optionalText(X)).toBeUndefined();
		expect(member.choice(CHOICE)).toBeUndefined();
		expect(member.wholeNumber(NUMBER)).toBeUndefined();
		expect(member.time(X, ZONE)).toBeUndefined();
	});

	it.each(NOTHING)('is not left out where an expression gives %s', async (_case, x) => {
		const member = parametersOf({ options: { x } }).collection({ name: 'options' });
		for (const read of [
			() => parametersOf({ x }).optionalText(X),
			() => parametersOf({ x }).time(X, ZONE),
			() => member.optionalText(X),
			() => member.choice(CHOICE),
			() => member.wholeNumber(NUMBER),
			() => member.time(X, ZONE),
		]) {
			const error = await thrownBy(read);
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' has no value");
			expect(error.description).toContain('gives nothing for this item');
		}
	});

	it('knows an expression in a member from what was typed in beside it', async () => {
		const context = {
			getNode: () => ({ parameters: { options: { x: '={{ $json.x }}', y: '' } } }),
			getInputData: () => [{ json: {} }],
			getNodeParameter: () => ({ x: null, y: '' }),
		} as unknown as IExecuteFunctions;
		const parameters = new ItemParameters(new ParameterReader(context), 0);
		const member = parameters.collection({ name: 'options' });
		expect(member.optionalText({ ...X, name: 'y' })).toBeUndefined();
		expect((await thrownBy(() => member.optionalText(X))).message).toBe("'The X' has no value");
	});

	it('is read without the blanks around it', () => {
		expect(parametersOf({ x: ' a\n' }).optionalText(X)).toBe('a');
		const member = parametersOf({ options: { x: ' a\n' } }).collection({ name: 'options' });
		expect(member.optionalText(X)).toBe('a');
	});

	it('may be an empty text where that means something, but not nothing', async () => {
		const member = (x: unknown) => parametersOf({ options: { x } }).collection({ name: 'options' });
		expect(member('').text(X)).toBe('');
		for (const x of [null, undefined]) {
			expect((await thrownBy(() => member(x).text(X))).message).toBe("'The X' has no value");
		}
	});
});

describe('a collection', () => {
	it.each([
		['nothing', undefined],
		['null', null],
		['a text', 'x'],
		['a number', 5],
		['an empty object', {}],
		['a list', []],
	])('that is %s has no members', (_case, value) => {
		const collection = parametersOf({ options: value }).collection({ name: 'options' });
		expect(collection.text(X)).toBeUndefined();
		expect(collection.optionalText(X)).toBeUndefined();
		expect(collection.requiredText(X)).toBeUndefined();
		expect(collection.boolean(X)).toBeUndefined();
		expect(collection.choice(CHOICE)).toBeUndefined();
		expect(collection.requiredChoice(CHOICE)).toBeUndefined();
		expect(collection.wholeNumber(UP_TO_100)).toBeUndefined();
	});

	const member = (x: unknown) => parametersOf({ options: { x } }).collection({ name: 'options' });

	it.each([
		[true, true],
		[false, false],
		['true', true],
		['false', false],
		['TRUE', true],
		['True\n', true],
		[' false ', false],
	])('gives the switch %j as %s', (value, expected) => {
		expect(member(value).boolean(X)).toBe(expected);
	});

	it.each([['yes'], ['truth'], [undefined], [1], [0], [null], [''], [{}], [[true]]])(
		'has no switch in %j',
		async (value) => {
			const error = await thrownBy(() => member(value).boolean(X));
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' is neither true nor false");
		},
	);

	it.each([
		[1, 1],
		[100, 100],
		['7', 7],
		[' 7 ', 7],
		['1e1', 10],
	])('gives the number %j as %s', (value, expected) => {
		expect(member(value).wholeNumber(UP_TO_100)).toBe(expected);
	});

	it.each([
		['nought', 0],
		['one too many', 101],
		['below nought', -1],
		['a half', 1.5],
		['not a number', Number.NaN],
		['endless', Number.POSITIVE_INFINITY],
		['endless as a text', 'Infinity'],
		['a word', 'ten'],
		['a number with a unit', '10s'],
		['true', true],
		['a list', [5]],
		['an object', { valueOf: () => 5 }],
		['a big number', 5n],
	])('has no number in %s', async (_case, value) => {
		// The bound may come from the description, or stand beside it.
		for (const read of [
			() => member(value).wholeNumber(UP_TO_100),
			() => member(value).wholeNumber(NUMBER, 100),
		]) {
			const error = await thrownBy(read);
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe("'The X' is not a whole number from 1 to 100");
		}
	});

	it('gives a choice, and asks for one that is required', async () => {
		expect(member('b').choice(CHOICE)).toBe('b');
		expect(member('b').requiredChoice(CHOICE)).toBe('b');
		const empty = typedIn({ options: { x: '' } }).collection({ name: 'options' });
		const error = await thrownBy(() => empty.requiredChoice(CHOICE));
		expect(error.message).toBe("'The X' is empty");
	});

	it.each([
		['another text', 'c', "'The X' has a value that does not exist"],
		['the name that the editor shows', 'The A', "'The X' has a value that does not exist"],
		['null', null, "'The X' has no value"],
		['a list', ['a'], "'The X' has a value that does not exist"],
		['true', true, "'The X' has a value that does not exist"],
	])('has no choice in %s', async (_case, value, message) => {
		for (const read of [
			() => member(value).choice(CHOICE),
			() => member(value).requiredChoice(CHOICE),
		]) {
			expect((await thrownBy(read)).message).toBe(message);
		}
	});

	it('is called in messages as it is wanted', async () => {
		const error = await thrownBy(() => member({}).optionalText(X, 'The X of All'));
		expect(error.message).toBe("'The X of All' must be text");
	});
});

describe('the options of an item', () => {
	const options = (value: unknown) => itemOptions(parametersOf({ options: value }));

	it('are the sandbox of the credential and five minutes where nothing is set', () => {
		expect(options({})).toEqual({ sandboxName: undefined, timeoutMs: 300_000 });
		expect(options(undefined)).toEqual({ sandboxName: undefined, timeoutMs: 300_000 });
		const left = typedIn({ options: { sandboxName: ' ', timeout: '' } });
		expect(itemOptions(left)).toEqual({ sandboxName: undefined, timeoutMs: 300_000 });
	});

	it.each([[''], [null], [undefined], [' ']])(
		'are never those of the credential where an expression gives %j',
		async (sandboxName) => {
			const error = await thrownBy(() => options({ sandboxName }));
			expect(error.message).toBe("'Sandbox Name or ID' has no value");
			expect((await thrownBy(() => options({ timeout: sandboxName }))).message).toBe(
				"'Timeout' has no value",
			);
		},
	);

	it('are those that are set', () => {
		expect(options({ sandboxName: ' dev ', timeout: '10' })).toEqual({
			sandboxName: 'dev',
			timeoutMs: 10_000,
		});
	});

	it.each([
		[0.7, 700],
		['0.7', 700],
		['.5', 500],
		['90.0', 90_000],
		[86_400, 86_400_000],
	])('take %j seconds of Timeout for %i ms', (timeout, timeoutMs) => {
		expect(options({ timeout })).toEqual({ sandboxName: undefined, timeoutMs });
	});

	it.each([
		['a title', { sandboxName: 'My Sandbox' }, "'Sandbox Name or ID' is not a sandbox name"],
		['a header', { sandboxName: 'a\r\nb: c' }, "'Sandbox Name or ID' is not a sandbox name"],
		['an object', { sandboxName: {} }, "'Sandbox Name or ID' must be text"],
		['a list', { sandboxName: ['dev'] }, "'Sandbox Name or ID' must be text"],
		['no time', { timeout: 0 }, "'Timeout' is not a number from 0.1 to 86400"],
		['less than none', { timeout: '-5' }, "'Timeout' is not a number from 0.1 to 86400"],
		['no number', { timeout: Number.NaN }, "'Timeout' is not a number from 0.1 to 86400"],
		['a truth', { timeout: true }, "'Timeout' is not a number from 0.1 to 86400"],
		['milliseconds', { timeout: 300_000 }, "'Timeout' is not a number from 0.1 to 86400"],
		['another notation', { timeout: '0x1f' }, "'Timeout' is not a number from 0.1 to 86400"],
		['a comma', { timeout: '1,5' }, "'Timeout' is not a number from 0.1 to 86400"],
		['a time in words', { timeout: 'long' }, "'Timeout' is not a number from 0.1 to 86400"],
	])('are refused by their names: %s', async (_case, value, message) => {
		const error = await thrownBy(() => options(value));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe(message);
	});

	it.each([
		[undefined, 200],
		[{}, 200],
		[{ maxConcurrency: 1 }, 1],
		[{ maxConcurrency: '100' }, 100],
	])('%j let so many requests be under way: %i', (value, expected) => {
		expect(readMaxConcurrency(parametersOf({ options: value }))).toBe(expected);
	});

	it.each([0, 501, -5, 1.5, 'many', true, Number.NaN])(
		'%j is refused as Max Concurrency',
		async (maxConcurrency) => {
			const read = () => readMaxConcurrency(parametersOf({ options: { maxConcurrency } }));
			expect((await thrownBy(read)).message).toBe(
				"'Max Concurrency' is not a whole number from 1 to 500",
			);
		},
	);

	it('are shown by name behind the sandbox, with those of the operation among them', () => {
		const own = {
			displayName: 'Run Test',
			name: 'runTest',
			type: 'boolean',
			default: true,
		} as const;
		const names = (collection: ReturnType<typeof optionsCollection>) =>
			(collection.options ?? []).map(({ name }) => name);
		expect(names(optionsCollection())).toEqual(['sandboxName', 'maxConcurrency', 'timeout']);
		expect(names(optionsCollection([own]))).toEqual([
			'sandboxName',
			'maxConcurrency',
			'runTest',
			'timeout',
		]);
		expect(names(optionsCollection([own], ['timeout']))).toEqual([
			'sandboxName',
			'runTest',
			'timeout',
		]);
		expect(names(optionsCollection([], []))).toEqual(['sandboxName']);
		// Made again each time: one operation's option must not turn up in another's.
		expect(names(optionsCollection())).toHaveLength(3);
	});
});

describe('the parameters of a node', () => {
	const operation = (value: string, parameters: Operation['parameters'] = []): Operation => ({
		value,
		name: value.toUpperCase(),
		action: `${value} a thing`,
		description: `Does ${value}`,
		parameters,
		prepare: async () => async () => ({}),
	});
	const field = { displayName: 'X', name: 'x', type: 'string', default: '' } as const;
	const described = describeResources([
		{
			value: 'a',
			name: 'A',
			defaultOperation: 'two',
			operations: [
				operation('one', [field]),
				operation('two', [
					{ ...field, displayOptions: { show: { mode: ['m'] }, hide: { other: ['o'] } } },
				]),
			],
		},
		{ value: 'b', name: 'B', defaultOperation: 'three', operations: [operation('three')] },
	]);

	it('begin with the credentials, then the resource and no expression for it', () => {
		expect(described[0]).toMatchObject({ type: 'credentials' });
		expect(described[1]).toMatchObject({
			name: 'resource',
			default: 'a',
			noDataExpression: true,
			options: [
				{ name: 'A', value: 'a' },
				{ name: 'B', value: 'b' },
			],
		});
	});

	it('have an operation for each resource, shown for it alone', () => {
		const operations = described.filter(({ name }) => name === 'operation');
		expect(operations).toMatchObject([
			{ default: 'two', noDataExpression: true, displayOptions: { show: { resource: ['a'] } } },
			{ default: 'three', noDataExpression: true, displayOptions: { show: { resource: ['b'] } } },
		]);
		expect(operations[1]?.options).toEqual([
			{ name: 'THREE', value: 'three', action: 'three a thing', description: 'Does three' },
		]);
	});

	it('show each parameter for its operation alone, and as it wants itself', () => {
		const fields = described.filter(({ name }) => name === 'x');
		expect(fields.map(({ displayOptions }) => displayOptions)).toEqual([
			{ show: { resource: ['a'], operation: ['one'] } },
			{ show: { resource: ['a'], operation: ['two'], mode: ['m'] }, hide: { other: ['o'] } },
		]);
		expect(field).not.toHaveProperty('displayOptions');
	});

	it('can be made of nothing', () => {
		expect(describeResources([])).toMatchObject([
			{ type: 'credentials' },
			{ name: 'resource', options: [], default: '' },
		]);
	});
});

describe('an error item', () => {
	const failure: ItemFailure = {
		message: 'What happened',
		description: 'What to do (status 403, FLOW-2120-403, request ID r).',
		details: { status: 403, code: 'FLOW-2120-403', requestId: 'r' },
	};
	const SHORT = {
		error: 'What happened',
		message: 'What happened. What to do (status 403, FLOW-2120-403, request ID r).',
	};
	const FULL = { ...SHORT, details: failure.details };

	it.each([
		['knows details', 'Continue', 'continueRegularOutput', true, FULL],
		['knows details', 'Continue (using error output)', 'continueErrorOutput', true, FULL],
		['knows details', 'nothing set (the older "Continue on Fail")', undefined, true, FULL],
		['does not know details', 'Continue', 'continueRegularOutput', false, FULL],
		['does not know details', 'Continue (using error output)', 'continueErrorOutput', false, SHORT],
		['does not know details', 'nothing set', undefined, false, FULL],
	])('on a host that %s, with %s', (_host, _setting, onError, hostKnowsDetails, json) => {
		const item = errorItem(failure, 7, onError, hostKnowsDetails);
		expect(item).toEqual({ json, pairedItem: { item: 7 } });
		// An error on the item itself would make n8n throw the rest away.
		expect(item).not.toHaveProperty('error');
	});

	it('takes this host for one that knows details', () => {
		expect(errorItem(failure, 0, 'continueErrorOutput').json).toHaveProperty('details');
	});

	it('never has an empty text: older hosts would take it for a success', () => {
		const item = errorItem(
			{ message: 'What happened', description: '', details: {} },
			0,
			undefined,
		);
		expect(item.json).toEqual({ error: 'What happened', message: 'What happened', details: {} });
	});

	it('shares nothing with the failure it is made of', () => {
		const item = errorItem(failure, 0, undefined, true);
		expect(item.json.details).not.toBe(failure.details);
	});
});

/** Reads `x` for these items, and counts how often n8n is asked. */
function readAll(
	given: unknown,
	items: IDataObject[],
	ofN8n: (item: IDataObject) => unknown,
	read = (parameters: ItemParameters): unknown => parameters.raw(X),
): { values: unknown[]; asked: number } {
	let asked = 0;
	const context = {
		getNode: () => ({ parameters: { x: given } }),
		getInputData: () => items.map((json) => ({ json })),
		getNodeParameter: (_name: string, index: number) => {
			asked++;
			return ofN8n(items[index] ?? {});
		},
	} as unknown as IExecuteFunctions;
	const reader = new ParameterReader(context);
	const values = items.map((_item, index) => {
		const parameters = new ItemParameters(reader, index);
		const value = read(parameters);
		expect(read(parameters)).toStrictEqual(value);
		return value;
	});
	return { values, asked };
}

describe('parameters of many items', () => {
	const items = [{ a: 'one' }, { a: 'two' }, { a: 'three' }];

	it.each<[string, unknown]>([
		['a text', 'abc'],
		['a number', 5],
		['nothing, so that the default counts', undefined],
		['a collection of texts', { a: 'b', c: ['d'] }],
		['a locator', { __rl: true, mode: 'id', value: 'abc' }],
	])('are read once for all with %s', (_case, given) => {
		const { values, asked } = readAll(given, items, () => 'the same');
		expect(values).toStrictEqual(['the same', 'the same', 'the same']);
		expect(asked).toBe(1);
	});

	it.each<[string, unknown, (item: IDataObject) => unknown]>([
		['a member', '={{ $json.a }}', ({ a }) => a],
		['a member without blanks', '={{$json.a}}', ({ a }) => a],
		['a member on a line of its own', '={{\n\t$json.a\n}}', ({ a }) => a],
		['a member in double quotes', '={{ $json["a"] }}', ({ a }) => a],
		['a member in single quotes', "={{ $json['a'] }}", ({ a }) => a],
	])('are texts of the items, and n8n is not asked, with %s', (_case, given, ofN8n) => {
		const { values, asked } = readAll(given, items, ofN8n);
		expect(values).toStrictEqual(items.map(ofN8n));
		expect(asked).toBe(0);
	});

	it.each<[string, unknown, IDataObject[], (item: IDataObject) => unknown]>([
		['a number', '={{ $json.a }}', [{ a: 1 }, { a: 2 }, { a: 'text' }], ({ a }) => a],
		['a boolean', '={{ $json.a }}', [{ a: true }, { a: false }], ({ a }) => a],
		[
			'a collection of a member and a constant',
			{ d: '={{ $json.a }}', n: 3, t: 'text' },
			items,
			({ a }) => ({ d: a, n: 3, t: 'text' }),
		],
	])('leave to n8n the first one with %s', (_case, given, some, ofN8n) => {
		const { values, asked } = readAll(given, some, ofN8n);
		expect(values).toStrictEqual(some.map(ofN8n));
		expect(asked).toBe(1);
	});

	it('are read from members of members, with names of any kind', () => {
		const deep = [5, 'x', 'y', true].map((value) => ({ row: { 'first name': { _1: value } } }));
		const given = "={{ $json.row['first name']._1 }}";
		const ofN8n = ({ row }: IDataObject) => ((row as IDataObject)['first name'] as IDataObject)._1;
		const { values, asked } = readAll(given, deep, ofN8n);
		expect(values).toStrictEqual([5, 'x', 'y', true]);
		expect(asked).toBe(1);
	});

	it('are read from the item where a locator names a member, too', () => {
		const locator = { __rl: true, mode: 'id', value: '={{ $json.a }}' };
		const read = (parameters: ItemParameters) => parameters.locator(LOCATOR);
		const ofN8n = ({ a }: IDataObject) => ({ ...locator, value: a });
		const { values, asked } = readAll(locator, items, ofN8n, read);
		expect(values).toStrictEqual(['one', 'two', 'three']);
		expect(asked).toBe(1);
	});

	it.each<[string, unknown]>([
		['a function of a member', '={{ $json.a.trim() }}'],
		['two members', '={{ $json.a }}{{ $json.a }}'],
		['a text around a member', '=db {{ $json.a }}'],
		['a blank behind a member', '={{ $json.a }} '],
		['a sum', '={{ $json.a + 1 }}'],
		['a choice', '={{ $json.a ?? 1 }}'],
		['an optional member', '={{ $json?.a }}'],
		['a computed member', '={{ $json[$json.a] }}'],
		['an escaped name', '={{ $json["\\u0061"] }}'],
		['a comment', '={{ $json.a /* the name */ }}'],
		['the whole item', '={{ $json }}'],
		['another thing that begins so', '={{ $json2.a }}'],
		['another node', "={{ $('Rows').item.json.a }}"],
		['an expression within a list', { a: { b: ['c', '={{ $json.a }}'] } }],
		['one plain and one other in a collection', { a: '={{ $json.a }}', b: '={{ $now }}' }],
	])('leave all to n8n with %s', (_case, given) => {
		const { values, asked } = readAll(given, items, ({ a }) => a);
		expect(values).toStrictEqual(['one', 'two', 'three']);
		expect(asked).toBeGreaterThanOrEqual(3);
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['an object', { a: 1 }],
		['a list', ['a']],
		['a number that is none', NaN],
	])('leave to n8n an item that has %s', (_case, value) => {
		const some = [{ a: 'one' }, { a: 'two' }, { a: value }, { a: 'four' }] as IDataObject[];
		const { values, asked } = readAll('={{ $json.a }}', some, ({ a }) => String(a));
		expect(values).toStrictEqual(['one', 'two', String(value), 'four']);
		expect(asked).toBe(1);
	});

	it('leave to n8n a name that the item only inherits', () => {
		const { values, asked } = readAll('={{ $json.toString }}', items, () => 'of n8n');
		expect(values).toStrictEqual(['of n8n', 'of n8n', 'of n8n']);
		expect(asked).toBe(3);
	});

	it.each(['constructor', 'prototype', '__proto__'])(
		'leave to n8n a name that it refuses: %s',
		(name) => {
			const some = [JSON.parse(`{ "${name}": "a text" }`) as IDataObject];
			const { values, asked } = readAll(`={{ $json["${name}"] }}`, some, () => 'of n8n');
			expect(values).toStrictEqual(['of n8n']);
			expect(asked).toBe(1);
		},
	);

	it('leave all to n8n when it gives something else than the item has', () => {
		const numbers = [{ a: 1 }, { a: 2 }, { a: 3 }];
		const { values, asked } = readAll('={{ $json.a }}', numbers, ({ a }) => Number(a) + 1);
		expect(values).toStrictEqual([2, 3, 4]);
		expect(asked).toBe(3);
	});

	it('leave all to n8n when it gives a text where the item has a number', () => {
		const numbers = [{ a: 1 }, { a: 2 }];
		const { values, asked } = readAll('={{ $json.a }}', numbers, ({ a }) => String(a));
		expect(values).toStrictEqual(['1', '2']);
		expect(asked).toBe(2);
	});
});
