import type { StoredSchema } from '../schemaRegistry/schemaStore.mts';
import { ATTRIBUTE_ECHO } from './mappingSetInput.mts';
import type { StoredMapping, StoredMappingSet } from './mappingSetStore.mts';

/** What a create is answered with: flow-service.md 6.1; times are epoch milliseconds. */
export function viewCreated(set: StoredMappingSet): Record<string, unknown> {
	const { id, version, createdAt, modifiedAt, createdBy, modifiedBy } = set;
	return {
		id,
		version,
		createdDate: createdAt,
		modifiedDate: modifiedAt,
		createdBy,
		modifiedBy,
	};
}

/**
 * A mapping set as GET shows it: flow-service.md 6.1.
 *
 * @param schema with it the schema's fields are shown as well (`expandSchema`)
 */
export function viewMappingSet(set: StoredMappingSet, schema?: StoredSchema): object {
	const { name, schemaId, schemaVersion, inputSchema, mappings } = set;
	return {
		...viewCreated(set),
		...(name !== undefined && { name }),
		...(inputSchema !== undefined && { inputSchema }),
		outputSchema: {
			schemaRef: { id: schemaId, contentType: schemaVersion },
			...(schema !== undefined && { jsonSchema: schema.fields }),
		},
		mappings: mappings.map((mapping) => viewMapping(set, mapping)),
	};
}

/** flow-service.md 6.1: responses echo another source type, and have two members twice. */
export function viewMapping(set: StoredMappingSet, mapping: StoredMapping): object {
	const { id, sourceType, source, destination, name, description } = mapping;
	return {
		...viewCreated(set),
		id,
		sourceType: sourceType === 'ATTRIBUTE' ? ATTRIBUTE_ECHO : sourceType,
		source,
		destination,
		...(name !== undefined && { name }),
		...(description !== undefined && { description }),
		identity: false,
		primaryIdentity: false,
		matchScore: 0,
		functionVersion: 1,
		sourceAttribute: source,
		destinationXdmPath: destination,
	};
}
