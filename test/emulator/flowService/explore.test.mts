import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { testPostgres } from '../../support/postgresGlobal.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../../support/scratchDatabase.mts';
import {
	basicBody,
	type CallOptions,
	closeWires,
	codeOf,
	openWire,
	sampleString,
	stringBody,
	type Wire,
} from '../wire.mts';

const { username: READER, tlsOnly } = testPostgres();

/** Five schemas of sixty tables. */
const SCHEMAS = ['alpha', 'Beta', 'order', 'with space', 'ünï'];
const NUMBERS = Array.from({ length: 60 }, (_, n) => `t${String(n).padStart(2, '0')}`);

const AWKWARD = 'awk"ward.';
/** Table names and how a path has them. */
const NAMES: Array<[label: string, name: string, part: string]> = [
	['a plain name', 'plain_1', 'plain_1'],
	['a mixed-case name', 'OrderItems', '"OrderItems"'],
	['an upper-case name', 'ORDERS', '"ORDERS"'],
	['a name with a blank', 'Order Items', '"Order Items"'],
	['a name with blanks at both ends', ' x ', '" x "'],
	['a name with a dot', 'a.b', '"a.b"'],
	['a name that looks like a path', 'public.orders', '"public.orders"'],
	['a name with a double quote', 'a"b', '"a""b"'],
	['a name of double quotes', '""', '""""""'],
	['a name with a single quote', "a'b", `"a'b"`],
	['a name that looks like SQL', "x'; drop table y; --", `"x'; drop table y; --"`],
	['a name that breaks out of quotes', '"; drop table y; --', '"""; drop table y; --"'],
	['a reserved word', 'select', '"select"'],
	['a reserved word that is a function', 'user', '"user"'],
	['a word that may not name a function', 'coalesce', '"coalesce"'],
	['a word that is not reserved', 'name', 'name'],
	['a name with an accent', 'naïve', '"naïve"'],
	['a name with a combining accent', 'nai\u0308ve', '"nai\u0308ve"'],
	['a Japanese name', '注文', '"注文"'],
	['an emoji', '👩‍👧 x', '"👩‍👧 x"'],
	['a name that begins with a digit', '1st', '"1st"'],
	['a name with a dollar sign', 'a$b', '"a$b"'],
	['a name that looks like a parameter', '$1', '"$1"'],
	['a name with a backslash', 'a\\b', '"a\\b"'],
	['a name with a per cent code', 'a%20b+c&d=e#f', '"a%20b+c&d=e#f"'],
	['a name with a line break', 'a\nb', '"a\nb"'],
	['a prototype key', '__proto__', '__proto__'],
	['a name of 63 bytes', 'n'.repeat(63), 'n'.repeat(63)],
	['a name of 63 bytes in 32 letters', 'é'.repeat(31) + 'x', `"${'é'.repeat(31)}x"`],
];

