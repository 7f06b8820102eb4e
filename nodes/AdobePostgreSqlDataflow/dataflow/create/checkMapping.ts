import type { SourceColumn } from '../../../adobe/tables';
import type { Mapping } from '../../../adobe/mappingSets';
import { sourceOfColumn } from '../../../adobe/mappingSets';
import type { FieldType, SchemaField } from '../../../adobe/schemas';
import { columnType, named } from '../columns';

/** What a mapping is judged by. */
export interface MappingContext {
	columns: readonly SourceColumn[];
	fields: readonly SchemaField[];
	/** As the user calls it. */
	table: string;
}

/**
 * What does not fit about a mapping, each in one sentence; [] when all of it does. Calculations are
 * for Adobe to judge, which is asked as well.
 */
export function findMappingProblems(
	mappings: readonly Mapping[],
	{ columns, fields, table }: MappingContext,
): string[] {
	const filled = new Set<string>();
	const problems = mappings.flatMap((mapping) => {
		const { destination } = mapping;
		// A path into a list, e.g. `items[*].price`, is for Adobe to judge, too.
		if (destination.includes('[')) return [];
		const field = fields.find(({ path }) => path === destination);
		if (field === undefined) return [noSuchField(destination, fields)];
		if (filled.has(destination)) return [`The field '${destination}' is filled twice.`];
		filled.add(destination);
		return misfit(mapping, field, columns, table);
	});
	const missing = fields.filter(({ required, path }) => required && !filled.has(path));
	return [
		...problems,
		...missing.map(
			({ path }) => `The schema requires the field '${path}', and nothing is mapped to it.`,
		),
	];
}

function misfit(
	{ sourceType, source, destination }: Mapping,
	field: SchemaField,
	columns: readonly SourceColumn[],
	table: string,
): string[] {
	if (field.type === 'other' && sourceType !== 'EXPRESSION') {
		return [`The field '${destination}' is a list or a map, which one value can't fill.`];
	}
	if (sourceType !== 'ATTRIBUTE') return [];
	const column = columns.find(({ name }) => name === source || sourceOfColumn(name) === source);
	if (column === undefined) {
		return [
			`The table '${table}' has no column '${source}'; it has ${named(columns.map(({ name }) => name))}.`,
		];
	}
	const from = columnType(column);
	if (canHold(field.type, from)) return [];
	return [
		`The column '${source}' (${from}) does not fit into the field '${destination}' (${field.type}).`,
	];
}

/** A string may hold anything, also a number or a time; only the rows show whether it does. */
function canHold(field: FieldType, column: FieldType): boolean {
	if (field === column || field === 'string' || column === 'string') return true;
	if (field === 'number') return column === 'integer';
	return (
		(field === 'date' || field === 'date-time') && (column === 'date' || column === 'date-time')
	);
}

function noSuchField(destination: string, fields: readonly SchemaField[]): string {
	const wanted = destination.toLowerCase();
	const lastPart = wanted.slice(wanted.lastIndexOf('.') + 1);
	const alike = fields.filter(({ path }) => path.toLowerCase().endsWith(lastPart));
	const below = fields.some(({ path }) => path.startsWith(`${destination}.`));
	if (below) {
		return `'${destination}' is no field but holds further ones: give one of these.`;
	}
	const hint = alike.length === 0 ? '' : ` Do you mean ${named(alike.map(({ path }) => path))}?`;
	return `The dataset's schema has no field '${destination}'.${hint}`;
}
