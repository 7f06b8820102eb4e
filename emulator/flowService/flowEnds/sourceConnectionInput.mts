import { FlowError } from '../flowErrors.mts';
import { invalid, members, missing, readDescription, readName } from '../input.mts';

/** A column as explore describes it: flow-service.md 4.6. */
export interface SourceColumn {
	name: string;
	[member: string]: unknown;
}

/** What a source connection consists of, apart from the base connection: flow-service.md 5.1. */
export interface SourceSettings {
	name: string;
	description?: string;
	data: { format: 'tabular' };
	/** No columns means all of them. ⚠UNV flow-service.md 11 (19) */
	params: { tableName: string; columns: SourceColumn[] };
}

/**
 * Checks what a client sends for a source connection: flow-service.md 5.1. Whether the table exists
 * is not checked ⚠UNV: a run of a flow finds out.
 *
 * @throws FlowError 1304, 1312, 1323, 1327 or 1353
 */
export function readSourceSettings(body: unknown): SourceSettings {
	const { name, description, data, params } = members(body);
	const settings = { name: readName(name), ...readDescription(description) };
	const { format } = members(data);
	if (format === undefined || format === null) throw missing('data.format');
	if (format !== 'tabular') {
		throw new FlowError(
			'CONNECTOR-1327-400',
			`The data format ${String(format)} is not supported for this connector.`,
		);
	}
	const { tableName, columns, filters } = members(params);
	if (filters !== undefined) {
		throw new FlowError(
			'CONNECTOR-1353-400',
			'Filtering at the source is not supported for this connector.',
		);
	}
	if (typeof tableName !== 'string' || tableName.trim() === '') {
		throw new FlowError(
			'CONNECTOR-1323-400',
			'The entity in the source connection is empty: params.tableName.',
		);
	}
	return { ...settings, data: { format }, params: { tableName, columns: readColumns(columns) } };
}

function readColumns(columns: unknown): SourceColumn[] {
	if (columns === undefined) return [];
	const isColumn = (column: unknown): column is SourceColumn => {
		const { name } = members(column);
		return typeof name === 'string' && name !== '';
	};
	if (!Array.isArray(columns) || !columns.every(isColumn)) {
		throw invalid('params.columns', 'it must be a list of columns with their names');
	}
	return columns;
}
