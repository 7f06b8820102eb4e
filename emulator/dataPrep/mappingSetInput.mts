import { asObject } from '../http/jsonBody.mts';
import { badRequest } from '../http/platformError.mts';
import type { StoredSchema } from '../schemaRegistry/schemaStore.mts';
import { type Mapping, type NewMappingSet, SOURCE_TYPES } from './mappingSetStore.mts';

/** What GET shows of an attribute, which a client may send back: flow-service.md 6.1. */
export const ATTRIBUTE_ECHO = 'text/x.schema-path';

/**
 * Reads a mapping set in either of the two forms of flow-service.md 6.1.
 *
 * @param findSchema a schema that the caller can see
 * @throws PlatformError 400, as flow-service.md 6.1 has it for an invalid mapping
 */
export function readMappingSet(
	body: unknown,
	findSchema: (id: string) => StoredSchema | undefined,
): { set: NewMappingSet; schema: StoredSchema } {
	const given = asObject(body) ?? {};
	const { id, contentType } = asObject(asObject(given['outputSchema'])?.['schemaRef']) ?? {};
	const [schemaId, schemaVersion] = [id ?? given['xdmSchema'], contentType ?? given['xdmVersion']];
	if (typeof schemaId !== 'string') {
		throw badRequest('The mapping set names no schema: outputSchema.schemaRef.id is missing.');
	}
	const schema = findSchema(schemaId);
	if (schema === undefined) throw badRequest(`The schema ${schemaId} is not found.`);
	if (typeof schemaVersion !== 'string' || !/^(.*version=)?1(\.0)?$/.test(schemaVersion)) {
		throw badRequest(`The version of the schema is not available: ${String(schemaVersion)}.`);
	}
	const mappings: unknown = given['mappings'];
	if (!Array.isArray(mappings) || mappings.length === 0) {
		throw badRequest('The mapping set has no mappings.');
	}
	const { name, inputSchema } = given;
	const set: NewMappingSet = {
		...(typeof name === 'string' && { name }),
		schemaId: schema.$id,
		schemaVersion,
		...(asObject(inputSchema) !== undefined && { inputSchema: inputSchema as object }),
		mappings: mappings.map(readMapping),
	};
	return { set, schema };
}

/** @throws PlatformError 400 */
function readMapping(value: unknown, index: number): Mapping {
	const given = asObject(value) ?? {};
	const source = given['source'] ?? given['sourceAttribute'];
	const destination = given['destination'] ?? given['destinationXdmPath'];
	const named = given['sourceType'] ?? 'ATTRIBUTE';
	const sourceType = SOURCE_TYPES.find((type) => type === named);
	const type = named === ATTRIBUTE_ECHO ? 'ATTRIBUTE' : sourceType;
	const at = `mappings[${index}]`;
	if (type === undefined) {
		throw badRequest(`${at}: sourceType must be one of ${SOURCE_TYPES.join(', ')}.`);
	}
	if (typeof source !== 'string' || (source.trim() === '' && type !== 'STATIC')) {
		throw badRequest(`${at}: source is missing.`);
	}
	if (typeof destination !== 'string' || destination.trim() === '') {
		throw badRequest(`${at}: destination is missing.`);
	}
	const { name, description } = given;
	return {
		sourceType: type,
		source,
		destination,
		...(typeof name === 'string' && { name }),
		...(typeof description === 'string' && { description }),
	};
}
