/** How a column is shown and read, derived from its PostgreSQL type. */
export type ColumnKind = 'text' | 'array' | 'boolean' | 'integer' | 'number' | 'date' | 'date-time';

/** What explore says of a column's type: flow-service.md 4.6. */
export interface ColumnType {
	type: 'string' | 'boolean' | 'integer' | 'double';
	'meta:xdmType'?: 'date' | 'date-time';
	xdm: { type: 'string' | 'boolean' | 'integer' | 'number'; format?: 'date' | 'date-time' };
}

/**
 * PostgreSQL's own types, by their names in the catalogue. ⚠UNV flow-service.md 11 (18): the samples
 * show string, double, boolean and a date-time only; `integer` and `date` are assumed to be named as in
 * XDM. Everything else is text: uuid, enum, json, time, interval, inet, bytea, money …
 */
const KINDS: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
	['bool', 'boolean'],
	['int2', 'integer'],
	['int4', 'integer'],
	['int8', 'integer'],
	['float4', 'number'],
	['float8', 'number'],
	['numeric', 'number'],
	['date', 'date'],
	['timestamp', 'date-time'],
	['timestamptz', 'date-time'],
]);

const TYPES: Record<ColumnKind, ColumnType> = {
	text: { type: 'string', xdm: { type: 'string' } },
	array: { type: 'string', xdm: { type: 'string' } },
	boolean: { type: 'boolean', xdm: { type: 'boolean' } },
	integer: { type: 'integer', xdm: { type: 'integer' } },
	number: { type: 'double', xdm: { type: 'number' } },
	date: { type: 'string', 'meta:xdmType': 'date', xdm: { type: 'string', format: 'date' } },
	'date-time': {
		type: 'string',
		'meta:xdmType': 'date-time',
		xdm: { type: 'string', format: 'date-time' },
	},
};

/**
 * @param builtIn name of a type of PostgreSQL's own (a domain's base), null for any other type
 */
export function kindOf(builtIn: string | null, isArray: boolean): ColumnKind {
	if (isArray) return 'array';
	return KINDS.get(builtIn ?? '') ?? 'text';
}

export function typeOf(kind: ColumnKind): ColumnType {
	return TYPES[kind];
}

/**
 * The SQL that gives a column as text.
 *
 * @param identifier the column, quoted
 */
export function selectAsText(identifier: string, kind: ColumnKind): string {
	// ⚠UNV: arrays as JSON, which a client can read without knowing PostgreSQL's own notation.
	if (kind === 'array') return `pg_catalog.array_to_json(${identifier})::text`;
	return `${identifier}::text`;
}

/** No text of PostgreSQL holds a NUL, so this one marks a number, see `withBigIntegers`. */
const BIG_INTEGER = '\u0000integer:';

/** Rows as JSON, in which marked integers are numbers with all their digits. */
export function withBigIntegers(answer: unknown): string {
	return JSON.stringify(answer).replace(/"\\u0000integer:(-?\d+)"/g, '$1');
}

/**
 * A value of a preview. ⚠UNV flow-service.md 11 (18) but for time stamps, ISO without a zone (4.6).
 *
 * What JSON cannot represent stays text, so that a preview never shows a wrong value: NaN, infinity and,
 * unless they are asked for as numbers, integers beyond 2^53. A numeric is a number even where that rounds it, as the sample's is.
 *
 * @param text from `selectAsText`, in a session with ISO dates and the time zone UTC
 */
export function previewValue(
	text: string | null,
	kind: ColumnKind,
	bigIntegers: 'texts' | 'numbers' = 'texts',
): string | number | boolean | null {
	if (text === null) return null;
	if (kind === 'boolean') return text === 'true';
	if (kind === 'integer') {
		if (Number.isSafeInteger(Number(text))) return Number(text);
		return bigIntegers === 'texts' ? text : BIG_INTEGER + text;
	}
	if (kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
	if (kind === 'date-time') return text.replace(' ', 'T').replace(/\+00(?= BC$|$)/, '');
	return text;
}

/**
 * A value as it is copied to the data lake: as in a preview, but with the zone that a time stamp in
 * XDM has to have. The tables hold UTC: flow-service.md 5.4.
 *
 * @param text as for `previewValue`
 */
export function copiedValue(
	text: string | null,
	kind: ColumnKind,
): ReturnType<typeof previewValue> {
	const value = previewValue(text, kind);
	const isTime = kind === 'date-time' && typeof value === 'string' && /T[\d:.]+$/.test(value);
	return isTime ? `${value}Z` : value;
}