/** Column type, literal, what explore says of it, what the preview shows. */
const STRING = { type: 'string', xdm: { type: 'string' } };
const INTEGER = { type: 'integer', xdm: { type: 'integer' } };
const DOUBLE = { type: 'double', xdm: { type: 'number' } };
const BOOLEAN = { type: 'boolean', xdm: { type: 'boolean' } };
const DATE = { type: 'string', 'meta:xdmType': 'date', xdm: { type: 'string', format: 'date' } };
const TIME = {
	type: 'string',
	'meta:xdmType': 'date-time',
	xdm: { type: 'string', format: 'date-time' },
};
const TYPES: Array<[type: string, literal: string, shown: object, value: unknown]> = [
	['text', "'Björn; \"O''Neill\"'", STRING, 'Björn; "O\'Neill"'],
	['text', "''", STRING, ''],
	['varchar(20)', "'varchar'", STRING, 'varchar'],
	['char(5)', "'ab'", STRING, 'ab'],
	['name', "'name'", STRING, 'name'],
	['"char"', "'c'", STRING, 'c'],
	[
		'uuid',
		"'700a2a33-c9fc-420f-5932-a9954396f385'",
		STRING,
		'700a2a33-c9fc-420f-5932-a9954396f385',
	],
	['mood', "'happy'", STRING, 'happy'],
	['"date"', "'an enum called date'", STRING, 'an enum called date'],
	['jsonb', `'{"b": [1, 2.50], "a": null}'`, STRING, '{"a": null, "b": [1, 2.50]}'],
	['json', `'{"b":1,  "b":2}'`, STRING, '{"b":1,  "b":2}'],
	['jsonb', "'null'", STRING, 'null'],
	['text[]', `array['a', 'b,"c', null]`, STRING, '["a","b,\\"c",null]'],
	['text[]', "'{}'", STRING, '[]'],
	['int[]', "'{{1,2},{3,4}}'", STRING, '[[1,2],[3,4]]'],
	['bigint[]', "'{9223372036854775807}'", STRING, '[9223372036854775807]'],
	['numeric[]', "'{1.50,NaN}'", STRING, '[1.50,"NaN"]'],
	['timestamptz[]', "'{2025-01-01 12:00+02}'", STRING, '["2025-01-01T10:00:00+00:00"]'],
	['mood[]', "'{happy}'", STRING, '["happy"]'],
	['int2vector', "'1 2'", STRING, '[1,2]'],
	['inet', "'192.168.0.1/24'", STRING, '192.168.0.1/24'],
	['cidr', "'10.0.0.0/8'", STRING, '10.0.0.0/8'],
	['macaddr', "'08:00:2b:01:02:03'", STRING, '08:00:2b:01:02:03'],
	['bytea', "'\\x00ff'", STRING, '\\x00ff'],
	['time', "'12:34:56.5'", STRING, '12:34:56.5'],
	['timetz', "'12:34:56+02'", STRING, '12:34:56+02'],
	['interval', "'1 day 02:03:04'", STRING, '1 day 02:03:04'],
	['int4range', "'[1,5)'", STRING, '[1,5)'],
	['point', "'(1,2)'", STRING, '(1,2)'],
	['bit(3)', "B'101'", STRING, '101'],
	['tsvector', "'a b'", STRING, "'a' 'b'"],
	['pair', "row(1, 'x y')", STRING, '(1,"x y")'],
	['smallint', '-32768', INTEGER, -32768],
	['integer', '2147483647', INTEGER, 2147483647],
	['bigint', '9007199254740991', INTEGER, 9007199254740991],
	['bigint', '9007199254740992', INTEGER, '9007199254740992'],
	['bigint', '-9223372036854775808', INTEGER, '-9223372036854775808'],
	['numeric(12,2)', '1234.50', DOUBLE, 1234.5],
	['numeric', '12345678901234567890.123456789', DOUBLE, 12345678901234567000],
	['numeric', "'NaN'", DOUBLE, 'NaN'],
	['numeric', '1e400', DOUBLE, `1${'0'.repeat(400)}`],
	['real', '0.1', DOUBLE, 0.1],
	['double precision', '0.30000000000000004', DOUBLE, 0.30000000000000004],
	['double precision', "'-Infinity'", DOUBLE, '-Infinity'],
	['boolean', 'true', BOOLEAN, true],
	['boolean', 'false', BOOLEAN, false],
	['pg_catalog.date', "'2025-02-28'", DATE, '2025-02-28'],
	['pg_catalog.date', "'infinity'", DATE, 'infinity'],
	['pg_catalog.date', "'0044-03-15 BC'", DATE, '0044-03-15 BC'],
	['timestamp', "'2025-02-28 17:19:33'", TIME, '2025-02-28T17:19:33'],
	['timestamp', "'2025-02-28 17:19:33.123456'", TIME, '2025-02-28T17:19:33.123456'],
	['timestamptz', "'2025-02-28 17:19:33+05:30'", TIME, '2025-02-28T11:49:33'],
	['timestamptz', "'0044-03-15 00:00+00 BC'", TIME, '0044-03-15T00:00:00 BC'],
	['timestamptz', "'infinity'", TIME, 'infinity'],
	['positive', '5', INTEGER, 5],
	['very_positive', '6', INTEGER, 6],
	['words', "'{a}'", STRING, '["a"]'],
	...(
		[
			['text', STRING],
			['jsonb', STRING],
			['text[]', STRING],
			['integer', INTEGER],
			['bigint', INTEGER],
			['numeric', DOUBLE],
			['boolean', BOOLEAN],
			['pg_catalog.date', DATE],
			['timestamptz', TIME],
		] as const
	).map(([type, shown]): [string, string, object, null] => [type, 'null', shown, null]),
];

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const column = (n: number) => `c${n}`;

