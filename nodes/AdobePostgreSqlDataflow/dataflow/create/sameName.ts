import { descriptionOf } from '../../../adobe/collection';
import type { Dataflow } from '../../../adobe/dataflows';
import type { SourceColumn } from '../../../adobe/tables';
import type { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
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
	/** Of its target: what it was made with. */
	mark: string;
}

/** Reads the ends of a dataflow, which alone say what it is from and to. */
export async function readWhole(
	client: ItemClient,
	lookUps: DataflowLookUps,
	flow: Dataflow,
): Promise<WholeDataflow> {
	const [sourceId] = flow.sourceConnectionIds;
	const [targetId] = flow.targetConnectionIds;
	const [source, target] = await Promise.all([
		sourceId === undefined ? undefined : lookUps.source(client, sourceId),
		targetId === undefined ? undefined : lookUps.target(client, targetId),
	]);
	return {
		flow,
		connectionId: source?.connectionId ?? flow.connectionId,
		table: source?.table,
		columns: source?.columns ?? [],
		datasetId: target?.datasetId,
		mark: target === undefined ? '' : descriptionOf(target),
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
	lookUps: DataflowLookUps,
	found: readonly Dataflow[],
	wanted: WantedDataflow,
): Promise<WholeDataflow | undefined> {
	const [only, ...others] = found;
	if (only === undefined) return undefined;
	if (others.length > 0) throw ambiguous(client, found);
	const whole = await readWhole(client, lookUps, only);
	const differences = await differencesOf(client, lookUps, whole, wanted);
	if (differences.length === 0) return whole;
	throw unfit(
		client,
		`There is another dataflow with this 'Name' in the sandbox '${client.sandboxName}'`,
		`The dataflow ${only.id} ${differences.join(', and ')}. Choose another 'Name', or delete that dataflow first.`,
	);
}

async function differencesOf(
	client: ItemClient,
	lookUps: DataflowLookUps,
	{ connectionId, table, datasetId }: WholeDataflow,
	wanted: WantedDataflow,
): Promise<string[]> {
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
	const { name } = datasetId === undefined ? {} : await lookUps.dataSets.get(client, datasetId);
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
