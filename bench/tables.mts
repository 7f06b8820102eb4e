import { createDatabase, withClient } from '../e2e/n8n/database.mts';
import type { Stage } from '../e2e/n8n/stage.mts';

const SCHEMAS = ['sales', 'crm', 'stock', 'billing', 'web'];

/** Of one of the tables that are planned, as explore names it. */
export function tableName(index: number): string {
	return `${SCHEMAS[index % SCHEMAS.length]}.t${index}`;
}

/**
 * Makes a database with so many tables in five schemas, which the sample database's reader may read.
 *
 * @param name letters, digits and `_` only
 */
export async function makeTables(
	postgres: Stage['postgres'],
	name: string,
	count: number,
): Promise<Stage['postgres']> {
	const { server, port, superuser, username } = postgres;
	const database = await createDatabase({ server, port, ...superuser }, name);
	await withClient(database, async (client) => {
		const statements = [
			...SCHEMAS.flatMap((schema) => [
				`create schema ${schema}`,
				`grant usage on schema ${schema} to ${username}`,
			]),
			...Array.from(
				{ length: count },
				(_table, index) =>
					`create table ${tableName(index)} (id integer primary key, label text, total numeric, updated_at timestamptz not null)`,
			),
			...SCHEMAS.map((schema) => `grant select on all tables in schema ${schema} to ${username}`),
		];
		await client.query(statements.join('; '));
	});
	return { ...postgres, database: name };
}
