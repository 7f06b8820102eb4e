import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { asRecord } from '../platform/json';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long what was missed may wait, as long as others are delivered. */
const CATCH_UP_EVERY_MS = 10 * MINUTE_MS;

/** The same where it is known that something was missed. */
const CATCH_UP_SOON_MS = 2 * MINUTE_MS;

/** Adobe delivers an event again for a day; what is older by then is not new. */
export const NEWS_FOR_MS = 25 * HOUR_MS;

/** 72 bits in base64url: two of ten thousand are the same once in some hundred billion cases. */
const HASH_LENGTH = 12;

/** 120 kB in n8n's database, which writes them with every event. */
const MAX_SEEN = 10_000;

const VERSION = 1;

/**
 * What the trigger remembers, in n8n's static data of the node: plain values only. Events are remembered by a
 * hash, those of an hour in one string, because n8n stores the whole with each of them.
 */
export interface SeenState {
	version: typeof VERSION;
	/** What is watched; with other parameters the state starts from scratch. */
	target: string;
	/** Events before this are not caught up. */
	sinceEpochMs: number;
	/** Runs that have started or ended before this are known. */
	caughtUpEpochMs: number;
	/** What happened before may be forgotten, so it counts as seen. */
	forgottenEpochMs: number;
	/** Hashes by the hour that they were seen in, hours since 1970. */
	hours: Record<string, string>;
}

/**
 * The events that a trigger has seen. It is kept in this process, so that of two deliveries at the same time
 * one is taken; what n8n has stored is added to it, so that it outlives the process and is known to others.
 */
export class SeenEvents {
	private readonly hours = new Map<number, Set<string>>();
	private caughtUpEpochMs: number;
	private forgottenEpochMs = 0;
	/** Set while there is something that was not reported as it should have been. */
	isBehind = false;
	private isCatchingUp = false;

	constructor(
		private readonly target: string,
		readonly sinceEpochMs: number,
	) {
		this.caughtUpEpochMs = sinceEpochMs;
	}

	/** Everything before was looked at; only goes up. */
	get caughtUp(): number {
		return this.caughtUpEpochMs;
	}

	set caughtUp(epochMs: number) {
		this.caughtUpEpochMs = Math.max(this.caughtUpEpochMs, epochMs);
	}

	/** Looks for what was missed, when it is time; of several deliveries at once, one does. */
	async catchUpOnce(
		nowEpochMs: number,
		work: (nowEpochMs: number) => Promise<void>,
	): Promise<void> {
		const sinceMs = nowEpochMs - this.caughtUpEpochMs;
		const isDue = sinceMs > (this.isBehind ? CATCH_UP_SOON_MS : CATCH_UP_EVERY_MS);
		if (!isDue || this.isCatchingUp) return;
		this.isCatchingUp = true;
		try {
			await work(nowEpochMs);
		} finally {
			this.isCatchingUp = false;
		}
	}

	/** Adds what another process has stored. */
	add({ hours, caughtUpEpochMs, forgottenEpochMs }: SeenState): void {
		this.caughtUp = caughtUpEpochMs;
		this.forgottenEpochMs = Math.max(this.forgottenEpochMs, forgottenEpochMs);
		for (const [hour, hashes] of Object.entries(hours)) {
			const known = this.hourOf(Number(hour));
			for (let at = 0; at < hashes.length; at += HASH_LENGTH) {
				known.add(hashes.slice(at, at + HASH_LENGTH));
			}
		}
	}

	/** Whether what happened then can be news at all. */
	isNews(atEpochMs: number, nowEpochMs: number): boolean {
		// A run without any time of its own can't be old.
		if (atEpochMs <= 0) return true;
		return atEpochMs >= Math.max(nowEpochMs - NEWS_FOR_MS, this.forgottenEpochMs);
	}

	has(id: string): boolean {
		const hash = hashOf(id);
		return [...this.hours.values()].some((hashes) => hashes.has(hash));
	}

