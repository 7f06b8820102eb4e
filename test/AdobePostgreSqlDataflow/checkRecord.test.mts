import { checkRecord } from '../../nodes/AdobePostgreSqlDataflow/dataflow/preview/checkRecord';

const text = (more: object = {}) => ({ type: 'string', ...more });
const number = (more: object = {}) => ({ type: 'number', ...more });

/** What a record with this one field breaks. */
const rulesOf = (field: object, value: unknown) =>
	checkRecord({ type: 'object', properties: { a: field } }, { a: value }).map(({ rule }) => rule);

describe('The check of a record against a schema', () => {
	it.each<[string, object, unknown[], unknown[], string]>([
		['a text', text(), ['', 'x'], [1, true, {}, ['x']], 'type'],
		['an integer', { type: 'integer' }, [0, -3, '9007199254740993'], [1.5, '12', 'x'], 'type'],
		['a number', number(), [0, 1.5, '9007199254740993'], ['1.5', 'NaN', true], 'type'],
		['a boolean', { type: 'boolean' }, [true, false], ['true', 0], 'type'],
		['a list', { type: 'array' }, [[], [1]], ['[]', {}], 'type'],
		['an object', { type: 'object' }, [{}, { b: 1 }], ['{}', []], 'type'],
		['one of several types', { type: ['string', 'null'] }, ['x'], [1], 'type'],
		[
			'a date',
			text({ format: 'date' }),
			['2024-02-29', '1999-12-31'],
			['2023-02-29', '31.12.1999', '2024-1-1', '2024-02-29T00:00:00Z'],
			'format',
		],
		[
			'a date-time',
			text({ format: 'date-time' }),
			['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.123456+02:00', '2024-01-01t00:00:00z'],
			['2024-02-30T00:00:00Z', '2024-02-29T24:00:00Z', '2024-02-29T10:00:00', '2024-02-29', 'soon'],
			'format',
		],
		[
			'an address of mail',
			text({ format: 'email' }),
			['ana@example.com', "o'neill+x@mail.example.co.uk"],
			['ana', 'ana@', '@example.com', 'a b@example.com', 'ana@example'],
			'format',
		],
		[
			'a URI',
			text({ format: 'uri' }),
			['https://a.b/c', 'urn:x:y'],
			['a.b/c', 'https://a b'],
			'format',
		],
		['a format that is not known', text({ format: 'colour' }), ['anything'], [], ''],
		['one of a list', text({ enum: ['new', 'paid'] }), ['new'], ['New', ''], 'enum'],
		['one of a list of numbers', number({ enum: [1, 2] }), [2], [3], 'enum'],
		['a least number', number({ minimum: 0 }), [0, 0.1], [-0.1, '-9007199254740993'], 'minimum'],
		['a greatest number', number({ maximum: 10 }), [10], [10.01, '9007199254740993'], 'maximum'],
		['more than a number', number({ exclusiveMinimum: 0 }), [0.1], [0, -1], 'minimum'],
		['less than a number', number({ exclusiveMaximum: 1 }), [0.9], [1, 2], 'maximum'],
		['more, in older words', number({ minimum: 0, exclusiveMinimum: true }), [1], [0], 'minimum'],
		['a pattern', text({ pattern: '^[A-Z]{2}$' }), ['DE'], ['de', 'DEU'], 'pattern'],
		['a pattern anywhere', text({ pattern: '\\p{L}' }), ['1ä'], ['1'], 'pattern'],
		['a pattern that is none', text({ pattern: '(' }), ['anything'], [], ''],
		['a least length', text({ minLength: 2 }), ['ab', '👍🏽'], ['a', ''], 'minLength'],
		['a greatest length', text({ maxLength: 3 }), ['abc', '👍👍👍'], ['abcd'], 'maxLength'],
		['a short list', { type: 'array', maxItems: 1 }, [[], [1]], [[1, 2]], 'maxItems'],
		['a long list', { type: 'array', minItems: 1 }, [[1]], [[]], 'minItems'],
		[
			'members of a list',
			{ type: 'array', items: number({ minimum: 0 }) },
			[[0]],
			[[-1]],
			'minimum',
		],
		[
			'values of a map',
			{ type: 'object', additionalProperties: text({ maxLength: 1 }) },
			[{ x: 'a' }],
			[{ x: 'ab' }],
			'maxLength',
		],
		['anything', {}, ['x', 1, true, {}, []], [], ''],
	])('knows %s', (_what, field, good, bad, rule) => {
		for (const value of good) expect([value, rulesOf(field, value)]).toStrictEqual([value, []]);
		for (const value of bad) expect([value, rulesOf(field, value)]).toStrictEqual([value, [rule]]);
	});

	it('names the field by its path, and never its value', () => {
		const schema = {
			required: ['person'],
			properties: {
				person: {
					type: 'object',
					required: ['email', 'age'],
					properties: { email: text({ maxLength: 3 }), age: number() },
				},
				tags: { type: 'array', items: text({ enum: ['a'] }) },
				never: { type: 'object', required: ['x'] },
			},
		};
		const found = checkRecord(schema, { person: { email: 'secret', age: null }, tags: ['a', 'b'] });
		expect(found.map(({ field, rule }) => `${field} ${rule}`)).toStrictEqual([
			'person.age required',
			'person.email maxLength',
			'tags[1] enum',
		]);
		expect(JSON.stringify(found)).not.toContain('secret');
		expect(checkRecord(schema, {})).toMatchObject([{ field: 'person', rule: 'required' }]);
	});

	it('comes to an end where a schema refers to itself', () => {
		const schema: Record<string, unknown> = { type: 'object' };
		schema.properties = { self: schema };
		let record: Record<string, unknown> = {};
		for (let depth = 0; depth < 500; depth++) record = { self: record };
		expect(checkRecord(schema, record)).toStrictEqual([]);
	});
});
