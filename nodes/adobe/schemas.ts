import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/errors/explain';
import { asIs, Problem } from '../platform/errors/problem';
import { arrayOf, asRecord, booleanOf, recordsOf, textOf } from '../platform/json';
import type { Page } from '../platform/pages';
import { collectPages } from '../platform/pages';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';
import { nameFilter } from './filters/nameFilter';

const SCHEMA_REGISTRY = ['data', 'foundation', 'schemaregistry'] as const;
/** Where an organization's own schemas and field groups are. */
export const TENANT = [...SCHEMA_REGISTRY, 'tenant'] as const;

/** The form of a schema with every reference resolved, version 1: how targets and mappings name it. */
export const FULL_SCHEMA = 'application/vnd.adobe.xed-full+json;version=1';

/** The form of descriptors in a list, whose family is another one. */
const LISTED_DESCRIPTORS = 'application/vnd.adobe.xdm+json';

const IDENTITY = 'xdm:descriptorIdentity';

/** The form of schemas in a list, which takes no version. */
export const LISTED = 'application/vnd.adobe.xed+json';

/** Schema Registry's greatest page. */
export const PAGE_SIZE = 500;

/** The two kinds of resources that are created in the Schema Registry. */
export type SchemaPart = 'fieldgroups' | 'schemas';

/** In messages. */
export const WORDS: Record<SchemaPart, string> = { fieldgroups: 'field group', schemas: 'schema' };

/** A schema, with the fields that a record of it may have. */
export interface Schema {
	/** The address `https://ns.adobe.com/TENANT/schemas/HASH`. */
	id: string;
	title?: string;
	fields: SchemaField[];
	/** As Adobe sends it, all references resolved. */
	raw: Record<string, unknown>;
}

/** A schema or field group as it is listed. */
export interface ListedPart {
	id: string;
	title?: string;
	description?: string;
}

/** `GET /tenant/schemas/{$id}` with all fields. */
export async function getSchema(client: ItemClient, id: string): Promise<Schema> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...TENANT, 'schemas', id],
		headers: { Accept: FULL_SCHEMA },
		operation: 'Get a schema',
		permission: 'View Schemas',
		subject: `The schema '${id}'`,
	};
	return await requestValue(client, request, 'the fields of a schema in "properties"', (body) => {
		const schema = asRecord(body);
		if (schema === undefined || asRecord(schema.properties) === undefined) return undefined;
		return { id, title: textOf(schema.title), fields: readSchemaFields(schema), raw: schema };
	});
}

/** A field whose values say whom a record is about. */
export interface Identity {
	/** Of its descriptor. */
	id?: string;
	/** `$id` of the schema. */
	schemaId?: string;
	/** Dotted path of the field. */
	path: string;
	/** E.g. `Email`. */
	namespace?: string;
	/** The one identity by which Real-Time Customer Profile stores a record. */
	isPrimary: boolean;
}

/** The identities of a schema. */
export async function listIdentities(client: ItemClient, schemaId: string): Promise<Identity[]> {
	return (await listAllIdentities(client)).filter((one) => one.schemaId === schemaId);
}

/** `GET /tenant/descriptors`: an array of descriptors for each type that there is, of all schemas. */
export async function listAllIdentities(client: ItemClient): Promise<Identity[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...TENANT, 'descriptors'],
		headers: { Accept: LISTED_DESCRIPTORS },
		operation: 'Get many descriptors',
		permission: 'View Schemas',
	};
	const descriptors = await requestValue(client, request, 'descriptors by their types', (body) => {
		const byType = asRecord(body);
		return byType === undefined ? undefined : recordsOf(byType[IDENTITY]);
	});
	return descriptors.flatMap((one) => {
		const property = textOf(one['xdm:sourceProperty']);
		if (property === undefined) return [];
		return [
			{
				id: textOf(one['@id']),
				schemaId: textOf(one['xdm:sourceSchema']),
				path: property.replace(/^\//, '').replaceAll('/', '.'),
				namespace: textOf(one['xdm:namespace']),
				isPrimary: booleanOf(one['xdm:isPrimary']) ?? false,
			},
		];
	});
}

/** `GET /stats`: the tenant ID, below which an organization's own fields are, without underscore. */
export async function getTenantId(client: ItemClient): Promise<string> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...SCHEMA_REGISTRY, 'stats'],
		// AEP's other forms need a version here, this one is taken by all reads without one.
		headers: { Accept: LISTED },
		operation: "Read the organization's tenant ID",
		permission: 'View Schemas',
	};
	const tenantId = await requestValue(client, request, 'a "tenantId"', (body) =>
		textOf(asRecord(body)?.tenantId),
	);
	return tenantId.replace(/^_/, '');
}

/** What Adobe answers where a resource of this kind has the title already. */
const TITLE_TAKEN = 'XDM-1521-400';

/** `POST /tenant/{part}`: 201 with the whole of it; its `$id`. */
export async function createSchemaPart(
	client: ItemClient,
	part: SchemaPart,
	body: { title: string; [member: string]: unknown },
): Promise<string> {
	const request: PlatformRequest = {
		method: 'POST',
		path: [...TENANT, part],
		headers: { Accept: LISTED },
		body,
		operation: `Create a ${WORDS[part]}`,
		permission: 'Manage Schemas',
	};
	return await requestValue(client, request, `the "$id" of the ${WORDS[part]}`, (body) =>
		textOf(asRecord(body)?.$id),
	).catch((error: unknown) => {
		if (!(error instanceof Problem) || error.details.code !== TITLE_TAKEN) throw asIs(error);
		throw error
			.retitled(`A ${WORDS[part]} with the title '${body.title}' already exists`)
			.advising(
				'If another execution is making the same, execute this one again when that has ended. Otherwise delete it in Experience Platform under Schemas, or give the dataset another name.',
			);
	});
}

