import pg from 'pg';

/** A database and a user who may do anything in it. */
export interface Database {
	server: string;
	port: number;
	database: string;
	username: string;
	password: string;
}

/** A server and the user who owns it. */
export type DatabaseServer = Omit<Database, 'database'>;

/** Runs `body` with a connection that is closed afterwards. */
export async function withClient<T>(
	{ server, port, database, username, password }: Database,
	body: (client: pg.Client) => Promise<T>,
): Promise<T> {
	const client = new pg.Client({ host: server, port, database, user: username, password });
	await client.connect();
	try {
		return await body(client);
	} finally {
		await client.end();
	}
}

/**
 * Makes an empty database for n8n's own data.
 *
 * @param name letters, digits and `_` only
 */
export async function createDatabase(owner: DatabaseServer, name: string): Promise<Database> {
	await withClient({ ...owner, database: 'postgres' }, async (client) => {
		await client.query(`create database "${name}"`);
	});
	return { ...owner, database: name };
}

/** A row as one text, its values as they are, and the table it is in. */
export interface DumpedRow {
	table: string;
	row: string;
}

/** Every row of every table outside PostgreSQL's own schemas, as text. */
export async function dumpDatabase(database: Database): Promise<DumpedRow[]> {
	return await withClient(database, async (client) => {
		const tables = await client.query<{ name: string }>(
			`select format('%I.%I', schemaname, tablename) as name from pg_tables
			where schemaname not in ('pg_catalog', 'information_schema')`,
		);
		const dump: DumpedRow[] = [];
		for (const { name } of tables.rows) {
			// Not `t::text`, which doubles the quotes and backslashes in the values.
			const { rows } = await client.query<{ row: string }>(
				`select concat_ws(E'\\n', variadic array(
					select key || ': ' || value from json_each_text(row_to_json(t))
				)) as row from ${name} t`,
			);
			dump.push(...rows.map(({ row }) => ({ table: name, row })));
		}
		return dump;
	});
}
