import type { Reference, Resource } from '../../../adobe/collection';
import {
	createResource,
	deleteResource,
	descriptionOf,
	findByName,
	findResources,
} from '../../../adobe/collection';
import type { NewSourceConnection, NewTargetConnection } from '../../../adobe/dataflowEnds';
import {
	createSourceConnection,
	createTargetConnection,
	SOURCE_CONNECTION,
	TARGET_CONNECTION,
} from '../../../adobe/dataflowEnds';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import type { NewDataSet } from '../../../adobe/datasets';
import { createDataSet, deleteDataSet, findDataSetsNamed } from '../../../adobe/datasets';
import type { Mapping, MappingSetReference } from '../../../adobe/mappingSets';
import { createMappingSet, deleteMappingSet, findMappingSets } from '../../../adobe/mappingSets';
import type { NewPrimaryIdentity } from '../../../adobe/profile/identities';
import { createPrimaryIdentity, deleteIdentity } from '../../../adobe/profile/identities';
import type { SchemaPart } from '../../../adobe/schemas';
import {
	createSchemaPart,
	deleteSchemaPart,
	findSchemaParts,
	listIdentities,
} from '../../../adobe/schemas';
import type { Step } from './saga';

/** @param description must be unlike all others: the part is known by it */
export function schemaPartStep(
	part: SchemaPart,
	kind: string,
	body: { title: string; description: string },
): Step<{ id: string }> {
	return {
		kind,
		name: body.title,
		isShared: true,
		send: async (client) => ({ id: await createSchemaPart(client, part, body) }),
		find: async (client) =>
			(await findSchemaParts(client, part, body.title)).filter(
				({ description }) => description === body.description,
			),
		remove: async (client, id) => await deleteSchemaPart(client, part, id),
	};
}

/** An identity is known by its schema, which has no other. */
export function identityStep(identity: NewPrimaryIdentity): Step<{ id: string }> {
	return {
		kind: 'identity descriptor',
		name: identity.path,
		isShared: true,
		send: async (client) => ({ id: await createPrimaryIdentity(client, identity) }),
		find: async (client) =>
			(await listIdentities(client, identity.schemaId)).flatMap(({ id }) =>
				id === undefined ? [] : [{ id }],
			),
		remove: deleteIdentity,
	};
}

/** A dataset is known by its schema, and by its description where it has one: together no other has them. */
export function dataSetStep(dataSet: NewDataSet): Step<{ id: string }> {
	return {
		kind: 'dataset',
		name: dataSet.name,
		isShared: true,
		send: async (client) => ({ id: await createDataSet(client, dataSet) }),
		find: async (client) =>
			(await findDataSetsNamed(client, [dataSet.name])).filter(
				({ schemaId, description }) =>
					schemaId === dataSet.schemaId &&
					(dataSet.description === undefined || description === dataSet.description),
			),
		remove: async (client, id) => await deleteDataSet(client, id),
	};
}

/** Its name, with its description where it has one, must be unlike all others: it is known by it. */
export function sourceStep(source: NewSourceConnection): Step<Reference> {
	return {
		kind: SOURCE_CONNECTION.one,
		name: source.name,
		send: async (client) => await createSourceConnection(client, source),
		find: async (client) =>
			(await findByName(client, SOURCE_CONNECTION, source.name)).filter(isDescribedAs(source)),
		remove: async (client, id) => await deleteResource(client, SOURCE_CONNECTION, id),
	};
}

/** Its name and its description together must be unlike all others: it is known by them. */
export function targetStep(target: NewTargetConnection): Step<Reference> {
	return {
		kind: TARGET_CONNECTION.one,
		name: target.name,
		send: async (client) => await createTargetConnection(client, target),
		find: async (client) =>
			(await findByName(client, TARGET_CONNECTION, target.name)).filter(isDescribedAs(target)),
		remove: async (client, id) => await deleteResource(client, TARGET_CONNECTION, id),
	};
}

function isDescribedAs({ description }: { description?: string }): (found: Resource) => boolean {
	return (found) => description === undefined || descriptionOf(found) === description;
}

export function mappingSetStep(
	schemaId: string,
	mappings: readonly Mapping[],
	marker: string,
): Step<MappingSetReference> {
	return {
		kind: 'mapping set',
		name: marker,
		send: async (client) => await createMappingSet(client, schemaId, mappings, marker),
		find: async (client) => await findMappingSets(client, marker),
		remove: deleteMappingSet,
	};
}

/** A flow is known by its source connection, which no other has. */
export function flowStep(body: { name: string }, sourceConnectionId: string): Step<Reference> {
	return {
		kind: DATAFLOW.one,
		name: body.name,
		usesOthers: true,
		send: async (client) => await createResource(client, DATAFLOW, body),
		find: async (client): Promise<Dataflow[]> =>
			await findResources(client, DATAFLOW, {
				filters: [`sourceConnectionIds[]==${sourceConnectionId}`],
				fits: (flow) => flow.sourceConnectionIds.includes(sourceConnectionId),
			}),
		remove: async (client, id) => await deleteResource(client, DATAFLOW, id),
	};
}
