import type { RejectedRow } from './batchStore.mts';

/** ⚠UNV; small, so that a run has more than one. */
const ROWS_PER_FILE = 10;
/** ⚠UNV */
const ROWS_IN_SAMPLE = 5;

/**
 * How the rows are written. The documents say only that they are JSON: `lines` is one object a line,
 * `pretty` is indented over several lines as in their sample, `array` one list. flow-service-more.md 2.3
 */
export type RowErrorFiles = 'lines' | 'pretty' | 'array';

/** A file with rejected rows. */
export interface RowErrorFile {
	name: string;
	text: string;
}

/**
 * The files of a batch: `parsing_errors_N.json` with the rows that could not be read, `conversion_errors_N.json`
 * with the others. flow-service-more.md 2.3
 */
export function rowErrorFiles(
	rejected: readonly RejectedRow[],
	form: RowErrorFiles,
): RowErrorFile[] {
	const isUnread = ({ row }: RejectedRow) => Object.hasOwn(row, '_corrupt_record');
	return [
		...filesOf(
			'conversion_errors',
			form,
			rejected.filter((one) => !isUnread(one)),
		),
		...filesOf('parsing_errors', form, rejected.filter(isUnread)),
	];
}

function filesOf(kind: string, form: RowErrorFiles, rows: readonly RejectedRow[]): RowErrorFile[] {
	return Array.from({ length: Math.ceil(rows.length / ROWS_PER_FILE) }, (_, index) => {
		const name = `${kind}_${index}.json`;
		const part = rows.slice(index * ROWS_PER_FILE, (index + 1) * ROWS_PER_FILE);
		return { name, text: written(part, name, form) };
	});
}

/** The first rows, for a look at them. That they have the form of the files is ⚠UNV. */
export function sampleOf(rejected: readonly RejectedRow[], form: RowErrorFiles): string {
	return written(rejected.slice(0, ROWS_IN_SAMPLE), 'row_errors_sample.json', form);
}

/** ⚠UNV that the columns are beside `_errors`: the sample shows that of a row that can't be read. */
function written(rows: readonly RejectedRow[], name: string, form: RowErrorFiles): string {
	const objects = rows.map(({ row, errors }) => ({ ...row, _errors: errors, _filename: name }));
	if (form === 'array') return JSON.stringify(objects);
	const indent = form === 'pretty' ? 4 : undefined;
	return objects.map((one) => `${JSON.stringify(one, null, indent)}\n`).join('');
}
