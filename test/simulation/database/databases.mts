import type { ColumnKind } from '../../../emulator/postgresql/columnTypes.mts';

/** A database that exists, as long as a simulation runs. */
export interface Database {
	server: string;
	port: number;
	database: string;
	username: string;
	password: string;
	tables: Table[];
	/** Milliseconds that a login takes. */
	loginMs: number;
}

export interface Table {
	schema: string;
	name: string;
	columns: Array<{ name: string; kind: ColumnKind }>;
	rows: Array<Record<string, unknown>>;
}

let databases: readonly Database[] = [];

export function useDatabases(existing: readonly Database[]): void {
	databases = existing;
}

export function databaseAt(server: string, database: string): Database | undefined {
	return databases.find((one) => one.server === server && one.database === database);
}
