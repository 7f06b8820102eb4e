import type { INodeParameters } from 'n8n-workflow';

import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { testPostgres } from '../support/postgresGlobal.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../support/scratchDatabase.mts';

/** How many rows the emulator previews; Adobe's own number is not documented. */
const PREVIEWED = 10;

/** Column type and two literals; each column has a row with the first, the second and null. */
const TYPES: Array<[type: string, first: string, second: string]> = [
	['text', `'Björn; "O''Neill"'`, "''"],
	['varchar(20)', "'a'", "' b '"],
	['char(5)', "'ab'", "''"],
	['uuid', "'700a2a33-c9fc-420f-5932-a9954396f385'", "'00000000-0000-0000-0000-000000000000'"],
	['mood', "'happy'", "'so so'"],
	['jsonb', `'{"b": [1, 2.50], "a": null}'`, "'null'"],
	['json', `'{"b":1,  "b":2}'`, `'[]'`],
	['inet', "'192.168.0.1/24'", "'::1'"],
	['bytea', "'\\x00ff'", "''"],
	['time', "'12:34:56.5'", "'00:00'"],
	['interval', "'1 day 02:03:04'", "'-1 month'"],
	['point', "'(1,2)'", "'(0,0)'"],
	['smallint', '-32768', '0'],
	['integer', '2147483647', '-1'],
	['bigint', '9007199254740991', '9223372036854775807'],
	['numeric(12,2)', '1234.50', '-0.01'],
	['numeric', "'NaN'", '0.125'],
	['real', '0.5', '-1.25'],
	['double precision', '0.30000000000000004', "'-Infinity'"],
	['boolean', 'true', 'false'],
	['date', "'2025-02-28'", "'0044-03-15 BC'"],
	['timestamp', "'2025-02-28 17:19:33.123456'", "'infinity'"],
	['timestamptz', "'2025-02-28 17:19:33+05:30'", "'2025-02-28 00:00:00Z'"],
	['positive', '5', '6'],
	['text[]', `array['a', 'b,"c', null]`, "'{}'"],
	['int[]', "'{{1,2},{3,4}}'", "'{}'"],
];

/** What is looked at: its path as Get Many puts it out, and the SQL that makes it. */
const TABLES: Array<[what: string, path: string, sql: string]> = [
	[
		'a table with a column of every type',
		'public.types',
		`CREATE TABLE types (${TYPES.map(([type], n) => `c${n} ${type}`).join(', ')});
		 INSERT INTO types VALUES
			(${TYPES.map(([, first]) => first).join(', ')}),
			(${TYPES.map(([, , second]) => second).join(', ')}),
			(${TYPES.map(() => 'null').join(', ')})`,
	],
	[
		'a table with more rows than a preview',
		'public.many',
		`CREATE TABLE many (n int, word text); INSERT INTO many SELECT n, 'no. ' || n FROM generate_series(1, 25) n`,
	],
	[
		'a table in mixed case, its columns too',
		'public."Order Items"',
		`CREATE TABLE "Order Items" ("Id" int, "id" int, "Price (EUR)" numeric); INSERT INTO "Order Items" VALUES (1, 2, 9.5)`,
	],
	[
		'a table of another schema',
		'"Finance 2025"."select"',
		`CREATE SCHEMA "Finance 2025"; CREATE TABLE "Finance 2025"."select" ("from" text, "a""b" text); INSERT INTO "Finance 2025"."select" VALUES ('x', 'y')`,
	],
	[
		'a table with a dot in its name',
		'public."a.b"',
		`CREATE TABLE "a.b" (__proto__ text, "constructor" text); INSERT INTO "a.b" VALUES ('p', 'c')`,
	],
	['a view', 'public."A View"', 'CREATE VIEW "A View" AS SELECT n, n * 2 AS twice FROM many'],
	[
		'a partitioned table',
		'public.parts',
		`CREATE TABLE parts (n int, part text) PARTITION BY LIST (part); CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a'); INSERT INTO parts VALUES (1, 'a')`,
	],
	[
		'an empty table',
		'"äöü".empty',
		'CREATE SCHEMA "äöü"; CREATE TABLE "äöü".empty (n int, at timestamptz)',
	],
];

/** The type that Adobe shows for each type of `information_schema`; text for all others. */
const ADOBE_TYPES: Record<string, string> = {
	smallint: 'integer',
	integer: 'integer',
	bigint: 'integer',
	numeric: 'double',
	real: 'double',
	'double precision': 'double',
	boolean: 'boolean',
};

const XDM_FORMATS: Record<string, string> = {
	date: 'date',
	'timestamp without time zone': 'date-time',
	'timestamp with time zone': 'date-time',
};

interface Column {
	name: string;
	type: string;
}

