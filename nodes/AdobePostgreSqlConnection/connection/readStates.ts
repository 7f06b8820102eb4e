import { listConnections } from '../../flowService/connections';
import type { Outcome, RunEnd } from '../../operations/operation';
import { inBatches } from './inBatches';

// A hundred UUIDs keep the address below four kilobytes.
const IDS_A_REQUEST = 100;

/**
 * Adobe's answer to a create has no state. It is asked for afterwards, a hundred connections a
 * request, so that it costs a bulk run next to nothing. Where that fails it stays null: the
 * connections are there, and an item that succeeded must not fail for its state.
 */
export async function readStates(outcomes: Outcome[], run: RunEnd): Promise<void> {
	const unknown = outcomes.filter(({ json }) => json.state === null);
	await inBatches(unknown, IDS_A_REQUEST, async (batch, first) => {
		const { items } = await listConnections(run.clientOf(first.itemIndex), {
			filters: [`id==${batch.map(({ json }) => String(json.id)).join(',')}`],
			limit: IDS_A_REQUEST,
		});
		const byId = new Map(items.map((connection) => [connection.id, connection]));
		for (const { json } of batch) {
			const found = byId.get(String(json.id));
			json.state = found?.state ?? null;
			json.etag = found?.etag ?? json.etag;
		}
	});
}
