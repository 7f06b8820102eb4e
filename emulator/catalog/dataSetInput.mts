import { asObject } from '../http/jsonBody.mts';
import { badRequest } from '../http/platformError.mts';
import type { ChangeableDataSet, NewDataSet } from './dataSetStore.mts';

/** flow-service.md 6.2: the kinds that its samples and 5.2 show. */
const CONTENT_TYPE =
	/^application\/vnd\.adobe\.xed(-full)?(-notext)?\+json\s*;\s*version=1(\.\d+)?$/;

/**
 * Checks the body of a create request: flow-service.md 6.2.
 *
 * @param findSchema the `$id` of a schema that the caller can see
 * @throws PlatformError 400
 */
export function readDataSet(
	body: unknown,
	findSchema: (id: string) => string | undefined,
): Pick<NewDataSet, 'name' | 'description' | 'schemaRef' | 'tags'> {
	const { name, description, schemaRef, tags = {} } = asObject(body) ?? {};
	const { id, contentType } = asObject(schemaRef) ?? {};
	if (typeof name !== 'string' || name.trim() === '') throw badRequest('The name is missing.');
	if (typeof id !== 'string' || typeof contentType !== 'string') {
		throw badRequest('schemaRef must have an id and a contentType.');
	}
	if (!CONTENT_TYPE.test(contentType)) {
		throw badRequest(`The contentType ${contentType} of schemaRef is not valid.`);
	}
	const schemaId = findSchema(id);
	if (schemaId === undefined) throw badRequest(`The schema ${id} of schemaRef does not exist.`);
	return {
		name,
		...(typeof description === 'string' && { description }),
		schemaRef: { id: schemaId, contentType },
		tags: readTags(tags),
	};
}

/**
 * Reads a PATCH: the members to change, or JSON Patch operations on them: flow-service.md 6.2.
 *
 * @throws PlatformError 400
 */
export function readChanges(body: unknown): ChangeableDataSet {
	const given = Array.isArray(body) ? fromOperations(body) : (asObject(body) ?? {});
	const { name, description, tags, ...others } = given;
	const [other] = Object.keys(others);
	if (other !== undefined) throw badRequest(`The property ${other} cannot be changed.`);
	if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
		throw badRequest('The name must be a text.');
	}
	if (description !== undefined && typeof description !== 'string') {
		throw badRequest('The description must be a text.');
	}
	return {
		...(name !== undefined && { name }),
		...(description !== undefined && { description }),
		...(tags !== undefined && { tags: readTags(tags) }),
	};
}

function fromOperations(operations: unknown[]): Record<string, unknown> {
	const changes = operations.map((operation): [string, unknown] => {
		const { op, path, value } = asObject(operation) ?? {};
		const member = typeof path === 'string' ? /^\/(\w+)$/.exec(path)?.[1] : undefined;
		if ((op !== 'add' && op !== 'replace') || member === undefined) {
			throw badRequest('An operation must add or replace a property.');
		}
		return [member, value];
	});
	return Object.fromEntries(changes);
}

/** flow-service.md 6.2: arrays of strings by name. */
function readTags(value: unknown): Record<string, string[]> {
	const tags = asObject(value);
	const isStringArray = (one: unknown) =>
		Array.isArray(one) && one.every((item) => typeof item === 'string');
	if (tags === undefined || !Object.values(tags).every(isStringArray)) {
		throw badRequest('tags must be lists of texts by name.');
	}
	return tags as Record<string, string[]>;
}
