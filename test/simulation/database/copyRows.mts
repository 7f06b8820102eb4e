import type { TableName } from '../../../emulator/postgresql/tablePath.mts';
import type { FoundColumn } from './catalogue.mts';
import { tableOf } from './catalogue.mts';
import type { LoggedIn } from './login.mts';

/** In the place of `emulator/postgresql/copyRows.mts`. */
export interface TimeSpan {
	column: string;
	start?: number;
	end: number;
	included: 'start' | 'end';
}

export async function copyRows(
	client: LoggedIn,
	name: TableName,
	columns: FoundColumn[],
	span: TimeSpan | undefined,
): Promise<Array<Record<string, unknown>>> {
	const isWithin = (row: Record<string, unknown>) => {
		if (span === undefined) return true;
		const at = Date.parse(String(row[span.column]));
		const { start = -Infinity, end, included } = span;
		return included === 'end' ? at > start && at <= end : at >= start && at < end;
	};
	return (tableOf(client, name)?.rows ?? [])
		.filter(isWithin)
		.map((row) => Object.fromEntries(columns.map((column) => [column.name, row[column.name]])));
}
