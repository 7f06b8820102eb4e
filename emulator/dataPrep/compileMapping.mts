import { fieldAt, type XdmField } from '../schemaRegistry/xdmField.mts';
import { convertValue, outsideValue } from './convertValue.mts';
import { compileExpression } from './expression.mts';
import type { Mapping } from './mappingSetStore.mts';
import { pathOf, readColumn } from './readColumn.mts';

/** Something that could not be mapped in one row: flow-service.md 5.5, flow-service-more.md 3. */
export interface MappingError {
	code: 'MAPPER-3700-400';
	/** Names the mapping and the reason, never a value. */
	message: string;
	mapping: Mapping;
	/** The reason alone. */
	reason: string;
}

/** What has become of a row. */
export interface MappedRow {
	/**
	 * Nested by the destinations; fields without a value are absent, and so is one that could not be
	 * transformed: Data Prep makes it null and goes on (its troubleshooting guide).
	 */
	record: Record<string, unknown>;
	errors: MappingError[];
}

/**
 * Makes what applies mappings to rows.
 *
 * @param fields the schema's fields (`StoredSchema.fields`): with them a value is converted to the
 * type of its destination, as Data Prep does; without them it stays as it is
 * @throws ExpressionError for an expression that cannot be read
 */
export function compileMapping(
	mappings: readonly Mapping[],
	fields?: XdmField,
): (row: Record<string, unknown>) => MappedRow {
	const steps = mappings.map((mapping) => ({
		mapping,
		read: compileSource(mapping),
		field: fields && fieldAt(fields, mapping.destination),
	}));
	return (row) => {
		const record: Record<string, unknown> = {};
		const errors: MappingError[] = [];
		for (const { mapping, read, field } of steps) {
			try {
				const value = outsideValue(read(row));
				const converted = field === undefined ? value : convertValue(value, field);
				// ⚠UNV: a mapping set without `allowNullValues` drops null values.
				if (converted !== null) place(record, mapping.destination, converted);
			} catch (error) {
				const reason = error instanceof Error ? error.message : 'failed';
				const message = `Mapper Transform Error: ${mapping.source} to ${mapping.destination}: ${reason}`;
				errors.push({ code: 'MAPPER-3700-400', message, mapping, reason });
			}
		}
		return { record, errors };
	};
}

function compileSource({ sourceType, source }: Mapping): (row: Record<string, unknown>) => unknown {
	if (sourceType === 'STATIC') return () => source;
	if (sourceType === 'ATTRIBUTE') {
		const path = pathOf(source);
		return (row) => readColumn(row, path);
	}
	return compileExpression(source).evaluate;
}

/** Sets a value at a dotted path; a path such as `__proto__.x` creates own members like any other. */
function place(record: Record<string, unknown>, path: string, value: unknown): void {
	const parts = path.split('.');
	const last = parts.pop() ?? path;
	let target = record;
	for (const part of parts) {
		const next: unknown = Object.hasOwn(target, part) ? target[part] : undefined;
		if (typeof next === 'object' && next !== null) {
			target = next as Record<string, unknown>;
			continue;
		}
		const made = {};
		define(target, part, made);
		target = made;
	}
	define(target, last, value);
}

function define(target: object, name: string, value: unknown): void {
	Object.defineProperty(target, name, {
		value,
		enumerable: true,
		configurable: true,
		writable: true,
	});
}