let database: ScratchDatabase;
/** Logged in to the sample database. */
let sample: pg.Client;
let wire: Wire;
/** The connections to the sample database and to the scratch database. */
let sales: string;
let scratch: string;

const explore = async (
	parameters: Record<string, string>,
	id = scratch,
	options?: CallOptions,
	on = wire,
) => await on.flow('GET', `/connections/${id}/explore?${new URLSearchParams(parameters)}`, options);
const root = async (id = scratch): Promise<any[]> =>
	(await explore({ objectType: 'root' }, id)).json;
const table = async (object: string, id = scratch, extra: Record<string, string> = {}) =>
	await explore({ objectType: 'table', object, ...extra }, id);
const preview = async (object: string, id = scratch) =>
	await table(object, id, { preview: 'true' });
const paths = (tables: any[]): string[] => tables.map(({ path }) => path);

beforeAll(async () => {
	wire = await openWire();
	database = await makeScratchDatabase();
	const { owner } = database;
	const many = SCHEMAS.flatMap((schema) => [
		`create schema ${quote(schema)}; grant usage on schema ${quote(schema)} to ${READER};`,
		...NUMBERS.map((name) => `create table ${quote(schema)}.${name} (id int, "In ${name}" text);`),
		`grant select on all tables in schema ${quote(schema)} to ${READER};`,
	]);
	await owner.query(many.join('\n'));

	const awkward = NAMES.map(([, name]) => {
		const full = `${quote(AWKWARD)}.${quote(name)}`;
		return `create table ${full} (${quote(name)} text, id int); insert into ${full} values ('x', 1);`;
	});
	await owner.query(`create schema ${quote(AWKWARD)}; ${awkward.join('\n')}
		grant usage on schema ${quote(AWKWARD)} to ${READER};
		grant select on all tables in schema ${quote(AWKWARD)} to ${READER};`);

	const columns = TYPES.map(([type], n) => `${column(n)} ${type}`).join(', ');
	const values = TYPES.map(([, literal]) => literal).join(', ');
	await owner.query(`
		create type mood as enum ('happy');
		create type "date" as enum ('an enum called date');
		create type pair as (n int, word text);
		create domain positive as int check (value > 0);
		create domain very_positive as positive check (value > 5);
		create domain words as text[];
		set search_path = public, pg_catalog;
		create table types (${columns});
		insert into types values (${values});
		reset search_path;

		create table numbers (n int, gone text, later text);
		alter table numbers drop column gone;
		insert into numbers select n, 'no. ' || n from generate_series(1, 25) n;
		create view "A View" as select n, n * 2 as twice from numbers;
		create materialized view kept as select n as n, 'kept' as word from numbers where n < 3;
		create table parts (n int, part text) partition by list (part);
		create table parts_a partition of parts for values in ('a');
		insert into parts values (1, 'a');
		create foreign data wrapper dummy;
		create server elsewhere foreign data wrapper dummy;
		create foreign table far_away (n int, word text) server elsewhere;
		create table nothing ();
		create view broken as select 1 / (n - n) as n from numbers;
		create function remember() returns int language sql volatile as
			'insert into numbers values (0) returning n';
		create view writing as select remember() as n;
		create sequence counter;
		create index by_n on numbers (n);
		grant select, insert on all tables in schema public to ${READER};
		grant select on counter to ${READER};

		create table no_right (n int);
		create table write_only (n int);
		grant insert, update, delete on write_only to ${READER};
		create table some_columns (open int, closed text, "Also Open" text);
		grant select (open, "Also Open") on some_columns to ${READER};
		insert into some_columns values (1, 'secret', 'x');
		create view no_right_view as select * from numbers;
		create schema no_usage;
		create table no_usage.open (n int);
		grant select on no_usage.open to ${READER};
	`);
	sample = await database.logInTo(testPostgres().database);
	sales = await wire.create(basicBody());
	scratch = await wire.create(basicBody({ database: database.name }));
});
afterAll(async () => {
	await closeWires();
	await sample.end();
	await database.drop();
});

