import type { IDataObject } from 'n8n-workflow';

import type { NewConnection } from '../../flowService/connections';
import type { ItemClient } from '../../platform/client';

type Details = Pick<NewConnection, 'authMode' | 'params'>;

/** Whether details are the ones that were sent last, as far as is remembered. */
export type Knowledge = 'same' | 'other' | 'unknown';

interface Memory {
	fingerprint: string;
	sentEpochMs: number;
}

// A connection's entry has about a hundred bytes.
const MOST_REMEMBERED = 10_000;

/** What this process has sent. n8n keeps the workflow's own memory for production runs only. */
const ofThisProcess = new Map<string, Memory>();

/**
 * Remembers which database details were sent last for which connection. Adobe shows no secrets, so
 * this alone tells that a password is a new one. What is kept is an HMAC under the credential's
 * client secret, with which a password can be recognized, but not found by trying.
 *
 * It is kept in the process and in the workflow's static data, the newer one counts. A stale memory
 * costs one write too many; without a memory, details that show no difference count as the same.
 */
export class SentDetails {
	/** @param stored the node's static data; it is changed in place, as n8n wants it */
	constructor(private readonly stored: IDataObject) {}

	knowledge(client: ItemClient, id: string, details: Details): Knowledge {
		const memory = newer(ofThisProcess.get(id), this.read(client, id));
		if (memory === undefined) return 'unknown';
		return memory.fingerprint === fingerprintOf(client, details) ? 'same' : 'other';
	}

	remember(client: ItemClient, id: string, details: Details): void {
		const { fingerprint, sentEpochMs } = rememberSent(id, fingerprintOf(client, details));
		const entries = this.entries(client);
		const key = keyOf(id);
		// Deleted first, so that the one written last is the last of them.
		delete entries[key];
		entries[key] = `${sentEpochMs}:${fingerprint}`;
		const keys = Object.keys(entries);
		for (const old of keys.slice(0, Math.max(0, keys.length - MOST_REMEMBERED))) {
			delete entries[old];
		}
	}

	private read(client: ItemClient, id: string): Memory | undefined {
		const entry = this.entries(client)[keyOf(id)];
		const match = typeof entry === 'string' ? /^(\d+):(.+)$/.exec(entry) : null;
		if (match?.[1] === undefined || match[2] === undefined) return undefined;
		return { sentEpochMs: Number(match[1]), fingerprint: match[2] };
	}

	/** What was remembered under another client secret can't be compared any more. */
	private entries(client: ItemClient): IDataObject {
		const secretOf = client.fingerprint('sentDetails');
		const { sentDetails } = this.stored;
		if (this.stored.sentDetailsKey !== secretOf || !isEntries(sentDetails)) {
			this.stored.sentDetailsKey = secretOf;
			this.stored.sentDetails = {};
		}
		return this.stored.sentDetails as IDataObject;
	}
}

/**
 * Remembers within this process alone, for operations that send details in any case.
 *
 * @param fingerprint of the details
 */
export function rememberSent(id: string, fingerprint: string): Memory {
	const memory = { fingerprint, sentEpochMs: Date.now() };
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

function newer(one: Memory | undefined, other: Memory | undefined): Memory | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	return other.sentEpochMs > one.sentEpochMs ? other : one;
}

// An ID called `__proto__` must not become a prototype.
function keyOf(id: string): string {
	return `id ${id}`;
}

function isEntries(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
