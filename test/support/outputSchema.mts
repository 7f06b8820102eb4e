import { readFileSync } from 'node:fs';

interface Schema {
	type: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

/**
 * Holds an output against the schema that the editor maps fields by before the first run: every
 * member in its order, nested ones too, and their types.
 *
 * @param file the schema's path, from the root of the repository
 */
export function expectToFit(output: unknown, file: string): void {
	expectFits(output, JSON.parse(readFileSync(file, 'utf8')) as Schema, 'item');
}

function expectFits(value: unknown, schema: Schema, path: string): void {
	const isList = Array.isArray(value);
	const type = value === null ? 'null' : isList ? 'array' : typeof value;
	expect([path, [schema.type].flat()]).toStrictEqual([path, expect.arrayContaining([type])]);
	if (isList && schema.items !== undefined) {
		for (const one of value) expectFits(one, schema.items, `${path}[]`);
	}
	if (schema.properties === undefined || type !== 'object') return;
	const members = value as Record<string, unknown>;
	expect([path, Object.keys(members)]).toStrictEqual([path, Object.keys(schema.properties)]);
	for (const [name, inner] of Object.entries(schema.properties)) {
		expectFits(members[name], inner, `${path}.${name}`);
	}
}
