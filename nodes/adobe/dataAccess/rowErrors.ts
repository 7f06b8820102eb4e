import { parseExactly } from '../../platform/exactNumbers';
import { arrayOf, asRecord, numberOf, textOf } from '../../platform/json';
import { cleanMessage } from '../runModel';

/** Why a row was rejected. */
export interface RowError {
	/** Adobe's code, e.g. `1401`. */
	code?: string;
	/** Adobe's words; '' where it gave none. */
	message: string;
	/** The column or field that it is about, where Adobe names it apart. */
	column?: string;
}

/** A row that was not ingested. */
export interface RejectedRow {
	errors: RowError[];
	/** Its columns. One that Adobe could not read is in `_corrupt_record`, as text. */
	row: Record<string, unknown>;
	/** The file that Adobe names with it. */
	inputFile?: string;
}

/** What could not be read as JSON is in a member of this name, as Adobe itself does it. */
const UNREAD = '_corrupt_record';

/** Adobe says that a record may have 100 KB; what is larger is no object that ends. */
const MAX_OBJECT_LENGTH = 1_000_000;

/** How often an object may seem to end; what has no sense any more would be parsed again for each line. */
const MAX_ENDS = 100;

/**
 * The rows of a file. Adobe's documents show objects one after the other, one a line or each over several lines, and
 * not always valid; a list, and objects with commas between, are read as well.
 *
 * @returns undefined for what has no rows at all, e.g. the page of a proxy
 */
export function readRows(text: unknown): Iterable<RejectedRow> | undefined {
	if (typeof text !== 'string' || !/^\s*[[{]/.test(text)) return undefined;
	return readText(text);
}

function* readText(text: string): Generator<RejectedRow, void, undefined> {
	let open: string[] = [];
	let length = 0;
	let ends = 0;
	const begin = () => {
		open = [];
		length = 0;
		ends = 0;
	};
	const close = (): RejectedRow[] => {
		const piece = open.join('\n');
		begin();
		return parseObjects(piece)?.map(readRow) ?? [unreadRow(piece)];
	};
	for (const line of linesOf(text)) {
		if (open.length === 0 && /^[\s,[\]]*$/.test(line)) continue;
		const isOutermost = indentOf(line) <= indentOf(open[0] ?? line);
		// An object that has not ended before the next one begins is not valid, or ends on its last line.
		const begins = isOutermost && /^\s*\{/.test(line);
		const isTooMuch = length > MAX_OBJECT_LENGTH || ends > MAX_ENDS;
		if (open.length > 0 && (begins || isTooMuch)) yield* close();
		open.push(line);
		length += line.length;
		if (!isOutermost || !/\}[\s,\]]*$/.test(line)) continue;
		const rows = parseObjects(open.join('\n'));
		ends++;
		if (rows === undefined) continue;
		begin();
		yield* rows.map(readRow);
	}
	if (open.length > 0) yield* close();
}

/** One after the other: split at once, a large file would be held twice. */
function* linesOf(text: string): Generator<string, void, undefined> {
	for (let start = 0; start < text.length; ) {
		const end = text.indexOf('\n', start);
		yield text.slice(start, end === -1 ? text.length : end);
		if (end === -1) return;
		start = end + 1;
	}
}

function indentOf(line: string): number {
	return line.length - line.trimStart().length;
}

/** The objects in a piece of a file, with the commas and brackets of a list around it or not; undefined where it is not valid. */
function parseObjects(piece: string): unknown[] | undefined {
	const trimmed = piece.trim();
	const begun = /^[,[]/.test(trimmed) ? trimmed.slice(1) : trimmed;
	const bare = begun.endsWith(',') ? begun.slice(0, -1) : begun;
	const ended = bare.endsWith(']') ? bare.slice(0, -1) : bare;
	for (const candidate of [trimmed, `[${bare}]`, `[${ended}]`]) {
		try {
			const parsed = parseExactly(candidate);
			return Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
		} catch {
			// The next one may be.
		}
	}
	return undefined;
}

function unreadRow(text: string): RejectedRow {
	return { errors: [], row: { [UNREAD]: text.trim() } };
}

function readRow(value: unknown): RejectedRow {
	const record = asRecord(value);
	if (record === undefined) return unreadRow(JSON.stringify(value) ?? '');
	const { _errors: errors, _filename: inputFile, ...row } = record;
	const listed = asRecord(errors) === undefined ? arrayOf(errors) : [errors];
	return { errors: listed.flatMap(readError), row, inputFile: textOf(inputFile) };
}

function readError(value: unknown): RowError[] {
	const record = asRecord(value) ?? { message: value };
	const number = numberOf(record.code);
	const code = textOf(record.code) ?? (number === undefined ? undefined : String(number));
	const message = cleanMessage(record.message) ?? cleanMessage(record.description) ?? '';
	const column = textOf(record.column) ?? textOf(record.columnName);
	return code === undefined && message === '' ? [] : [{ code, message, column }];
}
