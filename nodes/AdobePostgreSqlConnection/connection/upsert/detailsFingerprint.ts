import type { IDataObject } from 'n8n-workflow';

import type { NewConnection } from '../../../adobe/connections';
import type { ItemClient } from '../../../platform/client';
import { asRecord } from '../../../platform/json';

type Details = Pick<NewConnection, 'authMode' | 'params'>;

/** Whether details are the ones that Adobe was sent last, as far as is remembered. */
export type Knowledge = 'same' | 'other' | 'unknown';

interface Entry {
	fingerprint: string;
	atEpochMs: number;
	/** False for details that were given when nothing was known, and were not sent. */
	sent: boolean;
}

/** In front of an entry whose details were not sent. */
const UNSENT = 'unsent ';
const ENTRY = new RegExp(`^(${UNSENT})?(\\d+):(.+)$`);

// An entry has about a hundred bytes.
const MAX_ENTRIES = 10_000;

/**
 * What this process has sent, by the connection's ID. n8n stores static data after production
 * executions only, so that this alone notices a new password in a manual execution; and Create and
 * Update, which send details in any case, tell Create or Update by it.
 */
const ofThisProcess = new Map<string, Entry>();

/**
 * Remembers which database details were sent last for which connection. Adobe shows no secrets, so
 * this alone tells that a password is a new one. What is kept is an HMAC under the credential's
 * client secret, with which a password can be recognized, but not found by trying.
 *
 * It is kept in the process and in the workflow's static data; the newer one counts, and what was sent
 * counts before what was only given. A stale memory costs one write too many; without a memory it is
 * not known whether details are the same.
 */
export class DetailsMemory {
	/** @param staticData the node's; it is changed in place, as n8n wants it */
	constructor(private readonly staticData: IDataObject) {}

	knowledge(client: ItemClient, id: string, details: Details): Knowledge {
		const stored = this.read(client, id);
		const known = better(ofThisProcess.get(id), stored);
		if (known === undefined) return 'unknown';
		// A manual execution leaves nothing in the static data, and this process ends some day.
		if (known !== stored) this.write(client, id, known);
		if (known.fingerprint !== fingerprintOf(client, details)) return 'other';
		return known.sent ? 'same' : 'unknown';
	}

	/** These details were sent. */
	remember(client: ItemClient, id: string, details: Details): void {
		this.write(client, id, rememberSent(id, fingerprintOf(client, details)));
	}

	/** These details were given, and not sent: whether Adobe has the same is not known. */
	noteUnsent(client: ItemClient, id: string, details: Details): void {
		const fingerprint = fingerprintOf(client, details);
		this.write(client, id, keepInProcess(id, { fingerprint, atEpochMs: Date.now(), sent: false }));
	}

	private read(client: ItemClient, id: string): Entry | undefined {
		const entry = this.entries()[keyOf(client, id)];
		const [, unsent, at, fingerprint] = (typeof entry === 'string' && ENTRY.exec(entry)) || [];
		if (at === undefined || fingerprint === undefined) return undefined;
		return { fingerprint, atEpochMs: Number(at), sent: unsent === undefined };
	}

	/** As a string, which static data holds for sure. */
	private write(client: ItemClient, id: string, { fingerprint, atEpochMs, sent }: Entry): void {
		const entries = this.entries();
		const key = keyOf(client, id);
		// Deleted first, so that the one written last is the last of them.
		delete entries[key];
		entries[key] = `${sent ? '' : UNSENT}${atEpochMs}:${fingerprint}`;
		const keys = Object.keys(entries);
		for (const old of keys.slice(0, Math.max(0, keys.length - MAX_ENTRIES))) delete entries[old];
	}

	private entries(): IDataObject {
		if (asRecord(this.staticData.sentDetails) === undefined) this.staticData.sentDetails = {};
		return this.staticData.sentDetails as IDataObject;
	}
}

/**
 * Remembers within this process alone, for operations that send details in any case.
 *
 * @param fingerprint of the details
 */
export function rememberSent(id: string, fingerprint: string): Entry {
	return keepInProcess(id, { fingerprint, atEpochMs: Date.now(), sent: true });
}

/** Forgets the oldest where there are too many. */
function keepInProcess(id: string, entry: Entry): Entry {
	ofThisProcess.delete(id);
	ofThisProcess.set(id, entry);
	const [oldest] = ofThisProcess.keys();
	if (ofThisProcess.size > MAX_ENTRIES && oldest !== undefined) ofThisProcess.delete(oldest);
	return entry;
}

/** Stands for details; nobody can find them from it. */
export function fingerprintOf(client: ItemClient, { authMode, params }: Details): string {
	const sorted = Object.entries(params).sort(([one], [other]) => (one < other ? -1 : 1));
	return client.fingerprint(JSON.stringify([authMode, sorted]));
}

/** What was sent before what was not; then the newer one. */
function better(one: Entry | undefined, other: Entry | undefined): Entry | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	if (one.sent !== other.sent) return one.sent ? one : other;
	return other.atEpochMs > one.atEpochMs ? other : one;
}

/** What was remembered under another client secret can't be compared any more. */
function keyOf(client: ItemClient, id: string): string {
	return `${client.fingerprint('sentDetails')} ${id}`;
}
