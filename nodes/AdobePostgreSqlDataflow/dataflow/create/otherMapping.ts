import type { Dataflow } from '../../../adobe/dataflows';
import type { Mapping } from '../../../adobe/mappingSets';
import type { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
import type { ItemClient } from '../../../platform/client';
import type { ReadOnce } from '../../../platform/keyed';
import { named } from '../columns';
import type { MappingPlan } from '../mapping/planMapping';
import { planMapping } from '../mapping/planMapping';
import type { Comparison } from './differences';
import { cannotCreate } from './plan';
import type { WantedDataflow } from './request';
import type { WholeDataflow } from './sameName';

/**
 * Looks whether the mapping of a dataflow can become the wanted one; undefined where it is that already.
 *
 * @param readings what the items of an execution read once
 * @throws Problem where it can't
 */
export async function planOtherMapping(
	client: ItemClient,
	lookUps: DataflowLookUps,
	readings: ReadOnce,
	{ flow, datasetId }: Pick<WholeDataflow, 'flow' | 'datasetId'>,
	{ differences, wantedMappings }: Pick<Comparison, 'differences' | 'wantedMappings'>,
	{ dataset, mapping }: Pick<WantedDataflow, 'dataset' | 'mapping'>,
): Promise<MappingPlan | undefined> {
	if (!differences.includes('mapping')) return undefined;
	if (!('id' in dataset) && datasetId !== undefined) {
		await checkFields(client, lookUps, flow, datasetId, wantedMappings);
	}
	// One by the names is of the columns that the dataflow reads, by which it is compared the next time, too.
	const isByName = mapping === 'automatic' && wantedMappings.length === 0;
	const wish = { mapping: isByName ? mapping : [...wantedMappings] };
	return await planMapping(client, readings, flow, wish, 'Create a dataflow');
}

/** @throws Problem where a dataset that was made from the table has not the fields that it would get now */
async function checkFields(
	client: ItemClient,
	lookUps: DataflowLookUps,
	flow: Dataflow,
	datasetId: string,
	mappings: readonly Mapping[],
): Promise<void> {
	const { schemaId } = await lookUps.dataSets.get(client, datasetId);
	if (schemaId === undefined) return;
	const { fields } = await lookUps.schema(client, schemaId);
	const has = new Set(fields.map(({ path }) => path));
	const missing = mappings.map(({ destination }) => destination).filter((path) => !has.has(path));
	if (missing.length === 0) return;
	throw cannotCreate(
		client,
		"Create can't change the schema of an existing dataset",
		`The dataset of the dataflow ${flow.id} has no ${named(missing)}, which one made from the table would have now. Enter the values that it was made with, enter another 'Dataset Name', or set 'If It Exists' to Keep. For new columns there is Database: Apply.`,
	).noting('Nothing was changed.');
}
