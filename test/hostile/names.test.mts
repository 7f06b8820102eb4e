import fc from 'fast-check';

import { sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode } from '../support/connectionNode.mts';
import { hostileText } from './arbitraries.mts';
import { runs } from './runs.mts';

const adobe = sharedAdobe();
afterAll(async () => {});

const nameText = fc
	.oneof(
		hostileText,
		fc.constantFrom(
			'a,b',
			'<',
			'!a',
			'=',
			'~x',
			'a',
			'b',
			'"a"',
			'a==b',
			'name==x',
			'A',
			'a ',
			'%41',
			'a+b',
			'a b',
			'ä',
		),
	)
	.map((text) => text.trim().slice(0, 1_000))
	// Half a character is refused, which another test holds.
	.filter((text) => text !== '' && !/\p{Surrogate}/u.test(text));

describe('Create or Update', () => {
	it('makes one connection of each name, whatever the names are, and none the second time', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(nameText, { minLength: 1, maxLength: 5 }), async (names) => {
				adobe.reset();
				const items = names.map((name) => ({ json: { name } }));
				const parameters = { operation: 'upsert', name: '={{ $json.name }}' };
				const first = await runConnectionNode(adobe, parameters, {}, items);
				expect(first.map(({ json }) => json.action)).toStrictEqual(names.map(() => 'created'));
				expect(
					adobe
						.connections()
						.map(({ name }) => name)
						.sort(),
				).toStrictEqual([...names].sort());
				const written = requestsBy(adobe, 'POST').length;
				const second = await runConnectionNode(adobe, parameters, {}, items);
				expect(second.map(({ json }) => json.connectionId)).toStrictEqual(
					first.map(({ json }) => json.connectionId),
				);
				expect(second.map(({ json }) => json.action)).toStrictEqual(names.map(() => 'unchanged'));
				expect(requestsBy(adobe, 'POST')).toHaveLength(written);
			}),
			runs(30),
		);
	});
});

describe('Get Many', () => {
	it('finds by a name exactly the connection of that name', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(nameText, { minLength: 2, maxLength: 4 }), async (names) => {
				adobe.reset();
				for (const name of names) {
					await runConnectionNode(
						adobe,
						{ operation: 'create', verify: false, name: '={{ $json.name }}' },
						{},
						[{ json: { name } }],
					);
				}
				for (const name of names) {
					const found = await runConnectionNode(
						adobe,
						{ operation: 'getAll', filters: { name: '={{ $json.name }}' } },
						{},
						[{ json: { name } }],
					);
					expect(found.map(({ json }) => json.name)).toStrictEqual([name]);
				}
			}),
			runs(20),
		);
	});
});
