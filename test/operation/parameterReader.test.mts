import type { IDataObject, IExecuteFunctions, INodeProperties, INodeType } from 'n8n-workflow';

import { ParameterReader } from '../../nodes/operation/parameterReader.ts';
import { ItemParameters } from '../../nodes/operation/parameters.ts';
import { describeType, executeNode, wire } from '../support/core.mts';

const LOCATOR: INodeProperties = {
	displayName: 'Locator',
	name: 'locator',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	modes: [
		{ displayName: 'By ID', name: 'id', type: 'string' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			extractValue: { type: 'regex', regex: '^(?:https://.*/)?(.*)$' },
		},
	],
};

/** A value, or what was thrown instead. */
function outcome(read: () => unknown): IDataObject {
	try {
		const value = read();
		return { type: typeof value, value: value as IDataObject };
	} catch (error) {
		return { thrown: (error as Error).message };
	}
}

/** Puts out its parameters for each item: as the reader gives them, and as n8n does. */
const comparing: INodeType = {
	description: describeType('comparing', {
		properties: [
			{ displayName: 'Text', name: 'text', type: 'string', default: '' },
			{
				displayName: 'Members',
				name: 'members',
				type: 'collection',
				default: {},
				options: [{ displayName: 'Text', name: 'text', type: 'string', default: '' }],
			},
			LOCATOR,
		],
	}),
	async execute(this: IExecuteFunctions) {
		const reader = new ParameterReader(this);
		const items = this.getInputData().map((_item, index) => {
			const parameters = new ItemParameters(reader, index);
			const ofN8n = (name: string) => this.getNodeParameter(name, index, null);
			return {
				json: {
					read: {
						text: outcome(() => parameters.raw({ name: 'text' })),
						members: outcome(() => parameters.raw({ name: 'members' })),
						locator: outcome(() => parameters.locator(LOCATOR)),
					},
					ofN8n: {
						text: outcome(() => ofN8n('text')),
						members: outcome(() => ofN8n('members')),
						locator: outcome(() =>
							new ItemParameters(new ParameterReader(this), index).locator(LOCATOR),
						),
					},
				},
			};
		});
		return [items];
	},
};

const VALUES: unknown[] = [
	'a',
	'',
	' padded\n',
	'={{ 1 + 1 }}',
	'{{ $json.b }}',
	'https://adobe.example/accounts/a',
	'2026-11-24T00:00:00.000Z',
	'\ud83d\ude00 \u2028',
	'half \ud83d',
	0,
	-0,
	1.5,
	2 ** 53,
	true,
	false,
	null,
	[1, 'a'],
	[],
	{ deep: { name: 'c' } },
	{},
];
const MEMBERS = ['a', 'first name', 'row.a', '__proto__', 'constructor', 'toString', 'é', '$a'];
const EXPRESSIONS = [
	'={{ $json.a }}',
	'={{$json["a"]}}',
	"={{ $json['first name'] }}",
	"={{ $json['row.a'] }}",
	'={{ $json.a.deep.name }}',
	'={{ $json.a.length }}',
	'={{ $json.a[0] }}',
	'={{ $json["a"]["deep"].name }}',
	'={{ $json.__proto__ }}',
	'={{ $json["__proto__"] }}',
	'={{ $json.constructor }}',
	'={{ $json.toString }}',
	"={{ $json['é'] }}",
	'={{ $json.$a }}',
	'={{ $json.missing }}',
	'={{ $json.a }} ',
	'={{ $json.a }}{{ $json.a }}',
	'={{ $json.a ?? "none" }}',
	'={{ $json.a // }}',
	'={{ $json }}',
];

function itemsWith(values: unknown[]): Array<{ json: IDataObject }> {
	return values.map((value) => {
		// A literal would not get a member of this name.
		const entries = MEMBERS.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
		return { json: JSON.parse(`{ ${entries.join(', ')} }`) as IDataObject };
	});
}

/** The reader says in front which parameter it was. */
function inWordsOfN8n(read: unknown): object {
	const entries = Object.entries(read as Record<string, { thrown?: string }>);
	return Object.fromEntries(
		entries.map(([name, { thrown, ...value }]) => [
			name,
			thrown === undefined
				? value
				: { thrown: thrown.replace(/^The expression of .* worked out: /, '') },
		]),
	);
}

describe('the reader of parameters', () => {
	it.each(EXPRESSIONS)(
		'gives what n8n gives for %s, whatever the items hold',
		async (expression) => {
			// Whichever comes first decides whether the reader continues without n8n.
			const orders = [VALUES, [...VALUES].reverse(), VALUES.slice(-4).concat(VALUES)];
			for (const mode of ['id', 'url']) {
				for (const values of orders) {
					const wired = wire({
						nodeType: comparing,
						parameters: {
							text: expression,
							members: { text: expression },
							locator: { __rl: true, mode, value: expression },
						},
						credentials: { ims: {} },
					});
					const output = await executeNode(wired, itemsWith(values));
					expect(output).toHaveLength(values.length);
					for (const { json } of output) {
						expect(inWordsOfN8n(json.read)).toStrictEqual(inWordsOfN8n(json.ofN8n));
					}
				}
			}
		},
	);
});
