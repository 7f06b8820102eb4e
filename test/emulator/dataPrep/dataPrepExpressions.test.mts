import { compileMapping } from '../../../emulator/dataPrep/compileMapping.mts';
import type { Mapping } from '../../../emulator/dataPrep/mappingSetStore.mts';
import { compileExpression } from '../../../emulator/dataPrep/expression.mts';
import { type FieldType, nestFields } from '../../../emulator/schemaRegistry/xdmField.mts';

const ROW = {
	id: 7,
	first: ' Ada ',
	last: 'Lovelace',
	total: 12.5,
	count: '42',
	paid: true,
	nothing: null,
	empty: '',
	'Order Id': 99,
	'a.b': 'dotted',
	'a}b': 1,
	address: { city: 'London', zip: null, 'street.name': 'Baker' },
	'the address': { city: 'Paris' },
	list: ['x', 'y'],
	updated_at: '2025-03-01T08:11:00',
	day: '2025-03-01',
	lt: 'reserved',
};

/** Applies one mapping to the row. */
function mapped(mapping: Partial<Mapping>, type?: FieldType) {
	const whole: Mapping = { sourceType: 'EXPRESSION', source: '', destination: 'to', ...mapping };
	const fields = type === undefined ? undefined : nestFields({ to: type });
	const { record, errors } = compileMapping([whole], fields)(ROW);
	return { value: record['to'], errors };
}

