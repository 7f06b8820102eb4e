import { asObject } from '../http/jsonBody.mts';
import {
	type FieldType,
	fieldAt,
	typeOfField,
	type XdmField,
} from '../schemaRegistry/xdmField.mts';
import { convertValue } from './convertValue.mts';
import { compileExpression, type ResultType } from './expression.mts';
import type { Mapping } from './mappingSetStore.mts';
import { pathOf } from './readColumn.mts';

/** What is wrong with a mapping; the names of the members are those of Adobe's API description. */
export interface TransformError {
	sourceType: Mapping['sourceType'];
	source: string;
	destination: string;
	exception: string;
}

/** flow-service.md 6.1: `errors` is null for a mapping that is right. */
export interface MappingVerdict {
	status: 'SUCCESS' | 'FAILED';
	errors: TransformError[] | null;
}

/** Which types a field accepts besides its own; what Data Prep converts by itself is ⚠UNV. */
const TAKES: Record<FieldType, ResultType[]> = {
	string: ['string', 'integer', 'number', 'boolean', 'date', 'date-time'],
	integer: ['integer', 'string'],
	number: ['number', 'integer', 'string'],
	boolean: ['boolean', 'string'],
	date: ['date', 'date-time', 'string'],
	'date-time': ['date-time', 'date', 'string'],
	array: ['array'],
	object: ['object'],
};

/**
 * Judges every mapping: its destination is a field of the schema and of no other mapping, its
 * expression can be read, and its type is one that the field accepts.
 *
 * @param fields of the schema
 * @param inputSchema `inputSchema` of the mapping set; with its `jsonSchema` columns are checked too
 */
export function validateMappings(
	mappings: readonly Mapping[],
	fields: XdmField,
	inputSchema?: object,
): MappingVerdict[] {
	const columns = asObject(asObject(asObject(inputSchema)?.['jsonSchema'])?.['properties']);
	return mappings.map((mapping, index) => {
		const { sourceType, source, destination } = mapping;
		const isTaken = mappings.slice(0, index).some((other) => other.destination === destination);
		const field = fieldAt(fields, destination);
		const exceptions = [
			...(isTaken ? [`The field ${destination} is the destination of another mapping`] : []),
			...(field === undefined
				? [`The field ${destination} does not exist in the schema`, ...misread(mapping, columns)]
				: misfits(mapping, field, columns)),
		];
		if (exceptions.length === 0) return { status: 'SUCCESS', errors: null };
		const errors = exceptions.map((exception) => ({ sourceType, source, destination, exception }));
		return { status: 'FAILED', errors };
	});
}

/** The mappings whose expression cannot even be read, independent of the schema. */
export function unreadable(mappings: readonly Mapping[]): TransformError[] {
	return mappings
		.filter(({ sourceType }) => sourceType === 'EXPRESSION')
		.flatMap((mapping) => {
			const { sourceType, source, destination } = mapping;
			return misread(mapping, undefined).map((exception) => ({
				sourceType,
				source,
				destination,
				exception,
			}));
		});
}

type Columns = Record<string, unknown> | undefined;

/** What is wrong with a source by itself. */
function misread(mapping: Mapping, columns: Columns): string[] {
	const result = typeOfSource(mapping, columns);
	return typeof result === 'string' ? [] : result.exceptions;
}

/** What is wrong with a source, and with it in that field. */
function misfits(mapping: Mapping, field: XdmField, columns: Columns): string[] {
	const { source, sourceType, destination } = mapping;
	const wanted = typeOfField(field);
	if (sourceType === 'STATIC') {
		try {
			convertValue(source, field);
			return [];
		} catch {
			return [`The value cannot be converted to ${wanted} of ${destination}`];
		}
	}
	const result = typeOfSource(mapping, columns);
	if (typeof result !== 'string') return result.exceptions;
	if (result === 'any' || TAKES[wanted].includes(result)) return [];
	return [`The type ${result} cannot be converted to ${wanted} of ${destination}`];
}

function typeOfSource(
	{ source, sourceType }: Mapping,
	columns: Columns,
): ResultType | { exceptions: string[] } {
	if (sourceType === 'STATIC') return 'any';
	if (sourceType === 'ATTRIBUTE') {
		const path = pathOf(source);
		const missing = missingColumns([path], columns);
		return missing.length > 0 ? { exceptions: missing } : typeOfColumn(path, columns);
	}
	try {
		const expression = compileExpression(source, (path) => typeOfColumn(path, columns));
		const missing = missingColumns(expression.columns, columns);
		return missing.length > 0 ? { exceptions: missing } : expression.type;
	} catch (error) {
		return { exceptions: [error instanceof Error ? error.message : 'It cannot be read'] };
	}
}

function missingColumns(paths: string[][], columns: Columns): string[] {
	if (columns === undefined) return [];
	const unknown = paths.filter(([root = '']) => !Object.hasOwn(columns, root));
	return unknown.map((path) => `The source has no field ${path.join('.')}`);
}

function typeOfColumn([name = '', ...members]: string[], columns: Columns): ResultType {
	const isKnown = columns !== undefined && members.length === 0 && Object.hasOwn(columns, name);
	const column = isKnown ? asObject(columns[name]) : undefined;
	const type = column?.['type'];
	if (column === undefined || typeof type !== 'string' || !Object.hasOwn(TAKES, type)) return 'any';
	return typeOfField(column as unknown as XdmField);
}
