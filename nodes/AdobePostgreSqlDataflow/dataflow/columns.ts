import type { FieldType } from '../../adobe/schemas';
import type { SourceColumn } from '../../adobe/tables';

const MAX_NAMED = 10;

/** A column that a parameter names. */
export interface NamedColumn {
	name: string;
	/** How messages call the parameter. */
	label: string;
	/** As the user calls it, where that is known. */
	table?: string;
}

/** What is wrong with the value of a parameter, and what to do. */
export interface ColumnProblem {
	message: string;
	description: string;
}

/** Undefined for a column of the table. */
export function columnProblem(
	columns: readonly SourceColumn[],
	{ name, label }: NamedColumn,
): ColumnProblem | undefined {
	if (columns.some((one) => one.name === name)) return undefined;
	return {
		message: `'${label}' is no column of the table: '${name}'`,
		description: `The table has ${named(columns.map((one) => one.name))}. PostgreSQL tells upper from lower case.`,
	};
}

/** Undefined for a column of the table that holds points in time. */
export function timeColumnProblem(
	columns: readonly SourceColumn[],
	column: NamedColumn,
): ColumnProblem | undefined {
	const { name, label, table } = column;
	const missing = columnProblem(columns, column);
	if (missing !== undefined) return missing;
	const times = columns.filter(isTime).map((one) => one.name);
	if (times.includes(name)) return undefined;
	const which =
		times.length === 0
			? `${table === undefined ? 'The table' : `The table '${table}'`} has no such column.`
			: `These are: ${named(times)}.`;
	return {
		message: `'${label}' is no date-time column: '${name}'`,
		description: `Only a column with date and time can be used. ${which}`,
	};
}

/** What a column holds in terms of XDM; a string where Adobe says nothing or something unknown. */
export function columnType({ xdmType, xdmFormat }: SourceColumn): FieldType {
	if (xdmType === 'integer' || xdmType === 'number' || xdmType === 'boolean') return xdmType;
	if (xdmFormat === 'date' || xdmFormat === 'date-time') return xdmFormat;
	return 'string';
}

/** Whether it can be a delta column: Adobe compares its values with points in time. */
export function isTime(column: SourceColumn): boolean {
	return columnType(column) === 'date-time';
}

/** The first names of a list, and how many more there are. */
export function named(names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMED).join(', ');
	return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}
