import type { ItemClient } from '../platform/client';
import { asRecord, textOf } from '../platform/shape';
import { FLOW_SERVICE } from './path';

/** A dataflow, as far as it is needed to name it. */
export interface DataflowName {
	id: string;
	name?: string;
}

const MOST = 20;

/**
 * The dataflows that a base connection feeds, the first twenty: its source connections
 * (`baseConnectionId`), then the flows that use these (`sourceConnectionIds[]`).
 */
export async function dataflowsOf(
	client: ItemClient,
	connectionId: string,
): Promise<DataflowName[]> {
	const sources = await list(client, 'sourceConnections', `baseConnectionId==${connectionId}`);
	if (sources.length === 0) return [];
	return await list(
		client,
		'flows',
		`sourceConnectionIds[]==${sources.map(({ id }) => id).join(',')}`,
	);
}

async function list(client: ItemClient, resource: string, filter: string): Promise<DataflowName[]> {
	const answer = await client.request({
		method: 'GET',
		path: [...FLOW_SERVICE, resource],
		query: [
			['property', filter],
			['limit', String(MOST)],
		],
		operation: 'Find the dataflows of a connection',
		permission: 'View Sources',
	});
	const items = asRecord(answer.body)?.items;
	return (Array.isArray(items) ? items : []).flatMap((item) => {
		const record = asRecord(item);
		const id = textOf(record?.id);
		return id === undefined ? [] : [{ id, name: textOf(record?.name) }];
	});
}