describe('the root', () => {
	it('of the sample database is a bare array of its tables and view', async () => {
		const found = ['crm.accounts', 'crm.active_accounts', 'public."Order Items"'];
		found.push('public.customers', 'public.orders');
		expect(await root(sales)).toEqual(
			found.map((path) => ({
				type: 'table',
				name: path.replace(/^\w+\./, '').replaceAll('"', ''),
				path,
				canPreview: true,
				canFetchSchema: true,
			})),
		);
	});

	it('has every table of five schemas of sixty', async () => {
		const part = (schema: string) =>
			/^[a-z]+$/.test(schema) && schema !== 'order' ? schema : quote(schema);
		const expected = SCHEMAS.flatMap((schema) => NUMBERS.map((name) => `${part(schema)}.${name}`));
		const found = paths(await root()).filter((path) => /\.t\d\d$/.test(path));
		expect(found).toHaveLength(300);
		expect([...found].sort()).toEqual(expected.sort());
	});

	it('has views and every other kind of table, and nothing else of the schema public', async () => {
		const found = paths(await root()).filter((path) => path.startsWith('public.'));
		expect(found).toEqual([
			'public."A View"',
			'public.broken',
			'public.far_away',
			'public.kept',
			'public.nothing',
			'public.numbers',
			'public.parts',
			'public.parts_a',
			'public.some_columns',
			'public.types',
			'public.writing',
		]);
	});

	it('has nothing of the system and nothing that may not be read', async () => {
		const found = paths(await root()).join(' ');
		expect(found).not.toMatch(/pg_|information_schema|no_right|write_only|no_usage|counter|by_n/);
	});

	it('has the tables that information_schema has, and materialized views', async () => {
		const { rows } = await database.reader.query(`
			select distinct quote_ident(table_schema) || '.' || quote_ident(table_name) as path
			from information_schema.table_privileges
			where grantee = '${READER}' and privilege_type = 'SELECT' and table_name <> 'open'`);
		const known = [...paths(rows), 'public.some_columns'].sort();
		const all = paths(await root());
		expect(all.filter((path) => path !== 'public.kept').sort()).toEqual(
			known.filter((path) => path !== 'public.kept'),
		);
		expect(new Set(all).size).toBe(all.length);
	});

	it('is empty where there is nothing to read', async () => {
		const id = await wire.create(basicBody({ database: 'postgres' }));
		expect((await explore({ objectType: 'root' }, id)).text).toBe('[]');
	});

	it('does not depend on how the server quotes by default', async () => {
		await database.owner.query(
			`alter role ${READER} in database ${database.name} set quote_all_identifiers = on`,
		);
		const found = paths(await root());
		await database.owner.query(
			`alter role ${READER} in database ${database.name} reset quote_all_identifiers`,
		);
		expect(found).toContain('public.numbers');
	});
});