/** `GET /tenant/{part}` with exactly this title, page by page. */
export async function findSchemaParts(
	client: ItemClient,
	part: SchemaPart,
	title: string,
): Promise<ListedPart[]> {
	return await findTitledParts(client, part, [title], readListed);
}

/**
 * `GET /tenant/{part}` with exactly one of these titles, page by page.
 *
 * @param read what is of interest of one record of the list; none where it is unreadable
 */
export async function findTitledParts<T extends { title?: string }>(
	client: ItemClient,
	part: SchemaPart,
	titles: readonly string[],
	read: (record: unknown) => T[],
): Promise<T[]> {
	return await collectPages(async (start) => {
		const page = await listSchemaParts(client, part, nameFilter('title', titles), start, read);
		const isWanted = ({ title }: T) => title !== undefined && titles.includes(title);
		return { ...page, items: page.items.filter(isWanted) };
	});
}

/** The titles of the schemas of a sandbox by their IDs, as many as a page holds. */
export async function listSchemaTitles(client: ItemClient): Promise<Map<string, string>> {
	const { items } = await listSchemaParts(client, 'schemas', [], undefined, readListed);
	return new Map(items.flatMap(({ id, title }) => (title === undefined ? [] : [[id, title]])));
}

/** One page of `GET /tenant/{part}`; Adobe takes `limit` and `start` with an order alone. */
async function listSchemaParts<T>(
	client: ItemClient,
	part: SchemaPart,
	filters: readonly string[],
	start: string | undefined,
	read: (record: unknown) => T[],
): Promise<Page<T>> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...TENANT, part],
		query: [
			...filters.map((filter) => ['property', filter] as const),
			['orderby', 'title'],
			['limit', String(PAGE_SIZE)],
			...(start === undefined ? [] : [['start', start] as const]),
		],
		headers: { Accept: LISTED },
		operation: `Get many ${WORDS[part]}s`,
		permission: 'View Schemas',
	};
	const answer = await client.request(request);
	const results = asRecord(answer.body)?.results;
	if (!Array.isArray(results)) throw unexpectedBody(request, answer, 'a list in "results"');
	return {
		items: results.flatMap(read),
		next: textOf(asRecord(asRecord(answer.body)?._page)?.next),
	};
}

/** `DELETE /tenant/{part}/{$id}`: 204. Refused while something uses it. */
export async function deleteSchemaPart(
	client: ItemClient,
	part: SchemaPart,
	id: string,
): Promise<void> {
	await client.request({
		method: 'DELETE',
		path: [...TENANT, part, id],
		operation: `Delete a ${WORDS[part]}`,
		permission: 'Manage Schemas',
		subject: `The ${WORDS[part]} '${id}'`,
	});
}

function readListed(value: unknown): ListedPart[] {
	const record = asRecord(value);
	const id = textOf(record?.$id);
	if (id === undefined) return [];
	return [{ id, title: textOf(record?.title), description: textOf(record?.description) }];
}

/** What a field can hold, as far as it matters for a mapping. */
export type FieldType =
	| 'string'
	| 'integer'
	| 'number'
	| 'boolean'
	| 'date'
	| 'date-time'
	| 'other';

/** A field of a schema that holds a value, and not only further fields. */
export interface SchemaField {
	/** Dotted, e.g. `person.name.fullName`. */
	path: string;
	type: FieldType;
	title?: string;
	/** Whether a record without it is rejected. */
	required: boolean;
	/** The path of the object that can't be there without it, where that one need not be there itself. */
	requiredIn?: string;
}

// No schema of Adobe's is nested deeper; a schema that refers to itself must come to an end.
const MAX_DEPTH = 20;

/**
 * The fields of a schema with all references resolved (Schema Registry's `xed-full` form), in their
 * order. A field below one that need not be there is required only where that one is there.
 */
export function readSchemaFields(schema: unknown): SchemaField[] {
	return fieldsBelow(schema, '', '', MAX_DEPTH);
}

/** @param neededIn the path of the object that needs this one, '' for the record as a whole */
function fieldsBelow(
	node: unknown,
	prefix: string,
	neededIn: string,
	depth: number,
): SchemaField[] {
	const record = asRecord(node);
	const properties = asRecord(record?.properties);
	if (properties === undefined || depth === 0) return [];
	const required = arrayOf(record?.required);
	return Object.entries(properties).flatMap(([name, child]) => {
		const path = prefix === '' ? name : `${prefix}.${name}`;
		const isRequired = required.includes(name);
		if (asRecord(asRecord(child)?.properties) !== undefined) {
			return fieldsBelow(child, path, isRequired ? neededIn : path, depth - 1);
		}
		return [
			{
				path,
				type: typeOf(child),
				title: textOf(asRecord(child)?.title),
				required: isRequired && neededIn === '',
				...(isRequired && neededIn !== '' ? { requiredIn: neededIn } : {}),
			},
		];
	});
}

function typeOf(field: unknown): FieldType {
	const record = asRecord(field);
	const format = record?.format;
	switch (record?.type) {
		case 'string':
			return format === 'date' || format === 'date-time' ? format : 'string';
		case 'integer':
		case 'number':
		case 'boolean':
			return record.type;
		default:
			return 'other';
	}
}
