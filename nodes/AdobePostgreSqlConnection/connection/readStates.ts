import { listConnections } from '../../flowService/connections';
import type { Outcome } from '../../operations/operation';
import type { ItemClient } from '../../platform/client';

// Fifty UUIDs keep the address below two kilobytes.
const IDS_A_REQUEST = 50;

/**
 * Adobe's answer to a create has no state. It is asked for afterwards, fifty connections a
 * request, so that it costs a bulk run next to nothing. Where that fails it stays null: the
 * connections are there, and an item that succeeded must not fail for its state.
 */
export async function readStates(
	outcomes: Outcome[],
	clientOf: (itemIndex: number) => ItemClient,
): Promise<void> {
	const bySandbox = new Map<string, Outcome[]>();
	for (const outcome of outcomes) {
		if (outcome.json.state !== null) continue;
		const sandboxName = String(outcome.json.sandboxName);
		bySandbox.set(sandboxName, [...(bySandbox.get(sandboxName) ?? []), outcome]);
	}
	for (const unknown of bySandbox.values()) {
		for (let start = 0; start < unknown.length; start += IDS_A_REQUEST) {
			await readBatch(unknown.slice(start, start + IDS_A_REQUEST), clientOf);
		}
	}
}

async function readBatch(
	batch: Outcome[],
	clientOf: (itemIndex: number) => ItemClient,
): Promise<void> {
	const first = batch[0];
	if (first === undefined) return;
	try {
		const { items } = await listConnections(clientOf(first.itemIndex), {
			filters: [`id==${batch.map(({ json }) => String(json.id)).join(',')}`],
			limit: IDS_A_REQUEST,
		});
		const byId = new Map(items.map((connection) => [connection.id, connection]));
		for (const { json } of batch) {
			const found = byId.get(String(json.id));
			json.state = found?.state ?? null;
			json.etag = found?.etag ?? json.etag;
		}
	} catch {
		return;
	}
}
