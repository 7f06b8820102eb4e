import type pg from 'pg';
import { type ColumnKind, kindOf, previewValue, selectAsText } from './columnTypes.mts';
import type { TableName } from './tablePath.mts';

/** A table, view, materialized view, foreign or partitioned table. */
export interface FoundTable extends TableName {
	/** `schema.name`, with quotes where PostgreSQL wants them. */
	path: string;
}

export interface FoundColumn {
	name: string;
	kind: ColumnKind;
}

const FROM = `
	from pg_catalog.pg_class c
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace`;

/** Everything of the users' own that this user may read, if only a column of it. */
const IS_READABLE = `
	c.relkind in ('r', 'v', 'm', 'f', 'p')
	and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
	and pg_catalog.has_schema_privilege(n.oid, 'usage')
	and pg_catalog.has_any_column_privilege(c.oid, 'select')`;

const TABLES = `
	select n.nspname::text as schema, c.relname::text as name,
		pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as path
	${FROM}
	where ${IS_READABLE}
	order by n.nspname::text collate "C", c.relname::text collate "C"`;

/**
 * A domain is read as its base type, which may be a domain again. Names are compared as text: as a
 * name, the value would be cut off at 63 bytes first.
 */
const COLUMNS = `
	with recursive columns as (
		select a.attnum, a.attname::text as name, a.atttypid as type
		${FROM}
		join pg_catalog.pg_attribute a on a.attrelid = c.oid
		where ${IS_READABLE}
			and n.nspname::text = $1::text and c.relname::text = $2::text
			and a.attnum > 0 and not a.attisdropped
			and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
		union all
		select columns.attnum, columns.name, t.typbasetype
		from columns join pg_catalog.pg_type t on t.oid = columns.type and t.typtype = 'd'
	)
	select columns.name,
		case when n.nspname = 'pg_catalog' then t.typname::text end as "builtIn",
		t.typcategory = 'A' as "isArray"
	from columns
	join pg_catalog.pg_type t on t.oid = columns.type and t.typtype <> 'd'
	join pg_catalog.pg_namespace n on n.oid = t.typnamespace
	order by columns.attnum`;

/** The tables of all schemas, by schema and name. */
export async function readTables(client: pg.Client): Promise<FoundTable[]> {
	return (await client.query<FoundTable>(TABLES)).rows;
}

/** The columns that may be read, in their order; none for a table that is not there. */
export async function readColumns(
	client: pg.Client,
	{ schema, name }: TableName,
): Promise<FoundColumn[]> {
	interface Row {
		name: string;
		builtIn: string | null;
		isArray: boolean;
	}
	const { rows } = await client.query<Row>(COLUMNS, [schema, name]);
	return rows.map((row) => ({ name: row.name, kind: kindOf(row.builtIn, row.isArray) }));
}

/** The first rows, in the order in which PostgreSQL returns them. */
export async function readRows(
	client: pg.Client,
	{ schema, name }: TableName,
	columns: FoundColumn[],
	limit: number,
	bigIntegers: 'texts' | 'numbers' = 'texts',
): Promise<object[]> {
	const quote = (identifier: string) => client.escapeIdentifier(identifier);
	const list = columns.map((column) => selectAsText(quote(column.name), column.kind));
	const text = `select ${list.join(', ')} from ${quote(schema)}.${quote(name)} limit ${limit}`;
	const { rows } = await client.query<Array<string | null>>({ text, rowMode: 'array' });
	return rows.map((row) =>
		Object.fromEntries(
			columns.map(({ name: key, kind }, n) => [
				key,
				previewValue(row[n] ?? null, kind, bigIntegers),
			]),
		),
	);
}

/**
 * Runs queries that only read, in a session with the same text output on every server. The
 * transaction is left open: it ends with the session.
 *
 * @param timeoutMs what one query may take
 */
export async function readOnly<T>(
	client: pg.Client,
	timeoutMs: number,
	work: () => Promise<T>,
): Promise<T> {
	await client.query(`
		begin transaction read only;
		set local statement_timeout = ${timeoutMs};
		set local timezone = 'UTC';
		set local datestyle = 'ISO, YMD';
		set local intervalstyle = 'postgres';
		set local bytea_output = 'hex';
		set local quote_all_identifiers = off;
	`);
	return await work();
}