describe('a path', () => {
	it.each(NAMES)('leads to %s', async (_label, name, part) => {
		const path = `"awk""ward.".${part}`;
		expect((await root()).find((one) => one.path === path)?.name).toBe(name);
		const { json, status } = await preview(path);
		expect(status).toBe(200);
		expect(json.schema.columns.map((one: any) => one.name)).toEqual([name, 'id']);
		expect(Object.entries(json.data[0])).toEqual([
			[name, 'x'],
			['id', 1],
		]);
	});

	it('that the root lists is one that PostgreSQL takes as it is', async () => {
		for (const path of paths(await root())) {
			await database.reader.query(`select 1 from ${path} limit 0`).catch((error) => {
				// A foreign table without a handler is known to PostgreSQL all the same.
				expect([path, error.code]).toEqual(['public.far_away', '55000']);
			});
		}
	});

	it.each([
		['quotes that are not needed', '"public"."numbers"', 'numbers'],
		['other case without quotes', 'PUBLIC.Numbers', 'numbers'],
	])('may have %s', async (_case, object) => {
		expect((await table(object)).json.schema.columns).toHaveLength(2);
	});

	it.each([
		['an unknown table', 'public.unknown'],
		['an unknown schema', 'unknown.numbers'],
		['other case in quotes', 'public."Numbers"'],
		['a table without columns', 'public.nothing'],
		['a table without the right to read', 'public.no_right'],
		['a table that may only be written', 'public.write_only'],
		['a view without the right to read', 'public.no_right_view'],
		['a schema without the right to use it', 'no_usage.open'],
		['a sequence', 'public.counter'],
		['an index', 'public.by_n'],
		['a table of the system', 'pg_catalog.pg_class'],
		['the passwords', 'pg_catalog.pg_authid'],
		['a view of the system', 'information_schema.tables'],
		['no schema', 'numbers'],
		['the database too', 'sales.public.numbers'],
		['an empty name', 'public.'],
		['an empty schema', '.numbers'],
		['an empty name in quotes', 'public.""'],
		['a quote that does not end', 'public."numbers'],
		['a quote that ends too early', 'public."A" View"'],
		['a blank without quotes', 'public.A View'],
		['a blank in between', 'public. numbers'],
		['a blank behind', 'public.numbers '],
		['a zero byte', 'public.numbers\0'],
		['a zero byte in quotes', 'public."\0"'],
		['more than 63 bytes', `"awk""ward.".${'n'.repeat(63)}x`],
		['a second statement', 'public.numbers; drop table public.numbers'],
		['a comment', 'public.numbers--'],
		['a condition', 'public.numbers where n = 1'],
		['a subquery', '(select 1) as x'],
		['a function', 'public.remember()'],
		['a way out of quotes', 'public."numbers"; drop table public.numbers; --"'],
		['a way out of a literal', "public.numbers'; drop table public.numbers; --"],
		['a way out of a literal in quotes', `public."numbers'; drop table public.numbers; --"`],
		['a pattern', 'public.%'],
		['a parameter', 'public.$1'],
		['a backslash', 'public.numbers\\'],
		['a thousand quotes', `public.${'"'.repeat(1001)}`],
	])('leads nowhere with %s', async (_case, object) => {
		for (const answer of [await table(object), await preview(object)]) {
			expect([answer.status, codeOf(answer)]).toEqual([400, 'CONNECTOR-1330-400']);
			expect(answer.json.report['detailed-message']).toContain(object);
		}
		expect((await table('public.numbers')).status).toBe(200);
	});
});

