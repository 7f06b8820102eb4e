/** A table by its schema and name, as the catalogue has them. */
export interface TableName {
	schema: string;
	name: string;
}

const QUOTED = '"((?:[^"]|"")+)"';
const PLAIN = '([A-Za-z_\\u0080-\\u{10ffff}][\\w$\\u0080-\\u{10ffff}]*)';
const PATH = new RegExp(`^(?:${QUOTED}|${PLAIN})\\.(?:${QUOTED}|${PLAIN})$`, 'u');

/**
 * Reads `schema.table` as PostgreSQL would: a part in double quotes is used as it is, a doubled
 * quote in it for one, and a part without them in lower case.
 *
 * @returns undefined for what is no such path; what is one need not exist
 */
export function readTablePath(path: string): TableName | undefined {
	// No name can contain it, and PostgreSQL does not even accept it as text.
	if (path.includes('\0')) return undefined;
	const parts = PATH.exec(path);
	if (parts === null) return undefined;
	const [, quotedSchema, schema, quotedName, name] = parts;
	return { schema: unquote(quotedSchema, schema), name: unquote(quotedName, name) };
}

function unquote(quoted: string | undefined, plain = ''): string {
	// Only the 26 letters: other ones stay as they are in a UTF-8 database.
	return quoted?.replaceAll('""', '"') ?? plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
