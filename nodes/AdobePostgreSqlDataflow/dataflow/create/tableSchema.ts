import type { SourceColumn } from '../../../adobe/tables';
import type { Mapping } from '../../../adobe/mappingSets';
import { sourceOfColumn } from '../../../adobe/mappingSets';
import { columnType } from '../columns';

/** What records of the schema are about; an event has an ID and a time of its own. */
export const SCHEMA_CLASSES = {
	profile: 'https://ns.adobe.com/xdm/context/profile',
	experienceEvent: 'https://ns.adobe.com/xdm/context/experienceevent',
} as const;

export type SchemaClass = keyof typeof SCHEMA_CLASSES;

export interface TableSchemaInput {
	/** Title of the schema. */
	name: string;
	/** Stored in the descriptions of field group and schema, to find them by. */
	marker: string;
	columns: readonly SourceColumn[];
	schemaClass: SchemaClass;
	/** Without its underscore. */
	tenantId: string;
	/** For events: the columns that `_id` and `timestamp` are taken from. */
	event?: { idColumn: string; timestampColumn: string };
}

export interface TableSchema {
	/** What `POST /tenant/fieldgroups` takes. */
	fieldGroup: { title: string; description: string; [member: string]: unknown };
	/** What `POST /tenant/schemas` takes, given the `$id` of the field group. */
	schemaFor(fieldGroupId: string): {
		title: string;
		description: string;
		[member: string]: unknown;
	};
	/** Every column into its field. */
	mappings: Mapping[];
	/** The fields below the organization's own name, each for a column. */
	fieldsByName: Record<string, unknown>;
}

// What XDM calls a long: an int would be too small for PostgreSQL's bigint, and explore shows no width.
const LONG = { minimum: -9007199254740992, maximum: 9007199254740992 };

/**
 * An XDM schema that fits a table: one field for each column, in camel case, below the
 * organization's own name, in a field group of its own.
 */
export function tableSchema(input: TableSchemaInput): TableSchema {
	const { name, marker, columns, tenantId, event } = input;
	const classId = SCHEMA_CLASSES[input.schemaClass];
	const names = fieldNames(columns.map((column) => column.name));
	const tenant = `_${tenantId}`;
	const own = columns.map((column, index): Mapping => {
		return {
			sourceType: 'ATTRIBUTE',
			source: sourceOfColumn(column.name),
			destination: `${tenant}.${names[index] ?? column.name}`,
		};
	});
	const properties = Object.fromEntries(
		columns.map((column, index) => [
			names[index] ?? column.name,
			{ ...fieldFor(column), title: column.name },
		]),
	);
	return {
		fieldGroup: {
			type: 'object',
			title: `${name} fields`,
			description: marker,
			'meta:intendedToExtend': [classId],
			definitions: {
				table: { properties: { [tenant]: { type: 'object', properties } } },
			},
			allOf: [{ $ref: '#/definitions/table' }],
		},
		schemaFor: (fieldGroupId) => ({
			type: 'object',
			title: name,
			description: marker,
			allOf: [{ $ref: classId }, { $ref: fieldGroupId }],
		}),
		mappings: [...(event === undefined ? [] : eventMappings(event)), ...own],
		fieldsByName: properties,
	};
}

function eventMappings(event: { idColumn: string; timestampColumn: string }): Mapping[] {
	return [
		{ sourceType: 'ATTRIBUTE', source: sourceOfColumn(event.idColumn), destination: '_id' },
		{
			sourceType: 'ATTRIBUTE',
			source: sourceOfColumn(event.timestampColumn),
			destination: 'timestamp',
		},
	];
}

function fieldFor(column: SourceColumn): Record<string, unknown> {
	const type = columnType(column);
	switch (type) {
		case 'integer':
			return { type, ...LONG };
		case 'number':
		case 'boolean':
			return { type };
		case 'date':
		case 'date-time':
			return { type: 'string', format: type };
		default:
			return { type: 'string' };
	}
}

/** One name for each column, each only once, as XDM takes them: letters and digits. */
function fieldNames(columns: readonly string[]): string[] {
	const used = new Set<string>();
	return columns.map((column, index) => {
		const wanted = camelCase(column) || `column${index + 1}`;
		let name = wanted;
		for (let count = 2; used.has(name.toLowerCase()); count++) name = `${wanted}${count}`;
		used.add(name.toLowerCase());
		return name;
	});
}

/** Letters of ASCII for those that Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
	ß: 'ss',
	ẞ: 'SS',
	æ: 'ae',
	Æ: 'AE',
	œ: 'oe',
	Œ: 'OE',
	ø: 'o',
	Ø: 'O',
	đ: 'd',
	Đ: 'D',
	ð: 'd',
	Ð: 'D',
	ł: 'l',
	Ł: 'L',
	þ: 'th',
	Þ: 'TH',
	ı: 'i',
};

function camelCase(column: string): string {
	const words = column
		.replace(/\P{ASCII}(?=(\p{Ll})?)/gu, (letter: string, lower?: string) => {
			const letters = LETTERS[letter] ?? letter;
			return lower === undefined ? letters : letters.charAt(0) + letters.slice(1).toLowerCase();
		})
		// Takes accents off their letters; what is no letter of ASCII then is left out.
		.normalize('NFKD')
		.replace(/\P{ASCII}/gu, '')
		.split(/[^A-Za-z0-9]+/)
		.filter((word) => word !== '');
	const name = words
		.map((word, index) => {
			// `CUSTOMER` is a word like any other, as is the `URL` of `URLPath`.
			const calm = /[a-z]/.test(word) ? word : word.toLowerCase();
			return index === 0
				? calm.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase())
				: calm.charAt(0).toUpperCase() + calm.slice(1);
		})
		.join('');
	return /^\d/.test(name) ? `column${name}` : name;
}