describe('the columns', () => {
	it.each(TYPES.map(([type, literal, shown], n) => [type, literal, shown, n] as const))(
		'show %s, as of %s',
		async (_type, _literal, shown, n) => {
			const { json } = await table('public.types');
			expect(json.schema.columns[n]).toEqual({ name: column(n), ...shown });
		},
	);

	it('come as a bare object without data', async () => {
		expect((await table('public.numbers')).json).toEqual({
			format: 'flat',
			schema: {
				columns: [
					{ name: 'n', type: 'integer', xdm: { type: 'integer' } },
					{ name: 'later', type: 'string', xdm: { type: 'string' } },
				],
			},
		});
		for (const value of ['false', '', '1']) {
			expect((await table('public.numbers', scratch, { preview: value })).json).not.toHaveProperty(
				'data',
			);
		}
	});

	it('are those of information_schema, with fitting types', async () => {
		const { rows } = await database.reader.query<Record<string, string>>(`
			select quote_ident(table_schema) || '.' || quote_ident(table_name) as path,
				column_name as name,
				-- which looks into a domain, but not into a domain of a domain
				case domain_name when 'very_positive' then 'integer' else data_type end as type
			from information_schema.columns
			where table_schema !~ '^pg_' and table_schema <> 'information_schema'
			order by 1, ordinal_position`);
		const simple: Record<string, string> = {
			smallint: 'integer',
			integer: 'integer',
			bigint: 'integer',
			real: 'double',
			'double precision': 'double',
			numeric: 'double',
			boolean: 'boolean',
		};
		const expected = new Map<string, string[]>();
		for (const { path = '', name = '', type = '' } of rows) {
			const columns = expected.get(path) ?? [];
			expected.set(path, [...columns, `${name} ${simple[type] ?? 'string'}`]);
		}
		// One has none, and the other is none of information_schema's.
		const ofThese = paths(await root()).filter((path) => !/\.(nothing|kept)$/.test(path));
		expect(ofThese.length).toBeGreaterThan(330);
		const check = async (path: string) => {
			const { json } = await table(path);
			const found = json.schema.columns.map((one: any) => `${one.name} ${one.type}`);
			expect([path, found]).toEqual([path, expected.get(path)]);
		};
		while (ofThese.length > 0) await Promise.all(ofThese.splice(0, 12).map(check));
	}, 60_000);

	it.each([
		['a view', 'public."A View"', ['n', 'twice']],
		['a materialized view', 'public.kept', ['n', 'word']],
		['a partitioned table', 'public.parts', ['n', 'part']],
		['a foreign table', 'public.far_away', ['n', 'word']],
		['a table of which only some may be read', 'public.some_columns', ['open', 'Also Open']],
	])('are found for %s', async (_case, path, names) => {
		expect((await table(path)).json.schema.columns.map((one: any) => one.name)).toEqual(names);
	});
});

describe('the preview', () => {
	it('shows a value of every type', async () => {
		const { json } = await preview('public.types');
		expect(json.data).toHaveLength(1);
		for (const [n, [type, literal, , value]] of TYPES.entries()) {
			expect([type, literal, json.data[0][column(n)]]).toEqual([type, literal, value]);
		}
	});

	it('does so whatever the settings of the role are', async () => {
		const settings = {
			timezone: 'Asia/Kolkata',
			datestyle: 'German',
			bytea_output: 'escape',
			intervalstyle: 'iso_8601',
		};
		const before = (await preview('public.types')).json;
		const role = `alter role ${READER} in database ${database.name}`;
		for (const [name, value] of Object.entries(settings)) {
			await database.owner.query(`${role} set ${name} = '${value}'`);
		}
		const after = (await preview('public.types')).json;
		await database.owner.query(`${role} reset all`);
		expect(after).toEqual(before);
	});

	it.each([
		'public.customers',
		'public.orders',
		'public."Order Items"',
		'crm.accounts',
		'crm.active_accounts',
	])('of %s is that of SELECT with a LIMIT of 10', async (path) => {
		const { rows } = await sample.query(
			`select to_json(t) as row from (select * from ${path} limit 10) t`,
		);
		const { json } = await preview(path, sales);
		expect(json.data).toHaveLength(10);
		const expected = rows.map(({ row }: any) =>
			Object.fromEntries(
				Object.entries(row).map(([name, value]) => [
					name,
					typeof value === 'string' ? value.replace(/(T.*)\+00:00$/, '$1') : value,
				]),
			),
		);
		const shown = json.data.map((row: any, n: number) =>
			Object.fromEntries(
				Object.entries<any>(row).map(([name, value]) => [
					name,
					typeof expected[n]?.[name] === 'object' ? JSON.parse(value) : value,
				]),
			),
		);
		expect(shown).toEqual(expected);
		const columns = json.schema.columns.map((one: any) => one.name);
		for (const row of json.data) expect(Object.keys(row)).toEqual(columns);
	});

	it.each([
		['a table of 25 rows', 'public.numbers', 10],
		['a view', 'public."A View"', 10],
		['a materialized view', 'public.kept', 2],
		['a partitioned table', 'public.parts', 1],
		['a table without rows', 'alpha.t00', 0],
	])('of %s has rows up to ten', async (_case, path, count) => {
		const { json } = await preview(path);
		const { rows } = await database.reader.query(`select * from ${path} limit 10`);
		expect(json.data).toEqual(rows);
		expect(json.data).toHaveLength(count);
	});

	it('leaves out what may not be read', async () => {
		expect((await preview('public.some_columns')).json.data).toEqual([
			{ open: 1, 'Also Open': 'x' },
		]);
	});

	it.each([
		['a view that fails', 'public.broken', '22012'],
		['a view that would write', 'public.writing', '25006'],
		['a foreign table that cannot be reached', 'public.far_away', '55000'],
	])('of %s tells the code only', async (_case, path, code) => {
		const answer = await preview(path);
		expect([answer.status, codeOf(answer)]).toEqual([400, 'CONNECTOR-1308-400']);
		expect(answer.json.report['detailed-message']).toContain(`refused the query (${code})`);
		expect((await database.owner.query('select 1 from numbers where n = 0')).rows).toEqual([]);
	});
});

