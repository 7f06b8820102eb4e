import { deleteResource, findByName, findResource } from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import { findFlows } from '../../../adobe/dataflows';
import type { WrittenPart } from '../../../adobe/evolution/fieldGroups';
import type { MappingSetReference } from '../../../adobe/mappingSets';
import { deleteMappingSet, listNewestMappingSets } from '../../../adobe/mappingSets';
import { deleteSchemaPart } from '../../../adobe/schemas';
import type { ItemClient } from '../../../platform/client';
import { ignoringNotFound, Problem } from '../../../platform/errors/problem';
import { endName, partMarker, sourceInMarker } from '../../dataflow/create/markers';
import { isPartFor, isPartOf } from '../actual';
import type { Desired } from '../desired';
import type { DatabaseLookUps } from '../lookUps';

/** What an execution of the same plan has made and left, and this one uses. */
export interface Leftovers {
	datasetId?: string;
	fieldGroupId?: string;
	schemaId?: string;
}

/** What is there of a plan without a dataflow, as far as it matters here. */
interface Found {
	sets: Array<MappingSetReference & { sourceId: string }>;
	groups: WrittenPart[];
	schemas: WrittenPart[];
	hasEnds: boolean;
}

/**
 * Makes way for a plan that was carried out in part. Ends and mapping set are removed, to be made anew. Field
 * group, schema and dataset are used again, as nothing tells whether there are rows in the dataset. All are known
 * by the plan's marker.
 *
 * The execution that has made them may not have ended. So the source connections go first, which Adobe keeps while a
 * dataflow uses them, and without which it takes no dataflow; and a mapping set goes only when its source
 * connection is gone.
 *
 * @throws Problem where the dataflow is there by now
 */
export async function takeOverLeftovers(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	desired: Desired,
	marker: string,
): Promise<Leftovers> {
	const { name, dataset } = desired;
	const found = await find(client, lookUps, desired, marker);
	const isOurs = isPartOf(marker);
	const schemas = found.schemas.filter(isOurs);
	const groups = found.groups.filter(isOurs);
	if (found.hasEnds || found.sets.length > 0) {
		await removeEnds(client, name, marker);
		for (const { id, sourceId } of found.sets) {
			await removeSource(client, sourceId);
			await ignoringNotFound(deleteMappingSet(client, id));
		}
	}
	if (schemas.length === 0) {
		const others = found.schemas.length > 0 ? [] : found.groups.filter(isPartFor(name));
		await removeGroups(
			client,
			others.filter((one) => !isOurs(one)),
		);
		return { fieldGroupId: groups[0]?.id };
	}
	const datasets = await lookUps.flows.dataSets.named(client, dataset.name);
	return {
		datasetId: datasets.find(({ schemaId }) => schemas.some(({ id }) => id === schemaId))?.id,
		schemaId: schemas[0]?.id,
	};
}

async function find(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	{ name, dataset }: Desired,
	marker: string,
): Promise<Found> {
	const [sources, targets, groups, schemas] = await Promise.all([
		lookUps.ends(client, 'source', name, marker),
		lookUps.ends(client, 'target', name, marker),
		lookUps.parts(client, 'fieldgroups', dataset.name),
		lookUps.parts(client, 'schemas', dataset.name),
	]);
	const part = partMarker(name, marker);
	// In any case, as nothing else tells of them where this was killed after the ends.
	const sets = (await listNewestMappingSets(client)).flatMap(({ descriptions, ...set }) => {
		const [sourceId] = descriptions.flatMap((text) => sourceInMarker(part, text) ?? []);
		return sourceId === undefined ? [] : [{ ...set, sourceId }];
	});
	return { sets, groups, schemas, hasEnds: sources.length + targets.length > 0 };
}

/** As they are now: much may have happened since they were looked up for all items together. */
async function removeEnds(client: ItemClient, name: string, marker: string): Promise<void> {
	const [flow] = await findFlows(client, { names: [name] });
	if (flow !== undefined) throw madeMeanwhile(client, name, flow.id);
	const [targets, sources] = await Promise.all([
		findByName(client, TARGET_CONNECTION, endName(name, 'target', marker)),
		findByName(client, SOURCE_CONNECTION, endName(name, 'source', marker)),
	]);
	for (const { id } of sources) {
		await ignoringNotFound(deleteResource(client, SOURCE_CONNECTION, id));
	}
	for (const { id } of targets) {
		await ignoringNotFound(deleteResource(client, TARGET_CONNECTION, id));
	}
}

/** One that its list does not show yet. */
async function removeSource(client: ItemClient, id: string): Promise<void> {
	if ((await findResource(client, SOURCE_CONNECTION, id)) === undefined) return;
	await ignoringNotFound(deleteResource(client, SOURCE_CONNECTION, id));
}

/**
 * Those that another plan for the same dataflow has left before there was a schema: nothing uses them, and as long
 * as they are there, their title is taken.
 */
async function removeGroups(client: ItemClient, groups: readonly WrittenPart[]): Promise<void> {
	for (const { id } of groups) {
		await ignoringNotFound(deleteSchemaPart(client, 'fieldgroups', id));
	}
}

function madeMeanwhile({ sandboxName }: ItemClient, name: string, id: string): Problem {
	return new Problem(`The dataflow '${name}' was made by another execution meanwhile`, {
		advice: 'Plan again, and apply that.',
		notes: [`It is ${id}. Nothing was changed.`],
		details: { operation: 'Apply a plan', sandboxName },
		failure: { cause: 'temporarily-unavailable' },
	});
}