describe('an expression', () => {
	it.each<[string, string, unknown]>([
		['joins texts', 'concat("Hi, ", "there", "!")', 'Hi, there!'],
		['joins what is no text', 'concat(id, "-", paid)', '7-true'],
		['joins nothing as nothing', 'concat(last, nothing)', 'Lovelace'],
		['makes lower case', 'lower(last)', 'lovelace'],
		['makes lower case by its other name', 'lcase("HeLLo")', 'hello'],
		['makes upper case', 'upper(last)', 'LOVELACE'],
		['trims', 'trim(first)', 'Ada'],
		['trims on the left', 'ltrim(" x ")', 'x '],
		['trims on the right', 'rtrim(" x ")', ' x'],
		['takes the beginning', 'left("abcde", 2)', 'ab'],
		['takes the end', 'right("abcde", 2)', 'de'],
		['takes the end of a shorter text', 'right("ab", 5)', 'ab'],
		['takes a part', 'substr("This is a substring test", 7, 8)', ' a subst'],
		['replaces', 'replacestr("a-b-c", "-", "$&")', 'a$&b$&c'],
		['compares texts by a method', '"a".equals("A")', false],
		['compares texts in any case', '"a".equalsIgnoreCase("A")', true],
		['chooses the first', 'iif(total > 10, "high", "low")', 'high'],
		['chooses the second', 'iif(total > 100, "high", "low")', 'low'],
		['chooses without calculating the other', 'iif(true, 1, 1 / 0)', 1],
		['takes null as false', 'iif(nothing, 1, 2)', 2],
		['chooses by the sign', 'paid ? "yes" : "no"', 'yes'],
		['takes the first that is there', 'coalesce(nothing, null, last)', 'Lovelace'],
		['finds null empty', 'is_empty(nothing)', true],
		['finds an empty text empty', 'is_empty(empty)', true],
		['finds an empty list empty', 'is_empty([])', true],
		['finds a number not empty', 'is_empty(0)', false],
		['finds an object not empty', 'is_empty(address)', false],
		['makes a text', 'to_string(total)', '12.5'],
		['makes an integer', 'to_integer(count)', 42],
		['cuts an integer off', 'to_integer("12.9")', 12],
		['makes a decimal', 'to_decimal("20.5")', 20.5],
		['makes a number', 'to_number("20.5")', 20.5],
		['makes a boolean', 'to_boolean(" TRUE ")', true],
		['leaves null null', 'upper(nothing)', undefined],
		['reads a date', 'date("2019-10-23 11:24")', '2019-10-23T11:24:00Z'],
		['reads a date by its format', 'date("23.10.2019", "dd.MM.yyyy")', '2019-10-23T00:00:00Z'],
		[
			'reads a date with quoted letters and a zone',
			'date("2019-10-23T11:24:35.123Z", "yyyy-MM-dd\'T\'HH:mm:ss.SSSX")',
			'2019-10-23T11:24:35.123Z',
		],
		[
			'reads a date of another zone',
			'date("2019-10-23T11:24:35+02:00", "yyyy-MM-dd\'T\'HH:mm:ssX")',
			'2019-10-23T09:24:35Z',
		],
		['has a date for what is missing', 'date(nothing, "yyyy", date(day))', '2025-03-01T00:00:00Z'],
		['formats a date', 'format(date(updated_at), "dd/MM/yyyy HH:mm")', '01/03/2025 08:11'],
		[
			'formats a date in the zone',
			'format(updated_at, "yyyy-MM-dd\'T\'HH:mm:ssX")',
			'2025-03-01T08:11:00Z',
		],
		['formats a time stamp', 'dformat(1571829875000, "yyyy-MM-dd")', '2019-10-23'],
		['adds', '1 + 2 * 3', 7],
		['heeds brackets', '(1 + 2) * 3', 9],
		['subtracts a column', 'id - 2', 5],
		['takes a text of a number', 'count * 2', 84],
		['divides', '7 / 2', 3.5],
		['divides by the word', '7 div 2', 3.5],
		['has the rest', '7 mod 4', 3],
		['negates', '-id', -7],
		['joins texts by the sign', 'last + "!"', 'Lovelace!'],
		['compares', 'id >= 7', true],
		['compares by the word', 'id lt 7', false],
		['compares a text of a number with a number', 'count == 42', true],
		['compares texts by their letters', '"10" < "9"', true],
		['compares dates', 'date(day) < date(updated_at)', true],
		['finds null only equal to null', 'nothing == ""', false],
		['says not', '!paid', false],
		['says not by the word', 'not paid', false],
		['joins conditions', 'paid && id == 7', true],
		['joins conditions by words', 'paid and id eq 8 or true', true],
		['stops at the first that decides', 'paid || 1 / 0', true],
		['reads a column in braces', '${Order Id} + 1', 100],
		['reads a column of a reserved name', 'upper(${lt})', 'RESERVED'],
		['reads a column with a dot in its name', 'upper(a\\.b)', 'DOTTED'],
		['reads such a column in braces', 'upper(${a\\.b})', 'DOTTED'],
		['reads a member in braces', 'upper(${address.city})', 'LONDON'],
		['reads a member with a dot in its name', 'upper(address.street\\.name)', 'BAKER'],
		['reads a member of what is in braces', 'upper(${the address}.city)', 'PARIS'],
		['calls a method of what is in braces', '${Order Id}.equals(99)', true],
		['reads a column with a brace in its name', '${a\\}b} + 1', 2],
		['reads into an object', 'upper(address.city)', 'LONDON'],
		['takes single quotes', "concat('a', 'b')", 'ab'],
		['is a text', '"fixed"', 'fixed'],
		['is a number', '4.5', 4.5],
		['takes the least', 'min(3, 1, 4)', 1],
		['takes the greatest', 'max(3, nothing, 4)', 4],
	])('%s: %s', (_case, source, expected) => {
		expect(mapped({ source })).toEqual({ value: expected, errors: [] });
	});

	it('knows the time', () => {
		const before = Date.now();
		const { value } = mapped({ source: 'now()' });
		expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
		expect(Date.parse(String(value))).toBeGreaterThanOrEqual(before);
		expect(mapped({ source: 'timestamp()' }).value).toBeGreaterThanOrEqual(before);
	});

	it.each([
		['an unknown column', 'upper(colour)', 'The source has no field colour'],
		['the member of what only looks like it', 'upper(a.b)', 'The source has no field a.b'],
		['the same in braces', 'upper(${a.b})', 'The source has no field a.b'],
		['an unknown member', 'address.street', 'The source has no field address.street'],
		['what every object has', 'constructor', 'The source has no field constructor'],
		['what every object has, further down', 'address.__proto__', 'no field address.__proto__'],
		['a text that is no number', 'last * 2', 'a number is needed'],
		['nothing where a number is needed', 'nothing + 1', 'a number is needed'],
		['a division by zero', '1 / (id - 7)', 'it is divided by zero'],
		['a text that is no integer', 'to_integer(last)', 'a number is needed'],
		['a text that is no boolean', 'to_boolean(last)', 'true or false is needed'],
		['a number as a condition', 'iif(id, 1, 2)', 'true or false is needed'],
		['a text that is no date', 'date(last)', 'a date of that format is needed'],
		['a date of another format', 'date(day, "dd.MM.yyyy")', 'a date of that format is needed'],
		['a format of Java that is not known', 'format(day, "YYYY")', 'the date format has YYYY'],
		['a list as a text', 'upper(list)', 'a text is needed'],
	])('refuses for one row %s', (_case, source, reason) => {
		const { value, errors } = mapped({ source });
		expect(value).toBeUndefined();
		expect(errors).toEqual([
			{
				code: 'MAPPER-3700-400',
				message: expect.stringMatching(/^Mapper Transform Error: /),
				mapping: expect.objectContaining({ source }),
				reason: expect.stringContaining(reason),
			},
		]);
		expect(errors[0]?.message).toContain(reason);
	});

	it.each([
		['nothing', '  ', 'The expression is empty'],
		['an unknown function', 'colour(id)', 'Unknown function colour'],
		['what every object has', 'toString(id)', 'Unknown function toString'],
		['an unknown method', '"a".match("b")', 'Unknown function match'],
		['too few values', 'iif(true, 1)', 'The function iif does not take 2 values'],
		['too many values', 'upper(last, 1)', 'The function upper does not take 2 values'],
		['an unclosed bracket', 'concat(last', 'Expected )'],
		['an unclosed quote', 'concat("a', 'Unclosed quote'],
		['an unclosed brace', '${Order Id', 'Unclosed ${'],
		['two expressions', 'id last', 'This is not one expression'],
		['two expressions with a semicolon', 'id; last', 'This is not one expression'],
		['an operator of programs', 'id << 2', 'Unknown operator <<'],
		['an assignment', 'id = 2', '='],
		['a computed path', 'address["city"]', 'A field is named by a path with dots'],
		['this', 'this', 'This is not one expression'],
		['a called result', 'upper(last)(1)', 'Only a function can be called'],
	])('cannot be %s', (_case, source, reason) => {
		expect(() => compileExpression(source)).toThrow(reason);
	});

	it.each([
		['concat(a, b)', 'string'],
		['to_integer(a)', 'integer'],
		['1 + 2', 'integer'],
		['1 + 2.5', 'number'],
		['1 / 2', 'number'],
		['a > 1', 'boolean'],
		['a && b', 'boolean'],
		['now()', 'date-time'],
		['iif(a, 1, 2)', 'integer'],
		['iif(a, 1, "x")', 'any'],
		['coalesce(a, "x")', 'any'],
		['a', 'any'],
		['[1, 2]', 'array'],
	])('%s gives %s', (source, type) => {
		expect(compileExpression(source).type).toBe(type);
	});

	it('says which columns it reads', () => {
		const { columns } = compileExpression('iif(a > b, ${Order Id}, upper(address.city))');
		expect(columns).toEqual([['a'], ['b'], ['Order Id'], ['address', 'city']]);
	});
});

