import { deleteResource } from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import { DATAFLOW } from '../../../adobe/dataflows';
import { deleteMappingSet } from '../../../adobe/mappingSets';
import type { ItemClient } from '../../../platform/client';
import { asIs, ignoringNotFound, Problem, toProblem } from '../../../platform/errors/problem';
import type { DeletedParts } from '../fingerprint';

/**
 * Deletes a dataflow and what hangs on it. What is gone already is left out, so it can be repeated.
 *
 * @returns what was done, in sentences
 * @throws Problem that says what is left
 */
export async function deleteTable(
	client: ItemClient,
	{ flowId, sourceConnectionId, targetConnectionId, mappingId }: DeletedParts,
): Promise<string[]> {
	await ignoringNotFound(deleteResource(client, DATAFLOW, flowId));
	const ends = [
		{ kind: SOURCE_CONNECTION, id: sourceConnectionId },
		{ kind: TARGET_CONNECTION, id: targetConnectionId },
	];
	for (const { kind, id } of ends) {
		if (id === undefined) continue;
		await ignoringNotFound(deleteResource(client, kind, id)).catch((error: unknown) => {
			throw toProblem(error)
				.noting('The dataflow was deleted. Apply can be repeated.')
				.detailing({ leftBehind: `the ${kind.one} ${id}` });
		});
	}
	const done = ['The dataflow was deleted, with its source and target connection.'];
	if (mappingId === undefined) return done;
	try {
		await ignoringNotFound(deleteMappingSet(client, mappingId));
	} catch (error) {
		// Adobe's API description has no deletion of mapping sets, and nothing uses it any more.
		if (!(error instanceof Problem)) throw asIs(error);
		return [...done, `Its mapping set ${mappingId} could not be deleted.`];
	}
	return done;
}
