import { asRecord, textOf } from '../platform/shape';

/** What a field can hold, as far as it matters for what may be put into it. */
export type FieldType =
	| 'string'
	| 'integer'
	| 'number'
	| 'boolean'
	| 'date'
	| 'date-time'
	| 'other';

/** A field of a schema that holds a value, and not only further fields. */
export interface SchemaField {
	/** Dotted, e.g. `person.name.fullName`. */
	path: string;
	type: FieldType;
	title?: string;
	/** Whether a record without it is refused. */
	required: boolean;
}

// No schema of Adobe's is nested deeper; a schema that refers to itself must come to an end.
const DEEPEST = 20;

/**
 * The fields of a schema with all references resolved (Schema Registry's `xed-full` form), in their
 * order. A field below one that need not be there is not required either.
 */
export function readSchemaFields(schema: unknown): SchemaField[] {
	return fieldsBelow(schema, '', true, DEEPEST);
}

function fieldsBelow(
	node: unknown,
	prefix: string,
	parentRequired: boolean,
	depth: number,
): SchemaField[] {
	const record = asRecord(node);
	const properties = asRecord(record?.properties);
	if (properties === undefined || depth === 0) return [];
	const required = Array.isArray(record?.required) ? record.required : [];
	return Object.entries(properties).flatMap(([name, child]) => {
		const path = prefix === '' ? name : `${prefix}.${name}`;
		const isRequired = parentRequired && required.includes(name);
		if (asRecord(asRecord(child)?.properties) !== undefined) {
			return fieldsBelow(child, path, isRequired, depth - 1);
		}
		return [
			{
				path,
				type: typeOf(child),
				title: textOf(asRecord(child)?.title),
				required: isRequired,
			},
		];
	});
}

function typeOf(field: unknown): FieldType {
	const record = asRecord(field);
	const format = record?.format;
	switch (record?.type) {
		case 'string':
			return format === 'date' || format === 'date-time' ? format : 'string';
		case 'integer':
		case 'number':
		case 'boolean':
			return record.type;
		default:
			return 'other';
	}
}
