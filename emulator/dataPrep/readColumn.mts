/**
 * The value of a column.
 *
 * @param source its name as it is, or in `${…}` or quotes where it is no identifier; with dots, a
 * path into a value that is an object
 * @throws Error for a column that the row does not have
 */
export function readColumn(row: Record<string, unknown>, source: string): unknown {
	const plain = columnName(source);
	if (Object.hasOwn(row, source)) return row[source];
	if (Object.hasOwn(row, plain)) return row[plain];
	let value: unknown = row;
	for (const part of plain.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) {
			throw new Error(`The source has no field ${plain}`);
		}
		value = (value as Record<string, unknown>)[part];
	}
	return value;
}

/** A column's name without what it is quoted in. */
export function columnName(source: string): string {
	const [, braced, double, single, backtick] =
		/^(?:\$\{(.+)\}|"(.+)"|'(.+)'|`(.+)`)$/.exec(source) ?? [];
	return braced ?? double ?? single ?? backtick ?? source;
}
