import type { SourceColumn } from '../../../flowService/explore';
import type { FieldType } from '../../../flowService/schemaFields';

/** What a column holds in terms of XDM; text where Adobe says nothing or something unknown. */
export function columnType({ xdmType, xdmFormat }: SourceColumn): FieldType {
	if (xdmType === 'integer' || xdmType === 'number' || xdmType === 'boolean') return xdmType;
	if (xdmFormat === 'date' || xdmFormat === 'date-time') return xdmFormat;
	return 'string';
}

/** Whether a column can mark new rows: Adobe compares it with points in time. */
export function isTime(column: SourceColumn): boolean {
	return columnType(column) === 'date-time';
}