describe('explore is refused', () => {
	it.each<[string, Record<string, string>, string]>([
		['without objectType', {}, 'CONNECTOR-1359-400'],
		['with an empty objectType', { objectType: '' }, 'CONNECTOR-1334-400'],
		['with an unknown objectType', { objectType: 'column' }, 'CONNECTOR-1358-400'],
		['with the objectType of files', { objectType: 'folder' }, 'CONNECTOR-1358-400'],
		['with an unknown one in upper case', { objectType: 'COLUMN' }, 'CONNECTOR-1358-400'],
		['without object', { objectType: 'table' }, 'CONNECTOR-1337-400'],
		['with an empty object', { objectType: 'table', object: '' }, 'CONNECTOR-1337-400'],
		['with filters', { objectType: 'root', filters: 'e30=' }, 'CONNECTOR-1353-400'],
		[
			'with filters for a table',
			{ objectType: 'table', object: 'public.numbers', preview: 'true', filters: '' },
			'CONNECTOR-1353-400',
		],
	])('%s', async (_case, parameters, code) => {
		const answer = await explore(parameters);
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
	});

	it('without the permission, in another sandbox, and for what is not there', async () => {
		const parameters = { objectType: 'root' };
		const writer = wire.emulator.addClient({ permissions: ['write'] });
		const denied = await explore(parameters, scratch, { client: writer });
		expect(codeOf(denied)).toBe('FLOW-2120-403');
		const headers = { 'x-sandbox-name': 'dev' };
		expect(codeOf(await explore(parameters, scratch, { headers }))).toBe('FLOW-1439-404');
		expect(codeOf(await explore(parameters, 'x'))).toBe('FLOW-1439-404');
		const client = wire.emulator.addClient({ permissions: ['read'] });
		expect((await explore(parameters, scratch, { client })).status).toBe(200);
	});

	it('while initializing, as is the test', async () => {
		const aws = await openWire({ cloud: 'aws' });
		const id = await aws.create(basicBody());
		const answer = await explore({ objectType: 'root' }, id, {}, aws);
		expect(codeOf(answer)).toBe('FLOW-1422-400');
		for (let n = 0; n < 3; n++) await aws.flow('GET', `/connections/${id}`);
		expect((await explore({ objectType: 'root' }, id, {}, aws)).status).toBe(200);
	});
});

