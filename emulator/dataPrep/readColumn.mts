/**
 * The value of a source field. Adobe's functions guide: a name that is no identifier, or a reserved word, is
 * written in `${…}`; a dot within a name has a backslash before it, since without one it leads to a member.
 *
 * @throws Error for a field that the row does not have
 */
export function readColumn(row: Record<string, unknown>, path: readonly string[]): unknown {
	let value: unknown = row;
	for (const part of path) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) {
			throw new Error(`The source has no field ${path.join('.')}`);
		}
		value = (value as Record<string, unknown>)[part];
	}
	return value;
}

/**
 * The names that a source consists of: `address.street\.name` is `street.name` of `address`. Whether a name
 * with a blank is taken without `${…}` where it is no part of an expression is ⚠UNV; here it is.
 */
export function pathOf(source: string): string[] {
	const inner = /^\$\{(.*)\}$/s.exec(source)?.[1] ?? source;
	const parts = [''];
	for (const [piece] of inner.matchAll(/\\.|\.|[^\\.]+|\\$/gs)) {
		if (piece === '.') parts.push('');
		else parts[parts.length - 1] += piece.startsWith('\\') ? piece.slice(1) || piece : piece;
	}
	return parts;
}
