import type { ItemClient } from '../../platform/client';
import { asRecord, recordsOf, textOf } from '../../platform/json';
import type { PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';
import { sendOnce } from '../lostWrites/sendOnce';
import type { SchemaField, SchemaPart } from '../schemas';
import { findTitledParts, LISTED, readSchemaFields, TENANT } from '../schemas';

/** A schema or field group as its list shows it: as it was sent, with its references. */
export interface WrittenPart {
	id: string;
	title?: string;
	description?: string;
	/** The IDs of what it is made of. */
	references: string[];
	/** Of a field group that was made from a table. */
	table?: { fields: SchemaField[] };
}

/** The definition of a field group that `tableSchema` makes holds all of its fields under this name. */
const DEFINITION = 'table';

/** `GET /tenant/{part}` with exactly one of these titles, page by page. */
export async function findWrittenParts(
	client: ItemClient,
	part: SchemaPart,
	titles: readonly string[],
): Promise<WrittenPart[]> {
	return await findTitledParts(client, part, titles, readPart);
}

function readPart(value: unknown): WrittenPart[] {
	const record = asRecord(value);
	const id = textOf(record?.$id);
	if (id === undefined) return [];
	const definition = asRecord(asRecord(record?.definitions)?.[DEFINITION]);
	return [
		{
			id,
			title: textOf(record?.title),
			description: textOf(record?.description),
			references: recordsOf(record?.allOf).flatMap(({ $ref }) => textOf($ref) ?? []),
			...(definition === undefined ? {} : { table: { fields: readSchemaFields(definition) } }),
		},
	];
}

/** A field that a field group lacks, in the form of JSON Schema. */
export interface NewField {
	name: string;
	definition: unknown;
}

/**
 * Adds fields below the organization's own name to a field group that was made from a table:
 * `PATCH /tenant/fieldgroups/{$id}`, 200 with the whole of it. Fields that are there already stay, so it
 * does no harm when it is done twice. Adobe takes nothing away again.
 *
 * @param tenantId without its underscore
 */
export async function addFields(
	client: ItemClient,
	id: string,
	tenantId: string,
	fields: readonly NewField[],
): Promise<void> {
	const missing = async () => {
		const present = await readFieldNames(client, id, tenantId);
		return fields.filter(({ name }) => !present.includes(name));
	};
	let wanted = fields;
	await sendOnce<void>(client, {
		repeatable: true,
		send: async () => {
			if (wanted.length > 0) await patchFields(client, id, tenantId, wanted);
		},
		async find() {
			wanted = await missing();
			return wanted.length === 0 ? { done: undefined } : undefined;
		},
		unclear: (unknown) =>
			unknown
				.leadingTo('It is not clear whether Adobe has added the fields to the field group')
				.advising('Execute the node again; adding them twice is safe.'),
	});
}

async function patchFields(
	client: ItemClient,
	id: string,
	tenantId: string,
	fields: readonly NewField[],
): Promise<void> {
	await client.request({
		method: 'PATCH',
		path: [...TENANT, 'fieldgroups', id],
		headers: { Accept: LISTED },
		body: fields.map(({ name, definition }) => ({
			op: 'add',
			path: `${pointerTo(tenantId)}/${name}`,
			value: definition,
		})),
		operation: 'Update a field group',
		permission: 'Manage Schemas',
		subject: `The field group '${id}'`,
	});
}

async function readFieldNames(client: ItemClient, id: string, tenantId: string): Promise<string[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...TENANT, 'fieldgroups', id],
		headers: { Accept: 'application/vnd.adobe.xed+json;version=1' },
		operation: 'Get a field group',
		permission: 'View Schemas',
		subject: `The field group '${id}'`,
	};
	return await requestValue(client, request, 'fields of a table in "definitions"', (body) => {
		const definition = asRecord(asRecord(asRecord(body)?.definitions)?.[DEFINITION]);
		const own = asRecord(asRecord(definition?.properties)?.[`_${tenantId}`]);
		const properties = asRecord(own?.properties);
		return properties === undefined ? undefined : Object.keys(properties);
	});
}

function pointerTo(tenantId: string): string {
	return `/definitions/${DEFINITION}/properties/_${tenantId}/properties`;
}
