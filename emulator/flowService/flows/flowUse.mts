import type { Origin } from '../../identity/caller.mts';
import type { StoredConnection } from '../connections/connection.mts';
import { DATA_LAKE_SPEC } from '../flowEnds/dataLakeSpec.mts';
import { CRM_TO_AEP } from './crmToAepSpec.mts';
import type { FlowParts, StoredFlow } from './flowParts.mts';

/** The flows that read from a base connection. */
export function flowsOfConnection(parts: FlowParts, connectionId: string): StoredFlow[] {
	const sources = parts.sourceConnections
		.all()
		.filter(({ baseConnectionId }) => baseConnectionId === connectionId);
	const ids = new Set(sources.map(({ id }) => id));
	return parts.flows.all().filter(({ sourceConnectionIds: [id] }) => ids.has(id));
}

/** Whether any flow reads from that source connection, or writes to that target connection. */
export function isUsed(parts: FlowParts, id: string): boolean {
	return parts.flows
		.all()
		.some((flow) => flow.sourceConnectionIds[0] === id || flow.targetConnectionIds[0] === id);
}

/** The dataset of a flow that only has to exist. */
export interface AnyDataSet {
	id: string;
	schemaRef: { id: string };
}

/**
 * Replaces the flows of a connection by new ones, with a source and a target connection each. Their
 * start time has passed, so they have no runs of their own.
 */
export function replaceFlows(
	parts: FlowParts,
	connection: StoredConnection,
	names: string[],
	dataSet: AnyDataSet,
	now: number,
): StoredFlow[] {
	for (const flow of flowsOfConnection(parts, connection.id)) {
		parts.flows.delete(flow.id);
		parts.sourceConnections.delete(flow.sourceConnectionIds[0]);
		parts.targetConnections.delete(flow.targetConnectionIds[0]);
	}
	return names.map((name) => makeFlow(parts, connection, name, dataSet, now));
}

function makeFlow(
	parts: FlowParts,
	connection: StoredConnection,
	name: string,
	dataSet: AnyDataSet,
	now: number,
): StoredFlow {
	const { createdBy, createdClient, sandboxId, sandboxName, imsOrgId } = connection;
	const place = { sandboxId, sandboxName, imsOrgId };
	const by = { createdBy, updatedBy: createdBy, createdClient, updatedClient: createdClient };
	const origin: Origin = { ...by, ...place };
	const source = parts.sourceConnections.create({
		...origin,
		name: `${name} source`,
		baseConnectionId: connection.id,
		connectionSpec: connection.connectionSpec,
		data: { format: 'tabular' },
		params: { tableName: 'public.orders', columns: [] },
	});
	const version = 'application/vnd.adobe.xed-full+json;version=1';
	const target = parts.targetConnections.create({
		...origin,
		name: `${name} target`,
		connectionSpec: DATA_LAKE_SPEC,
		data: { schema: { id: dataSet.schemaRef.id, version } },
		params: { dataSetId: dataSet.id },
	});
	return parts.flows.create({
		...origin,
		name,
		flowSpec: { id: CRM_TO_AEP.id, version: CRM_TO_AEP.version },
		sourceConnectionIds: [source.id],
		targetConnectionIds: [target.id],
		transformations: [],
		scheduleParams: { startTime: String(Math.floor(now / 1000)), frequency: 'once' },
		lastDueAt: now,
	});
}
