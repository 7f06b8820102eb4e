import { getResource } from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import type { Dataflow } from '../../../adobe/dataflows';
import type { DataSet } from '../../../adobe/datasets';
import { getDataSet } from '../../../adobe/datasets';
import type { SourceColumn } from '../../../adobe/tables';
import type { ItemClient } from '../../../platform/client';
import { unfit } from './plan';
import type { WantedDataflow } from './request';

/** A dataflow with what its ends read from and write to. */
export interface WholeDataflow {
	flow: Dataflow;
	connectionId?: string;
	table?: string;
	/** Those that it reads, as they were when it was made. */
	columns: SourceColumn[];
	datasetId?: string;
	/** Of one that Create makes, where it was read. */
	dataSet?: DataSet;
}

/** Reads the ends of a dataflow, which alone say what it is from and to. */
export async function readWhole(client: ItemClient, flow: Dataflow): Promise<WholeDataflow> {
	const [sourceId] = flow.sourceConnectionIds;
	const [targetId] = flow.targetConnectionIds;
	const [source, target] = await Promise.all([
		sourceId === undefined ? undefined : getResource(client, SOURCE_CONNECTION, sourceId),
		targetId === undefined ? undefined : getResource(client, TARGET_CONNECTION, targetId),
	]);
	return {
		flow,
		connectionId: source?.connectionId ?? flow.connectionId,
		table: source?.table,
		columns: source?.columns ?? [],
		datasetId: target?.datasetId,
	};
}

/**
 * The dataflow that is there under the wanted name, if it is from and to the same; what else may differ is
 * for `differences.ts` to say.
 *
 * @throws Problem that says what differs, or lists them where there are several
 */
export async function theWantedOne(
	client: ItemClient,
	found: readonly Dataflow[],
	wanted: WantedDataflow,
): Promise<WholeDataflow | undefined> {
	const [only, ...others] = found;
	if (only === undefined) return undefined;
	if (others.length > 0) throw ambiguous(client, found);
	const ends = await readWhole(client, only);
	const { datasetId } = ends;
	const isMade = !('id' in wanted.dataset) && datasetId !== undefined;
	const dataSet = isMade ? await getDataSet(client, datasetId) : undefined;
	const whole = { ...ends, dataSet };
	const differences = differencesOf(whole, wanted);
	if (differences.length === 0) return whole;
	throw unfit(
		client,
		`There is another dataflow with this 'Name' in the sandbox '${client.sandboxName}'`,
		`The dataflow ${only.id} ${differences.join(', and ')}. Choose another 'Name', or delete that dataflow first.`,
	);
}

function differencesOf(
	{ connectionId, table, datasetId, dataSet }: WholeDataflow,
	wanted: WantedDataflow,
): string[] {
	const differences: string[] = [];
	if (connectionId !== wanted.connectionId) {
		differences.push(
			`reads from the connection ${connectionId ?? '(none)'} and not from ${wanted.connectionId}`,
		);
	}
	if (table !== wanted.table) {
		differences.push(`reads the table '${table ?? ''}' and not '${wanted.table}'`);
	}
	if ('id' in wanted.dataset) {
		if (datasetId !== wanted.dataset.id) {
			differences.push(
				`writes to the dataset ${datasetId ?? '(none)'} and not to ${wanted.dataset.id}`,
			);
		}
		return differences;
	}
	const name = dataSet?.name;
	if (name !== wanted.dataset.create.name) {
		differences.push(
			`writes to the dataset '${name ?? '(none)'}' and not to '${wanted.dataset.create.name}'`,
		);
	}
	return differences;
}

function ambiguous(client: ItemClient, found: readonly Dataflow[]): Error {
	const list = found.map(({ id, state }) => `${id} (${state ?? 'state unknown'})`).join(', ');
	return unfit(
		client,
		`There are ${found.length} dataflows with this 'Name' in the sandbox '${client.sandboxName}'`,
		`These are they: ${list}. Rename or delete all but one, or choose another 'Name'.`,
	);
}
