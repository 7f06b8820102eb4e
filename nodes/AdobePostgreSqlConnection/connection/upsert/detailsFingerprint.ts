import type { IDataObject } from 'n8n-workflow';

import type { NewConnection } from '../../../adobe/connections';
import type { ItemClient } from '../../../platform/client';

type Details = Pick<NewConnection, 'authMode' | 'params'>;

/** Whether details are the ones that Adobe was sent last, as far as is remembered. */
export type Knowledge = 'same' | 'other' | 'unknown';

interface Memory {
	fingerprint: string;
	atEpochMs: number;
	/** False for details that were given when nothing was known, and were not sent. */
	sent: boolean;
}

/** In front of an entry whose details were not sent. */
const UNSENT = 'unsent ';
const ENTRY = new RegExp(`^(${UNSENT})?(\\d+):(.+)$`);

// A connection's entry has about a hundred bytes.
const MOST_REMEMBERED = 10_000;

/** What this process has sent. n8n keeps the workflow's own memory for production runs only. */
const ofThisProcess = new Map<string, Memory>();

/**
 * Remembers which database details were sent last for which connection. Adobe shows no secrets, so
 * this alone tells that a password is a new one. What is kept is an HMAC under the credential's
 * client secret, with which a password can be recognized, but not found by trying.
 *
 * It is kept in the process and in the workflow's static data; the newer one counts, and what was sent
 * counts before what was only given. A stale memory costs one write too many; without a memory it is
 * not known whether details are the same.
 */
export class SentDetails {
	/** @param stored the node's static data; it is changed in place, as n8n wants it */
	constructor(private readonly stored: IDataObject) {}

	knowledge(client: ItemClient, id: string, details: Details): Knowledge {
		const stored = this.read(client, id);
		const memory = better(ofThisProcess.get(id), stored);
		if (memory === undefined) return 'unknown';
		// A manual execution leaves nothing in the static data, and this process ends some day.
		if (memory !== stored) this.write(client, id, memory);
		if (memory.fingerprint !== fingerprintOf(client, details)) return 'other';
		return memory.sent ? 'same' : 'unknown';
	}

	remember(client: ItemClient, id: string, details: Details): void {
		this.write(client, id, rememberSent(id, fingerprintOf(client, details)));
	}

	/** These details were given, and not sent: whether Adobe has the same is not known. */
	noteUnsent(client: ItemClient, id: string, details: Details): void {
		const fingerprint = fingerprintOf(client, details);
		this.write(client, id, keepInProcess(id, { fingerprint, atEpochMs: Date.now(), sent: false }));
	}

	private write(client: ItemClient, id: string, { fingerprint, atEpochMs, sent }: Memory): void {
		const entries = this.entries();
		const key = keyOf(client, id);
		// Deleted first, so that the one written last is the last of them.
		delete entries[key];
		entries[key] = `${sent ? '' : UNSENT}${atEpochMs}:${fingerprint}`;
		const keys = Object.keys(entries);
		for (const old of keys.slice(0, Math.max(0, keys.length - MOST_REMEMBERED))) {
			delete entries[old];
		}
	}

	private read(client: ItemClient, id: string): Memory | undefined {
		const entry = this.entries()[keyOf(client, id)];
		const match = typeof entry === 'string' ? ENTRY.exec(entry) : null;
		const [, unsent, at, fingerprint] = match ?? [];
		if (at === undefined || fingerprint === undefined) return undefined;
		return { atEpochMs: Number(at), fingerprint, sent: unsent === undefined };
	}

	private entries(): IDataObject {
		if (!isEntries(this.stored.sentDetails)) this.stored.sentDetails = {};
		return this.stored.sentDetails as IDataObject;
	}
}

/**
 * Remembers within this process alone, for operations that send details in any case.
 *
 * @param fingerprint of the details
 */
export function rememberSent(id: string, fingerprint: string): Memory {
	return keepInProcess(id, { fingerprint, atEpochMs: Date.now(), sent: true });
}

function keepInProcess(id: string, memory: Memory): Memory {
	ofThisProcess.delete(id);
	ofThisProcess.set(id, memory);
	const [oldest] = ofThisProcess.keys();
	if (ofThisProcess.size > MOST_REMEMBERED && oldest !== undefined) ofThisProcess.delete(oldest);
	return memory;
}

/** Stands for details; nobody can find them from it. */
export function fingerprintOf(client: ItemClient, { authMode, params }: Details): string {
	const sorted = Object.entries(params).sort(([one], [other]) => (one < other ? -1 : 1));
	return client.fingerprint(JSON.stringify([authMode, sorted]));
}

/** What was sent before what was not; then the newer one. */
function better(one: Memory | undefined, other: Memory | undefined): Memory | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	if (one.sent !== other.sent) return one.sent ? one : other;
	return other.atEpochMs > one.atEpochMs ? other : one;
}

/** What was remembered under another client secret can't be compared any more. */
function keyOf(client: ItemClient, id: string): string {
	return `${client.fingerprint('sentDetails')} ${id}`;
}

function isEntries(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
