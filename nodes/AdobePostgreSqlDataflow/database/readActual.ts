import type { DataSet } from '../../adobe/datasets';
import type { Dataflow } from '../../adobe/dataflows';
import { descriptionOf } from '../../adobe/collection';
import type { Mapping, ShownMapping } from '../../adobe/mappingSets';
import { getMappings } from '../../adobe/mappingSets';
import { isMarkedWith } from '../../adobe/together/mappingMark';
import type { ItemClient } from '../../platform/client';
import { asIs, isProblem } from '../../platform/errors/problem';
import { SCHEMA_CLASSES } from '../dataflow/create/tableSchema';
import type { Actual, ActualSchema } from './actual';
import { isPartOf, markerOf, ownerOf } from './actual';
import type { Desired } from './desired';
import { expectedMapping } from './expectedMapping';
import type { DatabaseLookUps } from './lookUps';

/** What is at Adobe about a desired table: the dataflows of its name, and what they consist of. */
export async function readActual(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	flows: Dataflow[],
	desired: Pick<Desired, 'dataset' | 'mapping' | 'remove'>,
): Promise<Actual> {
	const [flow, ...others] = flows;
	if (flow === undefined && !desired.remove) {
		const namedDatasets = await lookUps.flows.dataSets.named(client, desired.dataset.name);
		const [only, ...more] = namedDatasets;
		const namedSchema =
			only === undefined || more.length > 0
				? undefined
				: await schemaOf(client, lookUps, only, undefined);
		const [taken] =
			only === undefined ? await lookUps.parts(client, 'schemas', desired.dataset.name) : [];
		return { flows, owner: 'others', namedDatasets, namedSchema, takenTitle: taken?.id };
	}
	if (flow === undefined || others.length > 0) return { flows, owner: 'others', namedDatasets: [] };
	return await actualOf(client, lookUps, flow, desired);
}

/**
 * A dataflow with all that it consists of.
 *
 * @param desired the mapping that it may have, where it is known: then that need not be read
 */
export async function actualOf(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	flow: Dataflow,
	desired?: Pick<Desired, 'dataset' | 'mapping'>,
): Promise<Actual> {
	const [sourceId] = flow.sourceConnectionIds;
	const [targetId] = flow.targetConnectionIds;
	const [source, target] = await Promise.all([
		sourceId === undefined ? undefined : ifThere(lookUps.flows.source(client, sourceId)),
		targetId === undefined ? undefined : ifThere(lookUps.flows.target(client, targetId)),
	]);
	const datasetId = target?.datasetId;
	const dataset =
		datasetId === undefined
			? undefined
			: await ifThere(lookUps.flows.dataSets.get(client, datasetId));
	const marker = markerOf(source, target);
	const schema =
		dataset === undefined ? undefined : await schemaOf(client, lookUps, dataset, marker);
	const automatic = {
		mapping: 'automatic',
		dataset: { name: '', schemaClass: 'profile' },
	} as const;
	const expected =
		schema === undefined || target === undefined
			? undefined
			: {
					mark: descriptionOf(target),
					mappings: expectedMapping(
						{
							desired: desired ?? automatic,
							schema,
							tenantId: await lookUps.flows.tenantId(client),
						},
						source?.columns ?? [],
					),
				};
	return {
		flows: [flow],
		source,
		target,
		dataset,
		schema,
		mapping: await mappingOf(client, flow, expected),
		owner: ownerOf(client, flow, source, target),
		namedDatasets: [],
	};
}

/** @param expected what it should be, and what its target says of it: where both agree, nothing is read */
async function mappingOf(
	client: ItemClient,
	flow: Dataflow,
	expected: { mark: string; mappings: readonly Mapping[] } | undefined,
): Promise<readonly ShownMapping[] | undefined> {
	const { mappingId, mappingVersion } = flow;
	if (mappingId === undefined) return undefined;
	if (expected !== undefined && isMarkedWith(flow, expected.mark, expected.mappings)) {
		return expected.mappings;
	}
	return await ifThere(getMappings(client, mappingId, mappingVersion));
}

/** @param marker of the dataflow that it was made for */
async function schemaOf(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	{ schemaId, name = '' }: DataSet,
	marker: string | undefined,
): Promise<ActualSchema | undefined> {
	if (schemaId === undefined) return undefined;
	const written = marker === undefined ? undefined : await ownParts(client, lookUps, name, marker);
	const isOwn = written?.schema.id === schemaId;
	if (written !== undefined && isOwn && written.isPlain) {
		return { id: schemaId, fields: written.group.fields, own: written.group };
	}
	const full = await ifThere(lookUps.flows.schema(client, schemaId));
	if (full === undefined) return undefined;
	return { id: schemaId, fields: full.fields, ...(isOwn ? { own: written.group } : {}) };
}

/** The schema and the field group that were made for a dataflow, as their lists show them. */
async function ownParts(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	title: string,
	marker: string,
) {
	const [schemas, groups] = await Promise.all([
		lookUps.parts(client, 'schemas', title),
		lookUps.parts(client, 'fieldgroups', title),
	]);
	const isOurs = isPartOf(marker);
	const schema = schemas.find(isOurs);
	const group = groups.find((one) => isOurs(one) && schema?.references.includes(one.id) === true);
	if (schema === undefined || group?.table === undefined) return undefined;
	const { fields } = group.table;
	// The class of events has fields of its own that matter, and somebody may have added field groups.
	const isPlain =
		schema.references.length === 2 && schema.references.includes(SCHEMA_CLASSES.profile);
	const fieldNames = fields.map(({ path }) => path.slice(path.indexOf('.') + 1));
	return { schema, isPlain, group: { id: group.id, fields, fieldNames } };
}

/** Undefined for what is not there any more. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
	return await reading.catch((error: unknown) => {
		if (!isProblem(error, 'notFound')) throw asIs(error);
		return undefined;
	});
}
