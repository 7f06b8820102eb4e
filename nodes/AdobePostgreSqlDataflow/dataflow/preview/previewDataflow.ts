import type { MappedRow } from '../../../adobe/dataPrep/previewMapping';
import { MappingPreview } from '../../../adobe/dataPrep/previewMapping';
import type { Mapping } from '../../../adobe/mappingSets';
import { getMappings } from '../../../adobe/mappingSets';
import type { ItemClient } from '../../../platform/client';
import type { ReadOnce } from '../../../platform/keyed';
import type { CreateRun } from '../create/createDataflow';
import { compare } from '../create/differences';
import { checkChanges } from '../create/ifExists';
import { planOtherMapping } from '../create/otherMapping';
import type { Plan } from '../create/plan';
import { inspect } from '../create/plan';
import type { WantedDataflow } from '../create/request';
import type { WholeDataflow } from '../create/sameName';
import { theWantedOne } from '../create/sameName';
import { asMapping } from '../mapping/sameMapping';
import type { Judge } from './checkRows';
import { checkRows } from './checkRows';
import { schemaOfNew } from './newSchema';
import type { Outlook, Preview } from './output';
import { mapByOurselves } from './ownMapping';
import type { TableRow, WantedRows } from './rowsToCheck';
import { rowsToCheck } from './rowsToCheck';

/**
 * Does all that Create checks, and tries the mapping on rows; makes and changes nothing.
 *
 * @throws Problem where Create would refuse
 */
export async function previewDataflow(
	client: ItemClient,
	{ run, readings }: { run: CreateRun; readings: ReadOnce },
	wanted: WantedDataflow,
	wantedRows: WantedRows,
): Promise<Preview> {
	const found = await run.lookUps.flowsNamed(client, wanted.name);
	const same = await theWantedOne(client, run.lookUps, found, wanted);
	const there =
		same === undefined ? undefined : await outlookOf(client, { run, readings }, wanted, same);
	const asked = same === undefined ? wanted : await askedOf(client, wanted, same, there?.mappings);
	const marker = `Preview of the dataflow '${wanted.name}'`;
	const plan = await inspect(client, run, asked, { marker });
	const { connectionId, table } = wanted;
	const { rows, notChecked } = await rowsToCheck(client, connectionId, table, wantedRows);
	const judge = await judgeOf(client, run, asked, plan);
	return {
		wanted,
		outlook: there?.outlook ?? 'created',
		flowId: same?.flow.id,
		differences: there?.differences ?? [],
		plan,
		rows: await checkRows(client, judge, rows),
		notChecked,
	};
}

/** What Create would do about a dataflow that is there already. */
async function outlookOf(
	client: ItemClient,
	{ run: { lookUps }, readings }: { run: CreateRun; readings: ReadOnce },
	wanted: WantedDataflow,
	same: WholeDataflow,
): Promise<{ outlook: Outlook; differences: string[]; mappings?: Mapping[] }> {
	const comparison = await compare(client, lookUps, same, wanted);
	const { differences } = comparison;
	if (differences.length === 0) return { outlook: 'unchanged', differences };
	if (wanted.ifExists === 'keep') return { outlook: 'kept', differences };
	checkChanges(client, same.flow, differences, wanted.schedule);
	const plan = await planOtherMapping(client, lookUps, readings, same, comparison, wanted);
	return { outlook: 'updated', differences, mappings: plan?.mappings };
}

/** The dataset that was made for the table is there by now, with the mapping that was made for it, or another. */
async function askedOf(
	client: ItemClient,
	wanted: WantedDataflow,
	{ flow, datasetId }: WholeDataflow,
	another: Mapping[] | undefined,
): Promise<WantedDataflow> {
	const { mappingId, mappingVersion } = flow;
	if ('id' in wanted.dataset || datasetId === undefined) return wanted;
	if (another !== undefined) return { ...wanted, dataset: { id: datasetId }, mapping: another };
	if (mappingId === undefined) return wanted;
	const mappings = await getMappings(client, mappingId, mappingVersion);
	return { ...wanted, dataset: { id: datasetId }, mapping: mappings.map(asMapping) };
}

async function judgeOf(
	client: ItemClient,
	run: CreateRun,
	{ dataset: wantedDataset }: WantedDataflow,
	{ dataset, mappings }: Plan,
): Promise<Judge> {
	if ('id' in dataset || 'id' in wantedDataset) {
		const schemaId = 'id' in dataset ? dataset.schemaId : '';
		const { raw } = await run.lookUps.schema(client, schemaId);
		const adobes = new MappingPreview(client, schemaId, mappings);
		return { schema: raw, mappings, map: async (row) => await adobes.map(row) };
	}
	const schema = schemaOfNew(dataset.schema, wantedDataset.create);
	const map = (row: TableRow): MappedRow => mapByOurselves(mappings, schema, row);
	return { schema, mappings, map };
}
