import {
	columnOf,
	columnReferences,
} from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/columnReferences';

describe('The columns that a calculation reads', () => {
	it.each<[string, string[]]>([
		['first_name', ['first_name']],
		['upper(first_name)', ['first_name']],
		['concat(first_name, " ", last_name)', ['first_name', 'last_name']],
		['iif(a > 5 and not b, "a", \'b c\')', ['a', 'b']],
		['"it\\"s no_column"', []],
		["'it\\'s no_column'", []],
		['1.5e3 + 2', []],
		['now()', []],
		['true || null == FALSE', []],
		['person.name.first', ['person/name/first']],
		['name.equals("x")', ['name']],
		['upper(name).trim().length', ['name']],
		['${Order Id}', ['Order Id']],
		['${a\\}b} + ${a\\.b}', ['a}b', 'a.b']],
		['${Order Id}.name', ['Order Id/name']],
		['unit\\.price * quantity', ['unit.price', 'quantity']],
		['a1_b + _c + $d', ['a1_b', '_c', '$d']],
		['größe * 名前', ['größe', '名前']],
		['a ? b : c', ['a', 'b', 'c']],
		['{"k": v, w: x}', ['v', 'x']],
		['items[0].price + items[n]', ['items', 'items', 'n']],
		['filter(items, x -> x.price > least)', ['items', 'least']],
		['reduce(items, (sum, x) -> sum + x.price)', ['items']],
		['var y = a; y + b', ['a', 'b']],
		['nvl(a,\n\tb)', ['a', 'b']],
		['', []],
	])('of %j are %j', (expression, expected) => {
		const paths = columnReferences(expression)?.map((path) => path.join('/'));
		expect(paths?.sort()).toStrictEqual([...expected].sort());
	});

	it.each(['concat("a, b)', "'", 'a."b"'])('are not known of %j', (expression) => {
		expect(columnReferences(expression)).toBeUndefined();
	});
});

describe('The column that a source names', () => {
	it.each([
		['id', 'id'],
		['unit\\.price', 'unit.price'],
		['${Order Id}', 'Order Id'],
		['${a\\}b}', 'a}b'],
		['Order Id', 'Order Id'],
	])('%j is %j', (source, column) => {
		expect(columnOf(source)).toBe(column);
	});
});
