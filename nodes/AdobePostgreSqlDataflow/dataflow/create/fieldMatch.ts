import type { SourceColumn } from '../../../adobe/tables';
import type { SchemaField } from '../../../adobe/schemas';
import { columnType } from '../columns';

/** Written by Adobe itself, however much a column's name looks like theirs. */
const WRITTEN_BY_ADOBE =
	/^(_repo\.|createdByBatchID$|modifiedByBatchID$|repositoryCreatedBy$|repositoryLastModifiedBy$)/;

/** An organization's own fields are below `_TENANT`; `_id`, `_repo` and `_experience` are Adobe's. */
const OWN_FIELD = /^_(?!(repo|experience)\.)[^.]+\./;

type Path = Pick<SchemaField, 'path'>;

/** Whether Adobe itself fills the field. */
export function isWrittenByAdobe({ path }: Path): boolean {
	return WRITTEN_BY_ADOBE.test(path);
}

/** Whether the organization has made the field. */
export function isOwn({ path }: Path): boolean {
	return OWN_FIELD.test(path);
}

/** Whether every value of the column fits, so that nothing needs to be known of the values. */
export function fits(column: SourceColumn, field: SchemaField): boolean {
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

/** A name without what people write in different ways: case, underscores, blanks. */
export function plainName(name: string): string {
	return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
