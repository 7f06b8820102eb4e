import { type ColumnKind, previewValue } from '../../../emulator/postgresql/columnTypes.mts';
import type { TableName } from '../../../emulator/postgresql/tablePath.mts';
import type { Table } from './databases.mts';
import type { LoggedIn } from './login.mts';

/** In the place of `emulator/postgresql/catalogue.mts`: the same exports, and tables in memory. */
export interface FoundTable extends TableName {
	path: string;
}

export interface FoundColumn {
	name: string;
	kind: ColumnKind;
}

export function tableOf({ database }: LoggedIn, { schema, name }: TableName): Table | undefined {
	return database.tables.find((table) => table.schema === schema && table.name === name);
}

export async function readTables({ database }: LoggedIn): Promise<FoundTable[]> {
	return database.tables.map(({ schema, name }) => ({ schema, name, path: `${schema}.${name}` }));
}

export async function readColumns(client: LoggedIn, name: TableName): Promise<FoundColumn[]> {
	return tableOf(client, name)?.columns ?? [];
}

export async function readRows(
	client: LoggedIn,
	name: TableName,
	columns: FoundColumn[],
	limit: number,
): Promise<object[]> {
	return (tableOf(client, name)?.rows ?? [])
		.slice(0, limit)
		.map((row) =>
			Object.fromEntries(
				columns.map(({ name: key, kind }) => [
					key,
					previewValue(row[key] === undefined ? null : String(row[key]), kind),
				]),
			),
		);
}

export async function readOnly<T>(
	_client: LoggedIn,
	_timeoutMs: number,
	work: () => Promise<T>,
): Promise<T> {
	return await work();
}
