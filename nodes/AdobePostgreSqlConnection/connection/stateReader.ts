import type { IDataObject } from 'n8n-workflow';

import { listConnections } from '../../flowService/connections';
import type { ItemClient } from '../../platform/client';

// A hundred UUIDs keep the address below four kilobytes.
const IDS_A_REQUEST = 100;

/**
 * Adobe's answer to a create has no state. It is asked for afterwards, a hundred connections a
 * request, while others are still being made, so that it costs a bulk run next to nothing. Where that
 * fails it stays null: the connections are there, and an item that succeeded must not fail for its
 * state.
 */
export class StateReader {
	private readonly waiting = new Map<string, IDataObject[]>();
	private readonly lastClients = new Map<string, ItemClient>();
	private readonly underWay: Array<Promise<void>> = [];

	/** @param json what the item puts out; its `state` and `etag` are filled in later */
	add(client: ItemClient, json: IDataObject): void {
		const { scope } = client;
		const batch = this.waiting.get(scope) ?? [];
		batch.push(json);
		this.waiting.set(scope, batch);
		this.lastClients.set(scope, client);
		if (batch.length === IDS_A_REQUEST) this.read(scope);
	}

	/** Asks for those that are left, and waits for all answers. */
	async finish(): Promise<void> {
		for (const scope of this.waiting.keys()) this.read(scope);
		await Promise.all(this.underWay);
	}

	private read(scope: string): void {
		const batch = this.waiting.get(scope) ?? [];
		const client = this.lastClients.get(scope);
		this.waiting.set(scope, []);
		if (client === undefined || batch.length === 0) return;
		this.underWay.push(readBatch(client, batch).catch(() => {}));
	}
}

async function readBatch(client: ItemClient, batch: IDataObject[]): Promise<void> {
	const { items } = await listConnections(client, {
		filters: [`id==${batch.map(({ id }) => String(id)).join(',')}`],
		limit: IDS_A_REQUEST,
	});
	const byId = new Map(items.map((connection) => [connection.id, connection]));
	for (const json of batch) {
		const found = byId.get(String(json.id));
		json.state = found?.state ?? null;
		json.etag = found?.etag ?? json.etag;
	}
}
