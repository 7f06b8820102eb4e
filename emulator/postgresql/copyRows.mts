import type pg from 'pg';
import type { FoundColumn } from './catalogue.mts';
import { copiedValue, selectAsText } from './columnTypes.mts';
import type { TableName } from './tablePath.mts';

/** Rows whose column is within a span of time. */
export interface TimeSpan {
	column: string;
	/** Epoch milliseconds; absent for no beginning. */
	start?: number;
	/** Epoch milliseconds. */
	end: number;
	/** Which of the two belongs to it. */
	included: 'start' | 'end';
}

/**
 * The rows of a table, by column name. Within `readOnly` a time without a zone counts as UTC.
 *
 * @param span absent for the whole table
 * @throws the server's error, for instance when the column of the span holds no times
 */
export async function copyRows(
	client: pg.Client,
	{ schema, name }: TableName,
	columns: FoundColumn[],
	span: TimeSpan | undefined,
): Promise<Array<Record<string, unknown>>> {
	const quote = (identifier: string) => client.escapeIdentifier(identifier);
	const list = columns.map((column) => selectAsText(quote(column.name), column.kind));
	const { where, values } = span === undefined ? { where: '', values: [] } : within(span, quote);
	const text = `select ${list.join(', ')} from ${quote(schema)}.${quote(name)}${where}`;
	const question = { text, values, rowMode: 'array' } as const;
	const { rows } = await client.query<Array<string | null>>(question);
	return rows.map((row) =>
		Object.fromEntries(
			columns.map(({ name: key, kind }, n) => [key, copiedValue(row[n] ?? null, kind)]),
		),
	);
}

function within({ column, start, end, included }: TimeSpan, quote: (identifier: string) => string) {
	const time = `${quote(column)}::timestamptz`;
	const values = [end, ...(start === undefined ? [] : [start])];
	const [before, after] = included === 'end' ? ['<=', '>'] : ['<', '>='];
	return {
		where: ` where ${time} ${before} $1${start === undefined ? '' : ` and ${time} ${after} $2`}`,
		values: values.map((ms) => new Date(ms).toISOString()),
	};
}
