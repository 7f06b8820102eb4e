import type { SourceColumn } from '../../../adobe/tables';
import type { Mapping } from '../../../adobe/mappingSets';
import { sourceOfColumn } from '../../../adobe/mappingSets';
import type { SchemaField } from '../../../adobe/schemas';
import { columnType } from '../columns';

/** Written by Adobe itself, however much a column's name looks like theirs. */
const WRITTEN_BY_ADOBE =
	/^(_repo\.|createdByBatchID$|modifiedByBatchID$|repositoryCreatedBy$|repositoryLastModifiedBy$)/;

/** An organization's own fields are below `_TENANT`; `_id` and the like are Adobe's. */
const OWN_FIELD = /^_[^.]+\./;

/** How alike a column's name and a field are, the closest first. */
const GRADES: Array<(column: string, field: SchemaField) => boolean> = [
	(column, { path }) => column === path,
	(column, { path }) => column === lastPart(path),
	(column, { path }) => plain(column) !== '' && plain(column) === plain(lastPart(path)),
];

export interface AutomaticMapping {
	mappings: Mapping[];
	/** Columns that no field was found for, in their order. */
	unmappedColumns: string[];
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
	const destinations = new Map<string, string>();
	const taken = new Set<string>();
	for (const isAlike of GRADES) {
		for (const column of columns) {
			if (destinations.has(column.name)) continue;
			const field = theOne(
				fields.filter(
					(one) =>
						!taken.has(one.path) &&
						!WRITTEN_BY_ADOBE.test(one.path) &&
						isAlike(column.name, one) &&
						isSafe(column, one),
				),
			);
			if (field === undefined) continue;
			destinations.set(column.name, field.path);
			taken.add(field.path);
		}
	}
	return {
		mappings: columns.flatMap(({ name }) => {
			const destination = destinations.get(name);
			return destination === undefined
				? []
				: [{ sourceType: 'ATTRIBUTE', source: sourceOfColumn(name), destination }];
		}),
		unmappedColumns: columns.map(({ name }) => name).filter((name) => !destinations.has(name)),
	};
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
	return OWN_FIELD.test(path) ? depth : depth + 1_000;
}

/** Whether every value of the column fits, so that nothing needs to be known of the values. */
function isSafe(column: SourceColumn, field: SchemaField): boolean {
	const from = columnType(column);
	switch (field.type) {
		case 'string':
			return true;
		case 'number':
			return from === 'number' || from === 'integer';
		case 'date':
		case 'date-time':
			return from === 'date' || from === 'date-time';
		case 'other':
			return false;
		default:
			return from === field.type;
	}
}

function lastPart(path: string): string {
	return path.slice(path.lastIndexOf('.') + 1);
}

function plain(name: string): string {
	return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
