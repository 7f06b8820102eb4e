import { deleteResource } from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import { deleteDataSet } from '../../../adobe/datasets';
import { deleteMappingSet, findMappingSets } from '../../../adobe/mappingSets';
import { deleteSchemaPart } from '../../../adobe/schemas';
import type { ItemClient } from '../../../platform/client';
import { ignoringNotFound } from '../../../platform/errors/problem';
import { partMarker } from '../../dataflow/create/markers';
import { isPartOf } from '../actual';
import type { Desired } from '../desired';
import type { DatabaseLookUps } from '../lookUps';

/**
 * Removes what an execution of the same plan has made before it was killed: parts without a dataflow, which
 * nothing uses and no row is in. They are known by the plan's marker, and what others are found by goes last, so
 * that this can be killed and done again as well.
 *
 * @throws Problem where one of the ends is in use by now: somebody else applies the same plan
 */
export async function removeLeftovers(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	{ name, dataset }: Desired,
	marker: string,
): Promise<void> {
	const [sources, targets, groups, schemas] = await Promise.all([
		lookUps.ends(client, 'source', name, marker),
		lookUps.ends(client, 'target', name, marker),
		lookUps.parts(client, 'fieldgroups', dataset.name),
		lookUps.parts(client, 'schemas', dataset.name),
	]);
	const isOurs = isPartOf(marker);
	const ourSchemas = schemas.filter(isOurs);
	for (const { id } of targets) {
		await ignoringNotFound(deleteResource(client, TARGET_CONNECTION, id));
	}
	for (const { id } of sources) {
		await ignoringNotFound(deleteResource(client, SOURCE_CONNECTION, id));
	}
	// After the ends, which Adobe keeps while a dataflow uses them: an execution at the same time may just have
	// made that dataflow, and Adobe would let go of the mapping set that it needs. Looked for in any case, as
	// nothing else tells of them where this was killed after the ends.
	for (const { id } of await findMappingSets(client, partMarker(name, marker))) {
		await ignoringNotFound(deleteMappingSet(client, id));
	}
	if (ourSchemas.length > 0) {
		for (const { id, schemaId } of await lookUps.flows.dataSets.named(client, dataset.name)) {
			if (!ourSchemas.some((schema) => schema.id === schemaId)) continue;
			await ignoringNotFound(deleteDataSet(client, id));
		}
		// Create is to look again.
		lookUps.flows.dataSets.forgetName(client.scope, dataset.name);
	}
	for (const { id } of ourSchemas) {
		await ignoringNotFound(deleteSchemaPart(client, 'schemas', id));
	}
	for (const { id } of groups.filter(isOurs)) {
		await ignoringNotFound(deleteSchemaPart(client, 'fieldgroups', id));
	}
}
