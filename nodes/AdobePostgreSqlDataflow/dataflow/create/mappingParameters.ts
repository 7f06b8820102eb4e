import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { Mapping } from '../../../adobe/mappingSets';
import { SOURCE_TYPES } from '../../../adobe/mappingSets';
import type { ItemParameters } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import { asText, isNothing, nothingGiven } from '../../../operation/values';
import { asRecord, textOf } from '../../../platform/json';

const EXISTING_DATASET = { datasetSource: ['existing'] };

/** It shows the form, and is refused as it is: names of a table or a schema would be guesses. */
const FORM = `[
  { "source": "", "destination": "", "sourceType": "ATTRIBUTE" }
]`;

const EXAMPLE = `[
  { "source": "id", "destination": "_id" },
  { "source": "concat(first_name, \\" \\", last_name)", "destination": "person.name.fullName", "sourceType": "EXPRESSION" }
]`;

/** The ways to say what goes where. */
export const MAPPING_WAYS = [
	{
		name: 'Automatic by Column Name',
		value: 'automatic' as const,
		description:
			'A column goes into the field of the same name; columns without one are left out, and named on the output with the field that they may stand for',
	},
	{
		name: 'Field by Field',
		value: 'fields' as const,
		description:
			'Choose the column for each field of the dataset, beginning with what the names tell',
	},
	{
		name: 'JSON',
		value: 'json' as const,
		description: 'A list with calculated fields, e.g. by expression or from an AI model',
	},
];

export type MappingWay = (typeof MAPPING_WAYS)[number]['value'];

const mappingParameter = choiceParameter({
	displayName: 'Mapping',
	name: 'mapping',
	type: 'options',
	displayOptions: { show: EXISTING_DATASET },
	options: MAPPING_WAYS,
	default: 'automatic',
	description: 'How the columns of the table get into the fields of the dataset',
});

export const fieldsParameter: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	required: true,
	displayOptions: { show: { ...EXISTING_DATASET, mapping: ['fields'] } },
	description:
		'The column for each field. What the names of the columns tell is filled in: check it. Fields without a column stay empty; Add Field brings the others.',
	typeOptions: {
		loadOptionsDependsOn: ['dataset.value', 'connectionId.value', 'table.value'],
		resourceMapper: {
			resourceMapperMethod: 'getDatasetFields',
			mode: 'add',
			fieldWords: { singular: 'field', plural: 'fields' },
			valuesLabel: 'Column for each field',
			addAllFields: true,
			multiKeyMatch: false,
			supportAutoMap: false,
		},
	},
};

export const mappingsParameter: INodeProperties = {
	displayName: 'Mappings',
	name: 'mappings',
	type: 'json',
	default: FORM,
	required: true,
	displayOptions: { show: { ...EXISTING_DATASET, mapping: ['json'] } },
	description:
		'A list of objects with source, destination (dotted path of a field) and sourceType: ATTRIBUTE for a column (the default), EXPRESSION for a calculation in the language of Adobe Data Prep, STATIC for a fixed text',
};

/** What of the table goes into which field of the dataset. */
export const mappingParameters: INodeProperties[] = [
	mappingParameter,
	fieldsParameter,
	mappingsParameter,
];

/** `automatic`, or the mapping that was given. */
export type WantedMapping = 'automatic' | Mapping[];

/** @throws UserError for what can't be a mapping */
export function readMapping(parameters: ItemParameters): WantedMapping {
	return readMappingBy(parameters, parameters.choice(mappingParameter));
}

/** @throws UserError as `readMapping` */
export function readMappingBy(parameters: ItemParameters, way: MappingWay): WantedMapping {
	if (way === 'automatic') return way;
	const parameter = way === 'fields' ? fieldsParameter : mappingsParameter;
	const mappings =
		way === 'fields' ? readFields(parameters) : readList(parameters.raw(mappingsParameter));
	if (mappings.length > 0) return mappings;
	throw new UserError(`'${parameter.displayName}' is empty`, {
		description: 'Map one column to a field at the least, or choose an automatic mapping.',
	});
}

/** The resource mapper's `{ value: { [path]: column } }`; what is empty by hand is left out. */
function readFields(parameters: ItemParameters): Mapping[] {
	const chosen = asRecord(asRecord(parameters.raw(fieldsParameter))?.value) ?? {};
	return Object.entries(chosen).flatMap(([destination, column]): Mapping[] => {
		if (isNothing(column)) {
			if (!parameters.isExpression(fieldsParameter, 'value', destination)) return [];
			throw nothingGiven(destination);
		}
		const source = asText(column, destination).trim();
		return [{ sourceType: 'ATTRIBUTE', source, destination }];
	});
}

/** @throws UserError for what is no list of mappings */
export function readList(value: unknown): Mapping[] {
	if (isNothing(value)) return [];
	const list = typeof value === 'string' ? parse(value) : value;
	if (!Array.isArray(list)) {
		throw new UserError("'Mappings' is not a list in JSON", {
			description: `Give a list of objects with source and destination, e.g. ${EXAMPLE}`,
		});
	}
	return list.map((entry: unknown, index) => readEntry(asRecord(entry), index));
}

const MEMBERS = ['source', 'destination', 'sourceType'];

function readEntry(entry: Record<string, unknown> | undefined, index: number): Mapping {
	const unknown = Object.keys(entry ?? {}).filter((name) => !MEMBERS.includes(name));
	if (unknown.length > 0) {
		throw new UserError(
			`Entry ${index} of 'Mappings' has what no mapping has: ${unknown.join(', ')}`,
			{
				description: `A mapping has ${MEMBERS.join(', ')} and nothing else, and upper and lower case count. What is an identity is said by the schema.`,
			},
		);
	}
	const source = fixedText(entry?.source);
	const destination = textOf(entry?.destination)?.trim();
	if (source === undefined || destination === undefined) {
		throw new UserError(`Entry ${index} of 'Mappings' has no source or no destination`, {
			description: `Each entry is an object with source (a column or a calculation) and destination (the path of a field), both texts, e.g. ${EXAMPLE}`,
		});
	}
	const given = entry !== undefined && 'sourceType' in entry ? entry.sourceType : 'ATTRIBUTE';
	const sourceType = SOURCE_TYPES.find((type) => type === String(given).trim().toUpperCase());
	if (sourceType === undefined) {
		throw new UserError(`Entry ${index} of 'Mappings' has a sourceType that does not exist`, {
			description: `Use one of these: ${SOURCE_TYPES.join(', ')}.`,
		});
	}
	return { sourceType, source: sourceType === 'ATTRIBUTE' ? source.trim() : source, destination };
}

/** A static value may be a number or a boolean in JSON. */
function fixedText(source: unknown): string | undefined {
	if (typeof source === 'number' || typeof source === 'boolean') return String(source);
	return textOf(source);
}

/** Undefined for invalid JSON. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
