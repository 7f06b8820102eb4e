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
		message: `The table has no column '${name}' ('${label}')`,
		description: `The table has ${named(columns.map((one) => one.name))}. PostgreSQL names are case-sensitive.`,
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
		message: `'${label}' must be a date-time column; '${name}' is not`,
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

/** Names that say when a row was changed last: `updated_at`, `last_modified`, `ChangedOn`, `modification_date`. */
const SAYS_CHANGED =
	/^(last)?(update|updated|modify|modified|modification|change|changed)(at|on|date|datetime|time|ts|timestamp)?(utc)?$/;

/** What can mark new rows in a table. */
export interface DeltaColumns {
	/** All that can be one, in their order. */
	candidates: string[];
	/** The only one, or the only one whose name says that it marks changes. */
	only?: string;
}

export function deltaColumnsOf(columns: readonly SourceColumn[]): DeltaColumns {
	const candidates = columns.filter(isTime).map(({ name }) => name);
	const byName = candidates.filter((name) =>
		SAYS_CHANGED.test(name.toLowerCase().replace(/[^a-z]/g, '')),
	);
	const sensible = candidates.length === 1 ? candidates : byName;
	return { candidates, only: sensible.length === 1 ? sensible[0] : undefined };
}

/** Why none is chosen where the parameter was left empty, and what to do. */
export function undecided(
	{ candidates }: DeltaColumns,
	label: string,
	table: string,
): ColumnProblem {
	if (candidates.length === 0) {
		return {
			message: `The table '${table}' has no column that can be '${label}'`,
			description:
				"Only a column with date and time can mark new rows. Set 'Schedule' to Once, which loads the whole table, or add such a column to the table.",
		};
	}
	return {
		message: `'${label}' is empty, and several columns of the table can be it`,
		description: `Choose one of these: ${named(candidates)}.`,
	};
}

/** The first names of a list, and how many more there are. */
export function named(names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMED).join(', ');
	return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}
