/** A node of an XDM schema with every reference resolved: JSON Schema, as far as XDM uses it here. */
export interface XdmField {
	type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
	format?: 'date' | 'date-time' | 'uri' | 'email';
	title?: string;
	description?: string;
	properties?: Record<string, XdmField>;
	items?: XdmField;
	required?: string[];
	enum?: unknown[];
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	additionalProperties?: boolean | XdmField;
}

export const FIELD_TYPES = [
	'string',
	'integer',
	'number',
	'boolean',
	'date',
	'date-time',
	'array',
	'object',
] as const;

/** What a field is called in a table of fields: a JSON type, or the format of a string. */
export type FieldType = (typeof FIELD_TYPES)[number];

/** The field of that type; an array is one of strings. */
export function fieldOf(type: FieldType, title?: string): XdmField {
	const named = title === undefined ? {} : { title };
	if (type === 'date' || type === 'date-time') return { ...named, type: 'string', format: type };
	if (type === 'array') return { ...named, type, items: { type: 'string' } };
	if (type === 'object') return { ...named, type, properties: {} };
	return { ...named, type };
}

/** The name of a field's type, the other way round. */
export function typeOfField({ type, format }: XdmField): FieldType {
	return type === 'string' && (format === 'date' || format === 'date-time') ? format : type;
}

/**
 * The field at a dotted path, or undefined.
 *
 * @param path as in a mapping: `person.name.fullName`
 */
export function fieldAt(root: XdmField, path: string): XdmField | undefined {
	let field: XdmField | undefined = root;
	for (const part of path.split('.')) {
		const properties: Record<string, XdmField> = field?.properties ?? {};
		// Own members only, or `constructor` would be a field of every schema.
		field = Object.hasOwn(properties, part) ? properties[part] : undefined;
	}
	return field;
}

/** A new field that has the members of both; where both have a leaf, the second one wins. */
export function mergeFields(a: XdmField, b: XdmField): XdmField {
	const required = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
	const merged: XdmField = { ...a, ...b, ...(required.length > 0 && { required }) };
	if (a.properties === undefined || b.properties === undefined) return merged;
	const properties = new Map(Object.entries(a.properties));
	for (const [name, field] of Object.entries(b.properties)) {
		const before = properties.get(name);
		properties.set(name, before === undefined ? field : mergeFields(before, field));
	}
	merged.properties = Object.fromEntries(properties);
	return merged;
}

/** An object with these fields, by dotted path; objects on the way are created. */
export function nestFields(fields: Record<string, FieldType>): XdmField {
	let root: XdmField = { type: 'object', properties: {} };
	for (const [path, type] of Object.entries(fields)) {
		const parts = path.split('.');
		const leaf = fieldOf(type, parts.at(-1));
		const branch = parts.reduceRight<XdmField>(
			(inner, part) => ({ type: 'object', properties: Object.fromEntries([[part, inner]]) }),
			leaf,
		);
		root = mergeFields(root, branch);
	}
	return root;
}
