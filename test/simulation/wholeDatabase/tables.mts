import type { ColumnKind } from '../../../emulator/postgresql/columnTypes.mts';
import type { Random } from '../engine/randomness.mts';
import type { Database, Table } from '../database/databases.mts';

const COLUMNS: Array<[name: string, kind: ColumnKind]> = [
	['id', 'integer'],
	['label', 'text'],
	['total', 'number'],
	['updated_at', 'date-time'],
];

/** A database of some tables that are alike. */
export function drawTables(random: Random): Database {
	return {
		server: 'db.example.com',
		port: 5432,
		database: 'shop',
		username: 'adobe',
		password: `pw-${random.word().toString(36)}-s3cret`,
		tables: Array.from({ length: random.between(2, 4) }, (_table, index) => ({
			schema: 'sales',
			name: `t${index}`,
			columns: COLUMNS.map(([name, kind]) => ({ name, kind })),
			rows: [],
		})),
		loginMs: random.between(1, 200),
	};
}

export function pathOf({ schema, name }: Table): string {
	return `${schema}.${name}`;
}

/** As Plan names a dataflow whose item has no name. */
export function flowNameOf(path: string): string {
	return `${path} to ${path}`;
}
