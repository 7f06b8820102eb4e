import { asObject } from '../http/jsonBody.mts';
import type { EmulatorState } from '../state.mts';
import type { StoredResource } from './schemaStore.mts';
import { invalidResource } from './xdmErrors.mts';
import { fieldAt } from './xdmField.mts';

const TAGS = 'meta:immutableTags';

/** Whether a schema is enabled for Profile: flow-service-more.md 6.1. */
export function isUnion({ definition }: Pick<StoredResource, 'definition'>): boolean {
	const tags = definition[TAGS];
	return Array.isArray(tags) && tags.includes('union');
}

/** Whether a JSON Patch is about a schema's place in the union. */
export function isAboutProfile(body: unknown): boolean {
	return (
		Array.isArray(body) &&
		body.some((one) => String(asObject(one)?.['path']).startsWith(`/${TAGS}`))
	);
}

/**
 * Enables a schema for Profile, which cannot be undone. That the same twice is taken, and nothing else beside it,
 * is ⚠UNV.
 */
export function enableForProfile(
	{ descriptors, schemas }: EmulatorState,
	schema: StoredResource,
	body: unknown,
): StoredResource {
	for (const { op, path, value } of readOperations(body)) {
		if (path !== `/${TAGS}`)
			throw invalidResource(`The path ${String(path)} is not taken with it.`);
		if (op !== 'add' || !Array.isArray(value) || !value.includes('union')) {
			throw invalidResource(`${TAGS} cannot be changed: a schema stays enabled for Profile.`);
		}
	}
	checkIdentity(descriptors, schema);
	if (isUnion(schema)) return schema;
	return schemas.change(schema, {
		...schema,
		definition: { ...schema.definition, [TAGS]: ['union'] },
	});
}

function readOperations(body: unknown): Array<Record<string, unknown>> {
	const operations = Array.isArray(body) ? body.map(asObject) : [];
	const isWhole = operations.length > 0 && operations.every((one) => one !== undefined);
	if (!isWhole) throw invalidResource('The body must be a list of operations.');
	return operations as Array<Record<string, unknown>>;
}

/** flow-service-more.md 6.1: a primary identity, or `identityMap`. The number of the error is ⚠UNV. */
function checkIdentity(
	descriptors: EmulatorState['descriptors'],
	{ $id, fields }: StoredResource,
): void {
	if (fieldAt(fields, 'identityMap') !== undefined) return;
	if (descriptors.primaryOf($id) !== undefined) return;
	throw invalidResource('A schema without a primary identity cannot be enabled for Profile.');
}