describe('explore logs in as the test of the connection does', () => {
	const asTlsOnly = { username: tlsOnly.username, password: tlsOnly.password };
	it.each<[string, object]>([
		['without TLS', basicBody({ sslMode: 'Disable' })],
		['by Require where the server insists', basicBody({ ...asTlsOnly, sslMode: 'Require' })],
		['by Prefer where the server insists', basicBody({ ...asTlsOnly, sslMode: 'Prefer' })],
		['by Verify Full', basicBody({ sslMode: 'Verify Full' })],
		['by a connection string', stringBody()],
		['by one with TLS', stringBody(sampleString(';EncryptionMethod=1', asTlsOnly))],
	])('%s', async (_case, body) => {
		expect(await root(await wire.create(body))).toHaveLength(5);
	});

	it.each<[string, object]>([
		['a wrong password', basicBody({ password: 'the-wrong-password' })],
		['an unknown database', basicBody({ database: 'sails' })],
		['a port where nobody listens', basicBody({ port: '1' })],
		['no TLS where the server insists', basicBody({ ...asTlsOnly, sslMode: 'Disable' })],
		['another host name', basicBody({ server: '127.0.0.1', sslMode: 'Verify Full' })],
		['a string without a server', stringBody('Database=sales;UID=aep;Password=x')],
	])('and fails alike with %s', async (_case, body) => {
		const id = await wire.create(body);
		const test = await wire.flow('GET', `/connections/${id}/test`);
		const root = await explore({ objectType: 'root' }, id);
		const one = await explore({ objectType: 'table', object: 'public.orders' }, id);
		for (const answer of [root, one]) {
			expect([answer.status, codeOf(answer)]).toEqual([400, 'CONNECTOR-1308-400']);
			expect(answer.json.errorMessage).toBe(test.json.errorMessage);
			expect(answer.text).not.toContain('the-wrong-password');
		}
	});

	it('and tells that the session was ended or cut in the middle', async () => {
		const { server: host, port } = testPostgres();
		const sockets: Socket[] = [];
		const proxy = createServer((near) => {
			const far = connect(port, host);
			sockets.push(near, far);
			for (const socket of [near, far]) socket.on('error', () => {});
			near.pipe(far).pipe(near);
		}).listen(0, '127.0.0.1');
		await once(proxy, 'listening');
		const address = proxy.address() as AddressInfo;
		const through = { server: '127.0.0.1', port: String(address.port), sslMode: 'Disable' };
		const id = await wire.create(basicBody({ ...through, database: database.name }));

		const waiting = `from pg_stat_activity where datname = '${database.name}' and wait_event_type = 'Lock'`;
		const { owner, reader } = database;
		const interrupt = async (how: () => Promise<unknown>) => {
			await owner.query('begin; lock table public.numbers');
			const answer = preview('public.numbers', id);
			// Not the owner, who sees one moment of the activity for the whole transaction.
			const isWaiting = async () => (await reader.query(`select 1 ${waiting}`)).rows.length > 0;
			for (let n = 0; n < 100 && !(await isWaiting()); n++) await sleep(20);
			await how();
			const { json, status } = await answer;
			await owner.query('rollback');
			return [status, json.errorMessage.replace(/.*: /, '')];
		};
		const ended = await interrupt(
			async () => await reader.query(`select pg_terminate_backend(pid) ${waiting}`),
		);
		expect(ended).toEqual([400, 'The database refused the query (57P01).']);
		const cut = await interrupt(async () => {
			for (const socket of sockets) socket.destroy();
		});
		expect(cut).toEqual([400, 'The connection to the database was lost.']);
		await new Promise((done) => proxy.close(done));
	});

	it('and logs out again', async () => {
		await Promise.all(Array.from({ length: 8 }, async () => await preview('public.numbers')));
		await preview('public.broken');
		const open = async () =>
			(
				await database.owner.query(
					`select 1 from pg_stat_activity
						where datname = '${database.name}' and backend_type = 'client backend'`,
				)
			).rows.length;
		// The server needs a moment to notice; the two that stay are the test's own.
		for (let n = 0; n < 200 && (await open()) > 2; n++) await sleep(20);
		expect(await open()).toBe(2);
	});
});
