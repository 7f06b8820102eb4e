import type { Mapping } from '../../adobe/mappingSets';
import { sourceOfColumn } from '../../adobe/mappingSets';
import type { SourceColumn } from '../../adobe/tables';
import { tableSchema } from '../dataflow/create/tableSchema';
import type { MappingGround } from './expectedMapping';
import { expectedMapping } from './expectedMapping';

/** A new column, and where its values go. */
export interface Addition {
	column: SourceColumn;
	mapping: Mapping;
	/** What our own field group lacks for it. */
	field?: { name: string; definition: unknown };
}

/**
 * What new columns take to be loaded: in a schema that was made from the table a field of their own, in
 * another one the field of their name. A column that neither can be done for is left out.
 *
 * @param known the columns that are loaded already, in the order in which their fields were made
 */
export function additionsOf(
	ground: MappingGround,
	known: readonly SourceColumn[],
	added: readonly SourceColumn[],
): Addition[] {
	const { desired, schema, tenantId } = ground;
	if (desired.mapping !== 'automatic') return [];
	const all = [...known, ...added];
	const mappings = expectedMapping(ground, all);
	const fields = schema.own === undefined ? {} : fieldsOf(ground, all);
	const prefix = `_${tenantId}.`;
	return added.flatMap((column): Addition[] => {
		const source = sourceOfColumn(column.name);
		const mapping = mappings.find(
			(one) =>
				one.source === source && (schema.own === undefined || one.destination.startsWith(prefix)),
		);
		if (mapping === undefined) return [];
		const name = mapping.destination.slice(prefix.length);
		const isThere = schema.own?.fieldNames.includes(name) ?? true;
		return [{ column, mapping, ...(isThere ? {} : { field: { name, definition: fields[name] } }) }];
	});
}

/** The fields of a field group that is made from these columns, by their names. */
function fieldsOf(
	{ desired, tenantId }: MappingGround,
	columns: readonly SourceColumn[],
): Record<string, unknown> {
	return tableSchema({ ...desired.dataset, marker: '', columns, tenantId }).fieldsByName;
}
