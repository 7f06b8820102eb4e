import type { Mapping, ShownMapping } from '../../adobe/mappingSets';
import type { SourceColumn } from '../../adobe/tables';
import { unmappedOf } from '../dataflow/create/checkMapping';
import { columnOf } from '../dataflow/create/columnReferences';
import { asMapping } from '../dataflow/mapping/sameMapping';
import { mapByName } from '../dataflow/create/mapByName';
import { withColumnsNamed } from '../dataflow/create/fitMapping';
import { tableSchema } from '../dataflow/create/tableSchema';
import type { ActualSchema } from './actual';
import type { Desired } from './desired';

/** What a mapping of a table is made from. */
export interface MappingGround {
	desired: Pick<Desired, 'mapping' | 'dataset'>;
	schema: ActualSchema;
	/** Without its underscore. */
	tenantId: string;
}

/** The mapping that Create would make of these columns. */
export function expectedMapping(
	{ desired, schema, tenantId }: MappingGround,
	columns: readonly SourceColumn[],
): Mapping[] {
	const { mapping, dataset } = desired;
	if (mapping !== 'automatic') return withColumnsNamed(mapping, columns);
	if (schema.own === undefined) return mapByName(columns, schema.fields).mappings;
	return tableSchema({ ...dataset, marker: '', columns, tenantId }).mappings;
}

/** The columns that a mapping takes something from, by their names. */
export function columnsOf(
	mapping: readonly ShownMapping[],
	columns: readonly SourceColumn[],
): Set<string> {
	const unmapped = new Set(unmappedOf(mapping.map(asMapping), columns));
	return new Set(columns.map(({ name }) => name).filter((name) => !unmapped.has(name)));
}

/** Whether a mapping takes the values of one column as they are. */
export function isOfColumn({ sourceType, source }: ShownMapping, column: string): boolean {
	return sourceType !== 'STATIC' && (source === column || columnOf(source) === column);
}
