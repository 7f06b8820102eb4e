import type { ItemClient } from '../platform/client';
import { Batches, FilterValues } from './batches';
import { getResource } from './collection';
import type { BaseConnection } from './connections';
import { CONNECTION, findConnections, listConnections } from './connections';
import { MAX_IDS_PER_REQUEST, MAX_NAMES_PER_FILTER } from './filters/limits';
import { fitsInAList } from './filters/nameFilter';

/**
 * Looks connections up by name for many items with few requests: the names of all items are announced
 * beforehand, and the first look-up of one of them asks for the next fifty as well.
 */
export class ConnectionIndex {
	private readonly expected = new Map<string, Set<string>>();
	private readonly found = new Map<string, Promise<BaseConnection[]>>();
	private readonly written = new Map<string, string>();

	/**
	 * Announces a name that will be looked up.
	 *
	 * @param scope of the client that will look it up
	 */
	expect(scope: string, name: string): void {
		const names = this.expected.get(scope) ?? new Set();
		this.expected.set(scope, names.add(name));
	}

	/**
	 * The PostgreSQL base connections of exactly this name, as they were when one of its batch was
	 * first asked for.
	 *
	 * @throws Problem; also for all others that wait for the same batch
	 */
	async find(client: ItemClient, name: string): Promise<BaseConnection[]> {
		const key = keyOf(client.scope, name);
		const id = this.written.get(key);
		if (id !== undefined) return [await getResource(client, CONNECTION, id)];
		if (!this.found.has(key)) this.ask(client, name);
		return (await this.found.get(key)) ?? [];
	}

	/** An item has created or changed the one connection of a name: it is read again by its ID. */
	wrote(scope: string, name: string, id: string): void {
		this.written.set(keyOf(scope, name), id);
	}

	/** Whether an item of this execution has created or changed the connection of a name. */
	isWritten(scope: string, name: string): boolean {
		return this.written.has(keyOf(scope, name));
	}

	/** What is known of a name is outdated: the next look-up asks again. */
	forget(scope: string, name: string): void {
		this.found.delete(keyOf(scope, name));
		this.written.delete(keyOf(scope, name));
	}

	private ask(client: ItemClient, name: string): void {
		const names = this.batchWith(client.scope, name);
		const answer = findConnections(client, { names });
		for (const each of names) {
			const key = keyOf(client.scope, each);
			const mine = answer.then((connections) => connections.filter((one) => one.name === each));
			this.found.set(key, mine);
			// Also keeps an unawaited rejection from ending the process.
			mine.catch(() => this.found.delete(key));
		}
	}

	private batchWith(scope: string, name: string): string[] {
		const expected = this.expected.get(scope) ?? new Set<string>();
		expected.delete(name);
		if (!fitsInAList(name)) return [name];
		const names = new FilterValues(MAX_NAMES_PER_FILTER);
		names.add(name);
		for (const other of expected) {
			if (!fitsInAList(other)) continue;
			if (!names.add(other)) break;
			expected.delete(other);
		}
		return names.all();
	}
}

function keyOf(scope: string, name: string): string {
	return `${scope}\n${name}`;
}

/** What is done with a connection as it is now; nothing where the list does not show it. */
type OnRead = (connection: BaseConnection) => void;

/**
 * Reads the state and the version of new connections, which Adobe's answer to a create lacks: afterwards,
 * a hundred connections a request, while others are still being created, so that it costs a bulk run
 * next to nothing. Where that fails nothing is read: the connections are there, and an item that
 * succeeded must not fail for its state.
 */
export class StateReader extends Batches<OnRead> {
	constructor() {
		super(MAX_IDS_PER_REQUEST, readStates);
	}
}

async function readStates(client: ItemClient, ids: string[], readers: OnRead[]): Promise<void> {
	const { items } = await listConnections(client, {
		filters: [`id==${ids.join(',')}`],
		limit: MAX_IDS_PER_REQUEST,
	});
	const byId = new Map(items.map((connection) => [connection.id, connection]));
	for (const [index, onRead] of readers.entries()) {
		const found = byId.get(ids[index] ?? '');
		if (found !== undefined) onRead(found);
	}
}
