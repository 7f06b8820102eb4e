import type { IDataObject } from 'n8n-workflow';

import { DATAFLOW } from '../../adobe/dataflows';
import type { Dataflow } from '../../adobe/dataflows';
import { MadeLately } from '../../adobe/lostWrites/madeLately';
import { isTableMissing } from '../../adobe/tables';
import type { SourceColumn } from '../../adobe/tables';
import { dataflowUrl } from '../../adobe/webLinks';
import type { OperationCall } from '../../operation/operation';
import { output } from '../../outputs/common';
import { scheduleInWords } from '../../outputs/schedule';
import type { ItemClient } from '../../platform/client';
import { asIs } from '../../platform/errors/problem';
import type { Actual } from './actual';
import type { Verdict } from './change';
import type { Desired } from './desired';
import type { DeletedParts } from './fingerprint';
import { deletionFingerprint, fingerprintOf } from './fingerprint';
import type { Compared } from './judge';
import { judge } from './judge';
import type { DatabaseLookUps } from './lookUps';
import { readActual } from './readActual';
import { columnsOfDesired } from './readDesired';

/** Reads all that a plan of a table compares. */
export async function readCompared(
	call: OperationCall,
	client: ItemClient,
	lookUps: DatabaseLookUps,
	desired: Desired,
): Promise<Compared> {
	const listed = await lookUps.flows.flowsNamed(client, desired.name);
	const lately = new MadeLately(DATAFLOW.path, call.context.getWorkflowStaticData('node'));
	const flows = await lately.completed(client, DATAFLOW, desired.name, listed);
	return await comparedWith(client, lookUps, desired, async () =>
		readActual(client, lookUps, flows, desired),
	);
}

/** The same, where what is at Adobe is known how to be read. */
export async function comparedWith(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	desired: Desired,
	read: () => Promise<Actual>,
): Promise<Compared> {
	const [actual, columns, tenantId] = await Promise.all([
		read(),
		desired.remove ? undefined : columnsNow(client, lookUps, desired),
		desired.remove ? '' : lookUps.flows.tenantId(client),
	]);
	return { desired, actual, columns, tenantId };
}

/** Undefined where Adobe sees no such table. */
async function columnsNow(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	{ connectionId, table }: Desired,
): Promise<SourceColumn[] | undefined> {
	return await lookUps.flows.columns(client, connectionId, table).catch((error: unknown) => {
		if (!isTableMissing(error)) throw asIs(error);
		return undefined;
	});
}

/** What a deletion removes. */
export function deletedParts(flow: Dataflow): DeletedParts {
	return {
		flowId: flow.id,
		sourceConnectionId: flow.sourceConnectionIds[0],
		targetConnectionId: flow.targetConnectionIds[0],
		mappingId: flow.mappingId,
	};
}

/** One item of a plan: what will be done and why, then what Apply needs. */
export function planOutput(client: ItemClient, compared: Compared): IDataObject {
	const { desired, actual } = compared;
	const verdict: Verdict = judge(compared);
	const [flow] = actual.flows;
	const fingerprint =
		verdict.action === 'delete' && flow !== undefined
			? deletionFingerprint(client, desired, deletedParts(flow))
			: fingerprintOf(client, compared, verdict);
	// What the item says already is left out: n8n's table gives each member of a value a line.
	const { table, dataflow, dataset, connectionId, ...rest } = columnsOfDesired(desired);
	const datasetId = actual.dataset?.id ?? actual.namedDatasets[0]?.id;
	return output({
		table,
		action: verdict.action,
		because: verdict.because,
		breaking: verdict.breaking,
		changes: verdict.changes.map((change): IDataObject => ({ ...change })),
		name: dataflow,
		state: flow?.state,
		schedule: scheduleInWords(flow?.schedule),
		dataset,
		desired: rest,
		fingerprint,
		flowId: flow?.id,
		connectionId,
		datasetId,
		sourceConnectionId: flow?.sourceConnectionIds[0],
		targetConnectionId: flow?.targetConnectionIds[0],
		mappingId: flow?.mappingId,
		url: flow === undefined ? undefined : dataflowUrl(client, flow.id),
		sandboxName: client.sandboxName,
	});
}