	/**
	 * Takes an event, once: nothing is awaited between the look and the note.
	 *
	 * @returns whether nobody has taken it before
	 */
	take(id: string, nowEpochMs: number): boolean {
		if (this.has(id)) return false;
		this.hourOf(Math.floor(nowEpochMs / HOUR_MS)).add(hashOf(id));
		this.forget(nowEpochMs);
		return true;
	}

	/** Gives an event back that was taken and not reported. */
	giveBack(id: string): void {
		const hash = hashOf(id);
		for (const hashes of this.hours.values()) hashes.delete(hash);
	}

	state(): SeenState {
		const { target, sinceEpochMs, caughtUpEpochMs, forgottenEpochMs } = this;
		const hours = Object.fromEntries(
			[...this.hours].map(([hour, hashes]) => [String(hour), [...hashes].join('')]),
		);
		return { version: VERSION, target, sinceEpochMs, caughtUpEpochMs, forgottenEpochMs, hours };
	}

	private hourOf(hour: number): Set<string> {
		const known = this.hours.get(hour) ?? new Set();
		this.hours.set(hour, known);
		return known;
	}

	/** Whole hours: those that are too old, and the oldest ones of too many. */
	private forget(nowEpochMs: number): void {
		let count = 0;
		const [newest = 0, ...others] = [...this.hours.keys()].sort((a, b) => b - a);
		count += this.hours.get(newest)?.size ?? 0;
		for (const hour of others) {
			count += this.hours.get(hour)?.size ?? 0;
			const endEpochMs = (hour + 1) * HOUR_MS;
			const isTooMany = count > MAX_SEEN;
			if (endEpochMs >= nowEpochMs - NEWS_FOR_MS && !isTooMany) continue;
			this.hours.delete(hour);
			if (isTooMany) this.forgottenEpochMs = Math.max(this.forgottenEpochMs, endEpochMs);
		}
	}
}

/** Of this process, by workflow and node. */
const ofTriggers = new Map<string, SeenEvents>();

/**
 * What the trigger has seen, here and elsewhere.
 *
 * @param trigger identifies the node
 * @param data n8n's static data of the node
 * @param nowEpochMs by Adobe's clock, for a trigger that has seen nothing yet
 */
export function seenBy(
	trigger: string,
	data: IDataObject,
	target: string,
	nowEpochMs: number,
): SeenEvents {
	const key = `${trigger} ${target}`;
	const stored = readState(data, target);
	const seen = ofTriggers.get(key) ?? new SeenEvents(target, stored?.sinceEpochMs ?? nowEpochMs);
	if (stored !== undefined) seen.add(stored);
	// With other parameters it starts from scratch, also when the former ones come back.
	for (const other of ofTriggers.keys()) {
		if (other.startsWith(`${trigger} `) && other !== key) ofTriggers.delete(other);
	}
	ofTriggers.set(key, seen);
	return seen;
}

/** Writes in place: n8n tracks the object that it gave out. */
export function store(seen: SeenEvents, data: IDataObject): void {
	const state = seen.state() as unknown as IDataObject;
	for (const key of Object.keys(data)) {
		if (!(key in state)) delete data[key];
	}
	Object.assign(data, JSON.parse(JSON.stringify(state)));
}

function readState(data: IDataObject, target: string): SeenState | undefined {
	const copy = JSON.parse(JSON.stringify(data)) as unknown;
	return isSeenState(copy) && copy.target === target ? copy : undefined;
}

function isSeenState(value: unknown): value is SeenState {
	const state = asRecord(value);
	const hours = asRecord(state?.hours);
	return (
		state !== undefined &&
		state.version === VERSION &&
		typeof state.target === 'string' &&
		[state.sinceEpochMs, state.caughtUpEpochMs, state.forgottenEpochMs].every(
			(time) => typeof time === 'number' && Number.isFinite(time),
		) &&
		hours !== undefined &&
		Object.entries(hours).every(
			([hour, hashes]) => /^\d{1,9}$/.test(hour) && typeof hashes === 'string',
		)
	);
}

function hashOf(id: string): string {
	return createHash('sha256').update(id).digest('base64url').slice(0, HASH_LENGTH);
}
