import type { Mapping } from '../../../../adobe/mappingSets';
import { sourceOfColumn } from '../../../../adobe/mappingSets';
import type { Namespace } from '../../../../adobe/profile/namespaces';
import type { SourceColumn } from '../../../../adobe/tables';
import { labelOf } from '../../../../operation/values';
import type { ColumnProblem } from '../../columns';
import { columnProblem, columnType, named } from '../../columns';
import type { WantedIdentity } from './parameters';
import { identityNamespaceParameter, primaryIdentityColumnParameter } from './parameters';

/** Columns that can hold an identity: Adobe takes strings only. */
export function identityColumnsOf(columns: readonly SourceColumn[]): SourceColumn[] {
	return columns.filter((column) => columnType(column) === 'string');
}

/** Why a column can't be the identity; undefined where it can. */
export function identityColumnProblem(
	columns: readonly SourceColumn[],
	{ column: name }: WantedIdentity,
	table: string,
): ColumnProblem | undefined {
	const label = labelOf(primaryIdentityColumnParameter);
	const missing = columnProblem(columns, { name, label, table });
	if (missing !== undefined) return missing;
	const column = columns.find((one) => one.name === name);
	const type = column === undefined ? 'string' : columnType(column);
	if (type === 'string') return undefined;
	const texts = identityColumnsOf(columns).map((one) => one.name);
	const which =
		texts.length === 0 ? `The table '${table}' has no such column.` : `These are: ${named(texts)}.`;
	return {
		message: `'${label}' must be a text column; '${name}' (${type}) is not`,
		description: `Adobe takes only text as an identity. ${which} For a number, load a view of the table that has it as text, e.g. customer_id::text.`,
	};
}

/** Why a namespace can't be used; undefined where it can. */
export function namespaceProblem(
	namespaces: readonly Namespace[],
	{ namespace: wanted }: WantedIdentity,
): ColumnProblem | undefined {
	if (namespaces.some(({ code }) => code === wanted)) return undefined;
	const alike = namespaces.filter(
		({ code, name = '' }) =>
			code.toLowerCase() === wanted.toLowerCase() || name.toLowerCase() === wanted.toLowerCase(),
	);
	const hint =
		alike.length === 0
			? `These are in use: ${named(namespaces.map(({ code }) => code))}.`
			: `Do you mean ${named(alike.map(({ code }) => code))}?`;
	return {
		message: `Adobe has no identity namespace with the code '${wanted}' ('${labelOf(identityNamespaceParameter)}')`,
		description: `${hint} Codes are case-sensitive. A new one is made in Experience Platform under Identities.`,
	};
}

/** The dotted path of the organization's own field that a column is mapped to. */
export function fieldOf(column: string, mappings: readonly Mapping[]): string | undefined {
	const source = sourceOfColumn(column);
	return mappings.find((one) => one.source === source && one.destination.startsWith('_'))
		?.destination;
}

/** What the first rows of a table tell about an identity; undefined where nothing is wrong with them. */
export function emptyIdentities(
	rows: ReadonlyArray<Record<string, unknown>>,
	column: string,
): string | undefined {
	const empty = rows.filter(({ [column]: value }) => isEmpty(value)).length;
	if (empty === 0) return undefined;
	return `${empty} of the first ${rows.length} rows have no value in '${column}': without an identity, a row does not become part of a profile`;
}

function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}