describe('What is in a table', () => {
	const adobe = sharedAdobe();
	let database: ScratchDatabase;
	let connectionId: string;

	beforeAll(async () => {
		database = await makeScratchDatabase();
		const { owner, reader } = database;
		await owner.query(`
			CREATE TYPE mood AS ENUM ('happy', 'so so');
			CREATE DOMAIN positive AS int CHECK (value > 0);
		`);
		for (const [, , sql] of TABLES) await owner.query(sql);
		for (const schema of ['public', '"Finance 2025"', '"äöü"']) {
			const { username } = testPostgres();
			await owner.query(`
				GRANT USAGE ON SCHEMA ${schema} TO ${username};
				GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${username};
			`);
		}
		await reader.query("SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'");
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', verify: false, name: 'Sales', authMode: 'basic' },
			{ source: basicCredential({ ...adobe.postgres, database: database.name }) },
		);
		connectionId = String(made?.json.connectionId);
	});

	afterAll(async () => {
		await database.drop();
	});

	const look = async (operation: string, path: string, parameters: INodeParameters = {}) =>
		(
			await runConnectionNode(adobe, {
				resource: 'table',
				operation,
				connectionId,
				table: { __rl: true, mode: 'name', value: path },
				...parameters,
			})
		).map(({ json }) => json);

	const columnsOf = async (path: string): Promise<Column[]> =>
		(
			await database.reader.query<Column>(
				`SELECT column_name AS name, data_type AS type FROM information_schema.columns
				 WHERE quote_ident(table_schema) || '.' || quote_ident(table_name) = $1
				 ORDER BY ordinal_position`,
				[path],
			)
		).rows;

	/** The rows as PostgreSQL writes them, each value as text, arrays as JSON. */
	const select = async (path: string, columns: Column[], limit: number) => {
		const list = columns.map(({ name, type }) => {
			const identifier = database.reader.escapeIdentifier(name);
			return type === 'ARRAY' ? `array_to_json(${identifier})::text` : `${identifier}::text`;
		});
		const { rows } = await database.reader.query<Array<string | null>>({
			text: `SELECT ${list.join(', ')} FROM ${path} LIMIT ${limit}`,
			rowMode: 'array',
		});
		return rows;
	};

	it.each(TABLES)('%s is listed under the path that PostgreSQL takes', async (_what, path) => {
		const listed = await look('getAll', '', { returnAll: true });
		expect(listed.map(({ table }) => table)).toContain(path);
	});

	it.each(TABLES)('the columns of %s are those of information_schema', async (_what, path) => {
		const columns = await columnsOf(path);
		expect(columns.length).toBeGreaterThan(0);
		const shown = await look('getColumns', path);
		expect(
			shown.map(({ table, name, type, xdmFormat }) => ({ table, name, type, xdmFormat })),
		).toStrictEqual(
			columns.map(({ name, type }) => ({
				table: path,
				name,
				type: ADOBE_TYPES[type] ?? 'string',
				xdmFormat: XDM_FORMATS[type],
			})),
		);
		for (const { name, column } of shown) expect(column).toMatchObject({ name });
	});

	describe.each([1, 3, PREVIEWED, 50])('with the limit %i', (limit) => {
		it.each(TABLES)('the preview of %s is that of SELECT', async (_what, path) => {
			const columns = await columnsOf(path);
			const expected = await select(path, columns, Math.min(limit, PREVIEWED));
			const shown = await look('preview', path, { limit });
			expect(
				shown.map((row) => columns.map(({ name, type }) => asText(own(row, name), type))),
			).toStrictEqual(
				expected.map((row) => row.map((text, n) => asShown(text, columns[n]?.type ?? ''))),
			);
			for (const row of shown) {
				expect(Object.keys(row).sort()).toStrictEqual(columns.map(({ name }) => name).sort());
			}
		});
	});

	it('the preview gives each value in the type of JSON that fits it', async () => {
		const [row] = await look('preview', 'public.types');
		const typeOf = (type: string) =>
			typeof row?.[`c${TYPES.findIndex(([columnType]) => columnType === type)}`];
		expect(['integer', 'numeric(12,2)', 'double precision', 'positive'].map(typeOf)).toStrictEqual([
			'number',
			'number',
			'number',
			'number',
		]);
		expect(typeOf('boolean')).toBe('boolean');
		expect(['uuid', 'jsonb', 'timestamptz', 'text[]'].map(typeOf)).toStrictEqual(
			Array.from({ length: 4 }, () => 'string'),
		);
	});
});

function own(row: object, name: string): unknown {
	return Object.getOwnPropertyDescriptor(row, name)?.value;
}

/** A value of a preview in PostgreSQL's way of writing it, as far as numbers and flags go. */
function asText(value: unknown, type: string): unknown {
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return isFraction(type) && typeof value === 'string' ? String(Number(value)) : value;
}

/** PostgreSQL's text as a preview shows it: 1.50 is the number 1.5, time stamps are ISO in UTC. */
function asShown(text: string | null, type: string): unknown {
	if (text === null) return null;
	if (isFraction(type)) return String(Number(text));
	if (type.startsWith('timestamp')) return text.replace(' ', 'T').replace(/\+00$/, '');
	return text;
}

function isFraction(type: string): boolean {
	return ADOBE_TYPES[type] === 'double';
}