describe('a mapping', () => {
	it.each<[string, Partial<Mapping>, unknown]>([
		['takes a column', { sourceType: 'ATTRIBUTE', source: 'last' }, 'Lovelace'],
		['takes a column with a blank', { sourceType: 'ATTRIBUTE', source: 'Order Id' }, 99],
		['takes a column in braces', { sourceType: 'ATTRIBUTE', source: '${Order Id}' }, 99],
		['takes a column with a dot', { sourceType: 'ATTRIBUTE', source: 'a\\.b' }, 'dotted'],
		['takes one in braces', { sourceType: 'ATTRIBUTE', source: '${a\\.b}' }, 'dotted'],
		['takes one with a brace', { sourceType: 'ATTRIBUTE', source: '${a\\}b}' }, 1],
		['takes a path', { sourceType: 'ATTRIBUTE', source: 'address.city' }, 'London'],
		['leaves out what is null', { sourceType: 'ATTRIBUTE', source: 'nothing' }, undefined],
		[
			'takes a fixed value as it is',
			{ sourceType: 'STATIC', source: 'upper(last)' },
			'upper(last)',
		],
	])('%s', (_case, mapping, expected) => {
		expect(mapped(mapping)).toEqual({ value: expected, errors: [] });
	});

	it.each(['colour', 'constructor', '__proto__', 'address.constructor', 'a.b', '"last"'])(
		'of the column %s, which is none, is an error of that row',
		(source) => {
			const { errors } = mapped({ sourceType: 'ATTRIBUTE', source });
			expect(errors).toEqual([
				{
					mapping: expect.anything(),
					reason: expect.anything(),
					code: 'MAPPER-3700-400',
					message: `Mapper Transform Error: ${source} to to: The source has no field ${source}`,
				},
			]);
		},
	);

	it('never names the value that did not fit', () => {
		const { errors } = mapped({ sourceType: 'ATTRIBUTE', source: 'last' }, 'integer');
		expect(JSON.stringify(errors)).not.toContain('Lovelace');
		expect(errors[0]?.message).toContain('a value of type string is no integer');
	});

	it.each<[string, FieldType, unknown, unknown]>([
		['a number as text', 'string', 12.5, '12.5'],
		['a boolean as text', 'string', true, 'true'],
		['a time as text', 'string', new Date(0), '1970-01-01T00:00:00Z'],
		['text as a number', 'number', '12.50', 12.5],
		['text as an integer', 'integer', '42', 42],
		['text as a boolean', 'boolean', 'false', false],
		...[' true', 'TRUE', 'Yes', 'y', 'Y', 'on', 'ON'].map(
			(word): [string, FieldType, unknown, unknown] => [`${word} as true`, 'boolean', word, true],
		),
		...['False', 'no', 'NO', 'n', 'off', 'Off '].map(
			(word): [string, FieldType, unknown, unknown] => [`${word} as false`, 'boolean', word, false],
		),
		...[
			'2024/12/31',
			'2024.12.31',
			'2024-Dec-31',
			'20241231',
			'12-31-2024',
			'12312024',
			'12/31/2024',
			'31.12.2024',
			'31.Dec.2024',
			'31-Dec-2024',
			'31/12/2024',
			'12/31/2024 12:00:00 AM',
			'31.12.2024 12:00:00 AM',
		].map((text): [string, FieldType, unknown, unknown] => [
			`the date ${text}`,
			'date',
			text,
			'2024-12-31',
		]),
		['a date with slashes by its month first', 'date', '3/4/2024', '2024-03-04'],
		['a date with dots by its day first', 'date-time', '3.4.2024', '2024-04-03T00:00:00Z'],
		['a time without a zone as UTC', 'date-time', '2025-03-01T08:11:00', '2025-03-01T08:11:00Z'],
		[
			'a time as databases write it',
			'date-time',
			'2025-03-01 08:11:00.5+02',
			'2025-03-01T06:11:00.500Z',
		],
		['a day as a time', 'date-time', '2025-03-01', '2025-03-01T00:00:00Z'],
		['a time as a day', 'date', '2025-03-01T08:11:00', '2025-03-01'],
		['a list as it is', 'array', ['a'], ['a']],
		['an object as it is', 'object', { a: 1 }, { a: 1 }],
		['nothing as nothing', 'integer', null, undefined],
	])('stores %s', (_case, type, value, expected) => {
		const map = compileMapping(
			[{ sourceType: 'ATTRIBUTE', source: 'v', destination: 'to' }],
			nestFields({ to: type }),
		);
		expect(map({ v: value })).toEqual({
			record: expected === undefined ? {} : { to: expected },
			errors: [],
		});
	});

	it.each<[string, FieldType, unknown]>([
		['a fraction as an integer', 'integer', 1.5],
		['text as an integer', 'integer', 'x'],
		['an empty text as a number', 'number', ''],
		['a boolean as a number', 'number', true],
		['a number as a boolean', 'boolean', 1],
		['a word that is neither yes nor no', 'boolean', 'maybe'],
		['a date that does not exist', 'date', '31.02.2024'],
		['a number as a time', 'date-time', 5],
		['text as a time', 'date-time', 'tomorrow'],
		['text as a list', 'array', 'a'],
		['a list as an object', 'object', ['a']],
		['an object as text', 'string', {}],
		['infinity as a number', 'number', 'Infinity'],
	])('does not store %s', (_case, type, value) => {
		const map = compileMapping(
			[{ sourceType: 'ATTRIBUTE', source: 'v', destination: 'to' }],
			nestFields({ to: type }),
		);
		const { record, errors } = map({ v: value });
		expect([record, errors.map(({ code }) => code)]).toEqual([{}, ['MAPPER-3700-400']]);
	});

	it('builds nested objects, and goes on after an error', () => {
		const map = compileMapping([
			{ sourceType: 'ATTRIBUTE', source: 'id', destination: '_acme.orderId' },
			{ sourceType: 'ATTRIBUTE', source: 'colour', destination: '_acme.colour' },
			{ sourceType: 'ATTRIBUTE', source: 'last', destination: 'person.name.lastName' },
			{ sourceType: 'EXPRESSION', source: 'trim(first)', destination: 'person.name.firstName' },
		]);
		const { record, errors } = map(ROW);
		expect(record).toStrictEqual({
			_acme: { orderId: 7 },
			person: { name: { lastName: 'Lovelace', firstName: 'Ada' } },
		});
		expect(errors).toHaveLength(1);
	});

	it('never reaches the prototype of all objects', () => {
		const map = compileMapping([
			{ sourceType: 'STATIC', source: 'yes', destination: '__proto__.polluted' },
			{ sourceType: 'STATIC', source: 'yes', destination: 'constructor.prototype.polluted' },
		]);
		const { record } = map({});
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
		expect(Object.keys(record)).toEqual(['__proto__', 'constructor']);
	});

	it('gives every row a record of its own', () => {
		const map = compileMapping([{ sourceType: 'ATTRIBUTE', source: 'n', destination: 'a.n' }]);
		expect([map({ n: 1 }).record, map({ n: 2 }).record]).toEqual([
			{ a: { n: 1 } },
			{ a: { n: 2 } },
		]);
	});
});
