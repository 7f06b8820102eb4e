import type { ItemClient } from '../platform/client';
import { asRecord, asRecords, recordsOf, textOf } from '../platform/json';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';
import { FULL_SCHEMA } from './schemas';

export const MAPPING_SETS = ['data', 'foundation', 'conversion', 'mappingSets'] as const;

/** Where a field's value comes from: a column, a calculation, or the text itself. */
export const SOURCE_TYPES = ['ATTRIBUTE', 'EXPRESSION', 'STATIC'] as const;

export interface Mapping {
	sourceType: (typeof SOURCE_TYPES)[number];
	source: string;
	/** Dotted path of a field of the schema. */
	destination: string;
}

/** Words of Data Prep's language (its functions guide): as names, they are written in `${…}`, too. */
const RESERVED = new Set(
	'new,mod,or,break,var,lt,for,false,while,eq,gt,div,not,null,continue,else,and,ne,true,le,if,ge,return,_errors,do,function,empty,size'.split(
		',',
	),
);

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/**
 * A column as Data Prep names it (its functions guide): one that is no identifier in `${…}`, and with a
 * backslash before a dot, which would else lead to a member: `${Order Id}`, `unit\.price`.
 */
export function sourceOfColumn(name: string): string {
	if (NAME.test(name)) return RESERVED.has(name) ? `\${${name}}` : name;
	const escaped = name.replace(/[\\.{}]/g, '\\$&');
	return name.split('.').every((part) => NAME.test(part)) ? escaped : `\${${escaped}}`;
}

/** What `POST /mappingSets` answers: the version is what a flow names the mapping by, too. */
export interface MappingSetReference {
	id: string;
	version: number;
}

/** How many of the newest mapping sets are looked through for one of our own. */
const MAX_SETS_LOOKED_THROUGH = 20;

/**
 * `POST /mappingSets/validate`: 200 `{ validationResponse: [{ status, errors }] }`; it writes nothing.
 *
 * @returns what Adobe holds against the mapping, [] when it is right
 * @throws Problem, also for a mapping that Adobe refuses to look at (400)
 */
export async function validateMappingSet(
	client: ItemClient,
	schemaId: string,
	mappings: readonly Mapping[],
): Promise<string[]> {
	const request: PlatformRequest = {
		method: 'POST',
		path: [...MAPPING_SETS, 'validate'],
		body: bodyFor(schemaId, mappings),
		onlyAsks: true,
		operation: 'Validate a mapping',
		permission: 'Manage Sources',
		subject: 'The mapping',
	};
	const responses = await requestValue(
		client,
		request,
		'a list in "validationResponse"',
		(body) => {
			const list = asRecord(body)?.validationResponse;
			return Array.isArray(list) ? list.map(asRecord) : undefined;
		},
	);
	return responses.flatMap((response) => {
		if (textOf(response?.status)?.toUpperCase() === 'SUCCESS') return [];
		const errors = errorTexts(response?.errors);
		return errors.length === 0 ? ['a mapping is not valid, without a reason'] : errors;
	});
}

/**
 * `POST /mappingSets`: 200 `{ id, version }`.
 *
 * @param marker for the first mapping's description, to find the set by
 */
export async function createMappingSet(
	client: ItemClient,
	schemaId: string,
	mappings: readonly Mapping[],
	marker: string,
): Promise<MappingSetReference> {
	const request: PlatformRequest = {
		method: 'POST',
		path: MAPPING_SETS,
		body: bodyFor(
			schemaId,
			mappings.map((mapping, index) =>
				index === 0 ? { ...mapping, description: marker } : mapping,
			),
		),
		operation: 'Create a mapping set',
		permission: 'Manage Sources',
	};
	return await requestValue(client, request, 'the ID of the mapping set', readReference);
}

/** A mapping as Adobe shows it: under other names of the types, at times, than it takes. */
export interface ShownMapping {
	/** Undefined for a name that is not known. */
	sourceType?: Mapping['sourceType'];
	source: string;
	destination: string;
}

