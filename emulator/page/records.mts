const MAX_COLUMNS = 12;
const MAX_CELL = 80;

/** Records as a table: a column for each field that one of them has. */
export interface RecordTable {
	columns: Array<{ label: string; path: string }>;
	/** Cells by column; undefined where the record has no such field. */
	rows: Array<Array<string | undefined>>;
	/** How many more columns there are. */
	moreColumns: number;
}

/** Puts nested records into a table that is narrow enough to read. */
export function toTable(records: object[]): RecordTable {
	const flat = records.map((record) => new Map(leavesOf(record, '')));
	const paths = new Set<string>();
	for (const fields of flat) for (const path of fields.keys()) paths.add(path);
	const shown = [...paths].slice(0, MAX_COLUMNS);
	return {
		columns: shown.map((path) => ({ path, label: labelOf(path) })),
		rows: flat.map((fields) =>
			shown.map((path) => {
				const value = fields.get(path);
				return value === undefined ? undefined : cut(value);
			}),
		),
		moreColumns: paths.size - shown.length,
	};
}

/** A text of at most so many characters. */
export function cut(text: string, max = MAX_CELL): string {
	// By characters, so that no emoji is cut in half.
	const characters = [...text.slice(0, 2 * max + 2)];
	return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : text;
}

function* leavesOf(value: object, parent: string): Generator<[path: string, text: string]> {
	for (const [name, member] of Object.entries(value) as Array<[string, unknown]>) {
		const path = parent === '' ? name : `${parent}.${name}`;
		if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
			yield* leavesOf(member, path);
		} else {
			yield [path, typeof member === 'string' ? member : JSON.stringify(member)];
		}
	}
}

/** Without the organization's own name, which all fields of its own are under: `_acme.email`. */
function labelOf(path: string): string {
	return path.replace(/^_[^.]+\.(?=.)/, '');
}
