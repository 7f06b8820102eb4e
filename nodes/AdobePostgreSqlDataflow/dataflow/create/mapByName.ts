import type { SourceColumn } from '../../../adobe/tables';
import type { Mapping } from '../../../adobe/mappingSets';
import { sourceOfColumn } from '../../../adobe/mappingSets';
import type { SchemaField } from '../../../adobe/schemas';
import { fits, isOwn, isWrittenByAdobe, plainName } from './fieldMatch';
import { proposeFields } from './usualNames';

/** How alike a column's name and a field are, the closest first. */
const GRADES: Array<(column: string, field: SchemaField) => boolean> = [
	(column, { path }) => column === path,
	(column, { path }) => column === lastPart(path),
	(column, { path }) => plainName(column) !== '' && plainName(column) === plainName(lastPart(path)),
];

/** A column without a field of its name, and the path of the field that it may stand for. */
export interface PossibleMatch {
	column: string;
	field: string;
}

export interface AutomaticMapping {
	mappings: Mapping[];
	/** Columns that no field was found for, in their order. */
	unmappedColumns: string[];
	/** What some of these may be, for a person to decide on. */
	possibleMatches: PossibleMatch[];
}

/**
 * Finds each column the field of its name, by the last part of the field's path, in upper or lower
 * case, with or without underscores: `customer_id` goes into `_tenant.customerId`. Of several the
 * organization's own one counts, then the one nearest to the root; of two that are alike in that,
 * none, as a wrong guess would be worse. A column whose type the field can't take is left out.
 */
export function mapByName(
	columns: readonly SourceColumn[],
	fields: readonly SchemaField[],
): AutomaticMapping {
	const { destinations, unmapped, proposed } = match(columns, fields);
	return {
		mappings: columns.flatMap(({ name }) => {
			const destination = destinations.get(name);
			return destination === undefined
				? []
				: [{ sourceType: 'ATTRIBUTE', source: sourceOfColumn(name), destination }];
		}),
		unmappedColumns: unmapped.map(({ name }) => name),
		possibleMatches: unmapped.flatMap(({ name: column }) => {
			const field = proposed.get(column);
			return field === undefined ? [] : [{ column, field }];
		}),
	};
}

/**
 * The column for each field that has one, by its path: of the field's name, or one that usually means it.
 * For a person who sees them and can choose others.
 */
export function columnsByField(
	columns: readonly SourceColumn[],
	fields: readonly SchemaField[],
): Map<string, string> {
	const { destinations, proposed } = match(columns, fields);
	return new Map([...proposed, ...destinations].map(([column, path]) => [path, column]));
}

/** The path of a field for columns by their names: certain ones, and proposals for what is left. */
function match(
	columns: readonly SourceColumn[],
	fields: readonly SchemaField[],
): { destinations: Map<string, string>; unmapped: SourceColumn[]; proposed: Map<string, string> } {
	const destinations = matchNames(columns, fields);
	const unmapped = columns.filter(({ name }) => !destinations.has(name));
	const proposed = proposeFields(unmapped, fields, new Set(destinations.values()));
	return { destinations, unmapped, proposed };
}

/** The path of its field for each column that has one. */
function matchNames(
	columns: readonly SourceColumn[],
	fields: readonly SchemaField[],
): Map<string, string> {
	const destinations = new Map<string, string>();
	const taken = new Set<string>();
	for (const isAlike of GRADES) {
		for (const column of columns) {
			if (destinations.has(column.name)) continue;
			const field = theOne(
				fields.filter(
					(one) =>
						!taken.has(one.path) &&
						!isWrittenByAdobe(one) &&
						isAlike(column.name, one) &&
						fits(column, one),
				),
			);
			if (field === undefined) continue;
			destinations.set(column.name, field.path);
			taken.add(field.path);
		}
	}
	return destinations;
}

/** The best candidate, unless another one is as good. */
function theOne(candidates: SchemaField[]): SchemaField | undefined {
	const [best, second] = [...candidates].sort((one, other) => rank(one) - rank(other));
	return best !== undefined && second !== undefined && rank(best) === rank(second)
		? undefined
		: best;
}

function rank({ path }: SchemaField): number {
	const depth = path.split('.').length;
	return isOwn({ path }) ? depth : depth + 1_000;
}

function lastPart(path: string): string {
	return path.slice(path.lastIndexOf('.') + 1);
}