/**
 * `GET /mappingSets/{id}`: 200 `{ mappings: [{ sourceType, source, destination }] }`.
 *
 * @param version the newest one by default
 */
export async function getMappings(
	client: ItemClient,
	id: string,
	version?: number,
): Promise<ShownMapping[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...MAPPING_SETS, id],
		...(version === undefined ? {} : { query: [['version', String(version)] as const] }),
		operation: 'Get a mapping set',
		permission: 'View Sources',
		subject: `The mapping set '${id}'`,
	};
	const mappings = await requestValue(client, request, 'a list in "mappings"', (body) =>
		asRecords(asRecord(body)?.mappings),
	);
	return mappings.map(
		({ sourceType, source, sourceAttribute, destination, destinationXdmPath }) => ({
			sourceType: readSourceType(sourceType),
			source: textOf(source) ?? textOf(sourceAttribute) ?? '',
			destination: textOf(destination) ?? textOf(destinationXdmPath) ?? '',
		}),
	);
}

/** What Adobe's samples call a column where they show one. */
const COLUMN_TYPE = 'text/x.schema-path';

function readSourceType(value: unknown): Mapping['sourceType'] | undefined {
	if (value === COLUMN_TYPE) return 'ATTRIBUTE';
	return SOURCE_TYPES.find((type) => type === textOf(value)?.toUpperCase());
}

/** The mapping sets with that marker among the newest ones. */
export async function findMappingSets(
	client: ItemClient,
	marker: string,
): Promise<MappingSetReference[]> {
	const newest = await listNewestMappingSets(client);
	return newest.filter(({ descriptions }) => descriptions.includes(marker));
}

export interface ListedMappingSet extends MappingSetReference {
	/** Of its mappings, where they have one. */
	descriptions: string[];
}

/** `GET /mappingSets`: 200 `{ data: […] }`. */
export async function listNewestMappingSets(client: ItemClient): Promise<ListedMappingSet[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: MAPPING_SETS,
		query: [
			['limit', String(MAX_SETS_LOOKED_THROUGH)],
			['start', '0'],
			['orderBy', '-createdDate'],
		],
		operation: 'Get many mapping sets',
		permission: 'View Sources',
	};
	const sets = await requestValue(client, request, 'a list in "data"', (body) =>
		asRecords(asRecord(body)?.data),
	);
	return sets.flatMap((set) => {
		const reference = readReference(set);
		if (reference === undefined) return [];
		const mappings = recordsOf(set.mappings);
		return [
			{ ...reference, descriptions: mappings.flatMap((one) => textOf(one.description) ?? []) },
		];
	});
}

/** `DELETE /mappingSets/{id}`, which public clients use though Adobe's API description lacks it. */
export async function deleteMappingSet(client: ItemClient, id: string): Promise<void> {
	await client.request({
		method: 'DELETE',
		path: [...MAPPING_SETS, id],
		operation: 'Delete a mapping set',
		permission: 'Manage Sources',
		subject: `The mapping set '${id}'`,
	});
}

export function bodyFor(schemaId: string, mappings: readonly object[]): object {
	return { outputSchema: { schemaRef: { id: schemaId, contentType: FULL_SCHEMA } }, mappings };
}

function readReference(body: unknown): MappingSetReference | undefined {
	const record = asRecord(body);
	const id = textOf(record?.id);
	return id === undefined ? undefined : { id, version: Number(record?.version ?? 0) };
}

/**
 * The form of an error is not documented for all of them: a string, an object with a message or, as
 * Adobe's API description has it, an `exception` beside the mapping that it is about, or a list.
 */
function errorTexts(errors: unknown): string[] {
	if (Array.isArray(errors)) return errors.flatMap(errorTexts);
	const record = asRecord(errors);
	const text =
		textOf(errors) ??
		textOf(record?.exception) ??
		textOf(record?.message) ??
		textOf(record?.errorMessage);
	if (text === undefined) return [];
	const source = textOf(record?.source);
	return [source === undefined || text.includes(source) ? text : `${text} (${source})`];
}
