import type { SourceColumn } from '../../../adobe/tables';
import type { Mapping } from '../../../adobe/mappingSets';
import type { FieldType, SchemaField } from '../../../adobe/schemas';
import { columnType, named } from '../columns';
import { columnFor, columnOf, columnReferences } from './columnReferences';

/** What a mapping is judged by. */
export interface MappingContext {
	columns: readonly SourceColumn[];
	fields: readonly SchemaField[];
	/** As the user calls it. */
	table: string;
}

/**
 * What does not fit about a mapping, each in one sentence; [] when all of it does. Of calculations, only
 * the columns are looked at here: Adobe takes names that no table has, and then every run fails.
 */
export function findMappingProblems(
	mappings: readonly Mapping[],
	{ columns, fields, table }: MappingContext,
): string[] {
	const filled = new Set<string>();
	const problems = mappings.flatMap((mapping) => {
		const { destination } = mapping;
		const unknown = unknownColumns(mapping, columns, table);
		// A path into a list, e.g. `items[*].price`, is for Adobe to judge, too.
		if (destination.includes('[')) return unknown;
		const field = fields.find(({ path }) => path === destination);
		if (field === undefined) return [...unknown, noSuchField(destination, fields)];
		if (filled.has(destination)) {
			return [...unknown, `The field '${destination}' is filled twice.`];
		}
		filled.add(destination);
		return [...unknown, ...misfit(mapping, field, columns)];
	});
	const missing = missingFields(fields, filled);
	return [
		...problems,
		...missing.map(
			({ path }) => `The schema requires the field '${path}', and nothing is mapped to it.`,
		),
	];
}

/**
 * Required fields that nothing is mapped to: those of each record, and those of an object that comes into
 * being because other fields of it are filled.
 *
 * @param filled the paths that something is mapped to
 */
export function missingFields(
	fields: readonly SchemaField[],
	filled: ReadonlySet<string>,
): SchemaField[] {
	const paths = [...filled];
	return fields.filter(({ path, required, requiredIn }) => {
		if (filled.has(path)) return false;
		return required || (requiredIn !== undefined && paths.some((one) => isWithin(one, requiredIn)));
	});
}

function isWithin(path: string, object: string): boolean {
	return path.startsWith(`${object}.`);
}

/** The columns that a mapping reads and the table does not have. */
function unknownColumns(
	{ sourceType, source, destination }: Mapping,
	columns: readonly SourceColumn[],
	table: string,
): string[] {
	const names = columns.map(({ name }) => name);
	if (sourceType === 'ATTRIBUTE') {
		const isThere = columnNamed(source, columns) !== undefined;
		return isThere ? [] : [noSuchColumn(source, names, table)];
	}
	if (sourceType === 'STATIC') return [];
	const paths = columnReferences(source) ?? [];
	const missing = paths.filter((path) => columnFor(path, names) === undefined);
	return [...new Set(missing.map((path) => path.join('.')))].map(
		(name) => `The calculation for '${destination}': ${noSuchColumn(name, names, table)}`,
	);
}

/** The column of the table that a source names, with or without Data Prep's escapes. */
function columnNamed(source: string, columns: readonly SourceColumn[]): SourceColumn | undefined {
	const plain = columnOf(source);
	return columns.find(({ name }) => name === source) ?? columns.find(({ name }) => name === plain);
}

function noSuchColumn(name: string, names: readonly string[], table: string): string {
	const alike = names.filter((one) => plainly(one) === plainly(name));
	const hint = alike.length === 0 ? '' : ` Do you mean ${named(alike)}?`;
	return `The table '${table}' has no column '${name}'; it has ${named(names)}.${hint}`;
}

function plainly(name: string): string {
	return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The columns of a table that a mapping takes nothing from, in their order. A calculation that can't be
 * read counts as one that takes each column whose name stands in it.
 */
export function unmappedOf(
	mappings: readonly Mapping[],
	columns: readonly SourceColumn[],
): string[] {
	const names = columns.map(({ name }) => name);
	const taken = new Set(
		mappings.flatMap(({ sourceType, source }) => {
			if (sourceType === 'STATIC') return [];
			if (sourceType === 'ATTRIBUTE') return [columnNamed(source, columns)?.name];
			const paths = columnReferences(source);
			return paths === undefined
				? names.filter((name) => source.includes(name))
				: paths.map((path) => columnFor(path, names));
		}),
	);
	return names.filter((name) => !taken.has(name));
}

function misfit(
	{ sourceType, source, destination }: Mapping,
	field: SchemaField,
	columns: readonly SourceColumn[],
): string[] {
	if (field.type === 'other' && sourceType !== 'EXPRESSION') {
		return [`The field '${destination}' is a list or a map, which one value can't fill.`];
	}
	if (sourceType !== 'ATTRIBUTE') return [];
	const column = columnNamed(source, columns);
	if (column === undefined) return [];
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
