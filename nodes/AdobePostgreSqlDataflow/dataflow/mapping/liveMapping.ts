import type { IDataObject } from 'n8n-workflow';

import { getResource } from '../../../adobe/collection';
import type { Ends } from '../../../adobe/dataflowEnds';
import { endsOf } from '../../../adobe/dataflowEnds';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import { getDataSet } from '../../../adobe/datasets';
import { getMappings } from '../../../adobe/mappingSets';
import type { Schema } from '../../../adobe/schemas';
import { getSchema } from '../../../adobe/schemas';
import { dataflowUrl } from '../../../adobe/webLinks';
import { output } from '../../../outputs/common';
import type { ItemClient } from '../../../platform/client';
import { asIs, isProblem } from '../../../platform/errors/problem';
import type { ReadOnce } from '../../../platform/keyed';

/** The dataset that a dataflow writes to, as far as it may be looked at. */
interface Target {
	name?: string;
	schema?: Schema;
}

/**
 * The mapping of a dataflow, in the form that `Mappings` takes, with what the schema says of each field. Not
 * being allowed to look at dataset or schema leaves that out.
 *
 * @param readings what the items of an execution read once
 */
export async function liveMapping(
	client: ItemClient,
	readings: ReadOnce,
	flowId: string,
): Promise<IDataObject[]> {
	const flow = await getResource(client, DATAFLOW, flowId);
	const { mappingId, mappingVersion } = flow;
	if (mappingId === undefined) return [];
	const [mappings, { ends, target }] = await Promise.all([
		getMappings(client, mappingId, mappingVersion),
		whereTo(client, readings, flow),
	]);
	const sandboxName = flow.sandboxName ?? client.sandboxName;
	return mappings.map(({ destination, source, sourceType }) => {
		const field = target.schema?.fields.find(({ path }) => path === destination);
		return output({
			destination,
			source,
			sourceType,
			// A mapping fills other fields of the same object, too.
			required: field && (field.required || field.requiredIn !== undefined),
			fieldType: field?.type,
			fieldTitle: field?.title,
			name: flow.name,
			table: ends.table,
			dataset: target.name ?? ends.datasetId,
			flowId,
			datasetId: ends.datasetId,
			mappingId,
			mappingVersion,
			url: dataflowUrl({ ...client, sandboxName }, flowId),
			sandboxName,
		});
	});
}

async function whereTo(
	client: ItemClient,
	readings: ReadOnce,
	flow: Dataflow,
): Promise<{ ends: Ends; target: Target }> {
	const [ends = {}] = await endsOf(client, [flow]);
	const { datasetId } = ends;
	if (datasetId === undefined) return { ends, target: {} };
	const target = await readings.read(`${client.scope} target ${datasetId}`, async () =>
		targetOf(client, datasetId),
	);
	return { ends, target };
}

async function targetOf(client: ItemClient, datasetId: string): Promise<Target> {
	const dataset = await getDataSet(client, datasetId).catch(unlessStopped);
	const { name, schemaId } = dataset ?? {};
	if (schemaId === undefined) return { name };
	return { name, schema: await getSchema(client, schemaId).catch(unlessStopped) };
}

/** @throws the error of an execution that was stopped */
function unlessStopped(error: unknown): undefined {
	if (isProblem(error, 'stopped')) throw asIs(error);
	return undefined;
}
