import type { IDataObject } from 'n8n-workflow';

import { asRecord } from '../platform/json';
import type { Stage } from '../outputs/runEvents';
import type { JournalState } from './journal/journalState';
import { isJournalState } from './journal/journalState';
import type { FlowMemory } from './flowMemory';
import { isFlowMemory } from './flowMemory';

/** What is remembered of one run: its ID, its `createdAt` in epoch milliseconds, how far it has come. */
export type KnownRun = [id: string, createdEpochMs: number, stage: Stage];

/** A list that is being read; a later page of it wants the same query again. */
export interface OpenList {
	flowIds: string[];
	fromEpochMs: number;
	/** The page that comes next; absent for the first one. */
	token?: string;
	/** The newest `createdAt` so far, in epoch milliseconds. */
	newestEpochMs: number;
	/** Whether Adobe has sorted what has come so far. */
	sorted: boolean;
}

/** One reading of all dataflows' runs; it may take several polls. */
export interface Round {
	/** When it began, by Adobe's clock; absent before the first answer. */
	beganEpochMs?: number;
	newestEpochMs: number;
	/** Dataflows up to this ID are done. */
	doneThrough: string;
	list?: OpenList;
}

/**
 * What the trigger remembers from poll to poll, in n8n's static data of the node: plain values only.
 * Times are epoch milliseconds by Adobe's clock.
 */
export interface WatchState {
	version: typeof VERSION;
	/** What is watched; with other parameters the state starts from scratch. */
	target: string;
	/** Goes up with every poll that is stored, so that of two at the same time only one is. */
	revision: number;
	/** Events before this are not reported. */
	sinceEpochMs: number;
	/** Whether `sinceEpochMs` was corrected by Adobe's clock. */
	clockChecked: boolean;
	/** Runs created up to here are known, except those that Adobe shows late. */
	cursorEpochMs: number;
	/** Where the next list begins. */
	listFromEpochMs: number;
	round?: Round;
	/** Where the journal of events was read up to, where runs come by that. */
	journal?: JournalState;
	/** The runs since `listFromEpochMs`, and all in flight. An array, as an ID may be `__proto__`. */
	runs: KnownRun[];
	/** What is known of the dataflows themselves; absent where no event of theirs was chosen. */
	dataflows?: FlowMemory;
}

const VERSION = 1;

/**
 * How far back the first list looks, for runs that are in flight when the trigger is activated. Of
 * those, nothing that happened before is reported.
 */
const LOOK_BACK_MS = 6 * 60 * 60_000;

/** The state of a trigger that begins now and knows no history. */
export function freshState(target: string, nowEpochMs: number): WatchState {
	return {
		version: VERSION,
		target,
		revision: 0,
		sinceEpochMs: nowEpochMs,
		clockChecked: false,
		cursorEpochMs: nowEpochMs,
		listFromEpochMs: nowEpochMs - LOOK_BACK_MS,
		runs: [],
	};
}

/**
 * A copy of the state in n8n's static data; undefined where there is none, where it is damaged, of
 * another version, or about something else than the target.
 */
export function readState(data: IDataObject, target: string): WatchState | undefined {
	const copy = JSON.parse(JSON.stringify(data)) as unknown;
	return isWatchState(copy) && copy.target === target ? copy : undefined;
}

/** Writes in place: n8n tracks the object that it gave out. */
export function writeState(data: IDataObject, state: WatchState): void {
	for (const key of Object.keys(data)) {
		if (!(key in state)) delete data[key];
	}
	Object.assign(data, JSON.parse(JSON.stringify(state)));
	if (state.round === undefined) delete data.round;
	if (state.journal === undefined) delete data.journal;
	if (state.dataflows === undefined) delete data.dataflows;
}

/**
 * Stores what a poll has found out, unless another poll has done so since the state was read: n8n may
 * start one while the previous one is still running.
 *
 * @returns whether it was stored; if not, the poll must not return anything
 */
export function commitState(data: IDataObject, state: WatchState): boolean {
	const stored = readState(data, state.target);
	if (stored === undefined || stored.revision !== state.revision) return false;
	writeState(data, { ...state, revision: state.revision + 1 });
	return true;
}

function isWatchState(value: unknown): value is WatchState {
	const state = asRecord(value);
	return (
		state !== undefined &&
		state.version === VERSION &&
		typeof state.target === 'string' &&
		typeof state.clockChecked === 'boolean' &&
		[state.revision, state.sinceEpochMs, state.cursorEpochMs, state.listFromEpochMs].every(
			isTime,
		) &&
		(state.round === undefined || isRound(state.round)) &&
		(state.journal === undefined || isJournalState(state.journal)) &&
		(state.dataflows === undefined || isFlowMemory(state.dataflows)) &&
		Array.isArray(state.runs) &&
		state.runs.every(isKnownRun)
	);
}

function isRound(value: unknown): value is Round {
	const round = asRecord(value);
	return (
		round !== undefined &&
		(round.beganEpochMs === undefined || isTime(round.beganEpochMs)) &&
		isTime(round.newestEpochMs) &&
		typeof round.doneThrough === 'string' &&
		(round.list === undefined || isOpenList(round.list))
	);
}

function isOpenList(value: unknown): value is OpenList {
	const list = asRecord(value);
	return (
		list !== undefined &&
		Array.isArray(list.flowIds) &&
		list.flowIds.length > 0 &&
		list.flowIds.every((id) => typeof id === 'string') &&
		isTime(list.fromEpochMs) &&
		isTime(list.newestEpochMs) &&
		typeof list.sorted === 'boolean' &&
		(list.token === undefined || typeof list.token === 'string')
	);
}

function isKnownRun(value: unknown): value is KnownRun {
	if (!Array.isArray(value) || value.length !== 3) return false;
	const [id, createdEpochMs, stage] = value as unknown[];
	return typeof id === 'string' && isTime(createdEpochMs) && [0, 1, 2].includes(stage as number);
}

function isTime(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}
