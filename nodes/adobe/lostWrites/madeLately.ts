import type { IDataObject } from 'n8n-workflow';

import type { ItemClient } from '../../platform/client';
import { asRecord } from '../../platform/json';
import type { Resource, ResourceKind } from '../collection';
import { findResource } from '../collection';

/** Adobe's lists show after that time what was made. */
const MAX_LAG_MS = 10 * 60_000;

/** An entry has about a hundred bytes. */
const MAX_ENTRIES = 10_000;

interface Entry {
	id: string;
	atEpochMs: number;
}

/** By kind, organization, sandbox and name. */
const ofThisProcess = new Map<string, Entry>();

const ENTRY = /^(\d+):(.+)$/;

/**
 * Remembers what was made under which name a short time ago. Adobe's lists may not show it yet, and then
 * the next execution would make a second one; by its ID it can be read at once.
 *
 * It is kept in the process and, for the other processes of the same workflow, in its static data, under
 * an HMAC of the name.
 */
export class MadeLately {
	/**
	 * @param kind of resource, e.g. `connections`
	 * @param staticData the node's; it is changed in place, as n8n wants it
	 */
	constructor(
		private readonly kind: string,
		private readonly staticData?: IDataObject,
	) {}

	/** The ID of what was made under this name; undefined where it is long ago or not known. */
	find(client: ItemClient, name: string): string | undefined {
		const entry = ofThisProcess.get(this.keyOf(client, name)) ?? this.stored(client, name);
		return entry !== undefined && isRecent(entry) ? entry.id : undefined;
	}

	/** Those of a name that a list shows, with the one that was made lately and is not among them yet. */
	async completed<T extends Resource>(
		client: ItemClient,
		kind: ResourceKind<T>,
		name: string,
		listed: T[],
	): Promise<T[]> {
		const id = this.find(client, name);
		if (id === undefined || listed.some((one) => one.id === id)) return listed;
		const made = await findResource(client, kind, id);
		if (made?.name === name) return [...listed, made];
		this.forget(client, name);
		return listed;
	}

	note(client: ItemClient, name: string, id: string): void {
		const entry = { id, atEpochMs: Date.now() };
		ofThisProcess.set(this.keyOf(client, name), entry);
		const [oldest] = ofThisProcess.keys();
		if (ofThisProcess.size > MAX_ENTRIES && oldest !== undefined) ofThisProcess.delete(oldest);
		const { staticData } = this;
		if (staticData === undefined) return;
		if (this.entries() === undefined) staticData.madeLately = {};
		const entries = staticData.madeLately as IDataObject;
		entries[this.hashOf(client, name)] = `${entry.atEpochMs}:${id}`;
		prune(entries);
	}

	/** It is not there any more, or has another name. */
	private forget(client: ItemClient, name: string): void {
		ofThisProcess.delete(this.keyOf(client, name));
		const entries = this.entries();
		if (entries !== undefined) delete entries[this.hashOf(client, name)];
	}

	private stored(client: ItemClient, name: string): Entry | undefined {
		const entries = this.entries();
		return entries && read(entries[this.hashOf(client, name)]);
	}

	private entries(): IDataObject | undefined {
		return asRecord(this.staticData?.madeLately) as IDataObject | undefined;
	}

	private keyOf({ scope }: ItemClient, name: string): string {
		return `${this.kind}\n${scope}\n${name}`;
	}

	private hashOf(client: ItemClient, name: string): string {
		return client.fingerprint(this.keyOf(client, name));
	}
}

function read(text: unknown): Entry | undefined {
	const [, at, id] = (typeof text === 'string' && ENTRY.exec(text)) || [];
	return at === undefined || id === undefined ? undefined : { id, atEpochMs: Number(at) };
}

function isRecent({ atEpochMs }: Entry): boolean {
	return Math.abs(Date.now() - atEpochMs) < MAX_LAG_MS;
}

const prunedEpochMs = new WeakMap<IDataObject, number>();

/** Once a minute: it looks at all of them. */
function prune(entries: IDataObject): void {
	if (Date.now() - (prunedEpochMs.get(entries) ?? 0) < 60_000) return;
	prunedEpochMs.set(entries, Date.now());
	for (const [hash, text] of Object.entries(entries)) {
		const entry = read(text);
		if (entry === undefined || !isRecent(entry)) delete entries[hash];
	}
}
