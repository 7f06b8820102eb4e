import type { ApiRequest } from '../http/routes.mts';
import { asObject, jsonBody } from '../http/jsonBody.mts';
import type { EmulatorState } from '../state.mts';
import { viewResource } from './resourceView.mts';
import { admit, find } from './schemaRegistry.mts';
import type { StoredResource } from './schemaStore.mts';
import { invalidResource } from './xdmErrors.mts';
import { fieldAt } from './xdmField.mts';

const TAGS = 'meta:immutableTags';

/** Whether a schema is enabled for Profile: flow-service-more.md 6.1. */
export function isUnion({ definition }: Pick<StoredResource, 'definition'>): boolean {
	const tags = definition[TAGS];
	return Array.isArray(tags) && tags.includes('union');
}

/**
 * `PATCH /tenant/schemas/{id}`: enables a schema for Profile, which cannot be undone; nothing else is
 * implemented. That the same twice is taken is ⚠UNV.
 */
export function patchSchema(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'Manage Schemas');
	const schema = find(state, caller, 'tenant', 'schemas', request.params.id ?? '');
	for (const operation of readOperations(jsonBody(request))) {
		const { op, path, value } = operation;
		if (path !== `/${TAGS}`) throw invalidResource(`The path ${String(path)} is not implemented.`);
		if (op !== 'add' || !Array.isArray(value) || !value.includes('union')) {
			throw invalidResource(`${TAGS} cannot be changed: a schema stays enabled for Profile.`);
		}
		checkIdentity(state, schema);
		if (isUnion(schema)) continue;
		schema.definition = { ...schema.definition, [TAGS]: value };
		schema.version = '1.1';
	}
	return viewResource(schema, 'xed');
}

function readOperations(body: unknown): Array<Record<string, unknown>> {
	const operations = Array.isArray(body) ? body.map(asObject) : [];
	const isWhole = operations.length > 0 && operations.every((one) => one !== undefined);
	if (!isWhole) throw invalidResource('The body must be a list of operations.');
	return operations as Array<Record<string, unknown>>;
}

/** flow-service-more.md 6.1: a primary identity, or `identityMap`. The number of the error is ⚠UNV. */
function checkIdentity({ descriptors }: EmulatorState, { $id, fields }: StoredResource): void {
	if (fieldAt(fields, 'identityMap') !== undefined) return;
	if (descriptors.primaryOf($id) !== undefined) return;
	throw invalidResource('A schema without a primary identity cannot be enabled for Profile.');
}
