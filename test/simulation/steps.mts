import type { OnError } from 'n8n-workflow';

import type { Database } from './database/databases.mts';
import type { MappingName } from './mappings.mts';
import type { Weather } from './weather.mts';

/** What the connection of an item is to be like. */
export interface WantedConnection {
	name: string;
	description: string | undefined;
	database: Database;
	password: string;
	authMode: 'basic' | 'connectionString';
}

/** What the dataflow of an item is to be like; all read `public.orders`. */
export interface WantedFlow {
	name: string;
	description: string | undefined;
	/** Whether it gets a dataset of its own, which is enabled for Profile. */
	forProfile?: boolean;
}

/** What an item does with something that is there. */
export interface WantedChange {
	/** Of the things of its kind that were there at the beginning. */
	index: number;
	name?: string;
	description?: string;
	/** One of those that the simulation knows. */
	mapping?: MappingName;
}

interface ExecutionOf<Kind extends string, Item> {
	kind: Kind;
	title: string;
	/** When it starts, milliseconds after the beginning. */
	atMs: number;
	/** Which n8n process executes it. */
	process: number;
	items: Item[];
	timeoutMs: number;
	onError: OnError;
	tries: number;
	isProduction: boolean;
	/** When somebody stops it, milliseconds after its start. */
	cancelAfterMs?: number;
	cloud: Weather['cloud'];
	/** Verify, or Wait for Completion. */
	waits: boolean;
}

export type ConnectionStep = ExecutionOf<'create' | 'upsert', WantedConnection>;

export type FlowStep = ExecutionOf<'createFlow', WantedFlow>;

export const CHANGES = [
	'updateConnection',
	'deleteConnection',
	'updateFlow',
	'enable',
	'disable',
	'deleteFlow',
	'run',
	'retry',
	'backfill',
] as const;

export type ChangeStep = ExecutionOf<(typeof CHANGES)[number], WantedChange>;

export type ExecutionStep = ConnectionStep | FlowStep | ChangeStep;

/** Something that somebody else does at Adobe. */
export type StrangerStep = { kind: 'stranger'; atMs: number } & (
	| { does: 'create'; wanted: WantedConnection }
	| { does: 'describe' | 'rename' | 'delete'; of: 'connections' | 'flows'; name: string }
	| { does: 'replaceDetails'; of: 'connections'; name: string; wanted: WantedConnection }
	| { does: 'run' | 'disable' | 'enable'; of: 'flows'; name: string }
);

/** n8n starts again, with what its database holds. */
export interface RestartStep {
	kind: 'restart';
	atMs: number;
	process: number;
}

/** All tokens become invalid. */
export interface RevokeStep {
	kind: 'revoke';
	atMs: number;
}

/** n8n polls the trigger. */
export interface PollStep {
	kind: 'poll';
	atMs: number;
	budgetMs: number;
	/** n8n ends in the middle: nobody sees what it returns, and its static data is not stored. */
	isKilled: boolean;
	/** From here on the sky is clear. */
	isCalm: boolean;
}

/** A run of a dataflow begins, and ends some time later. */
export interface RunStep {
	kind: 'runOfFlow';
	atMs: number;
	flow: number;
	endsAfterMs: number;
	ends: 'failed' | 'success';
	failedRecords: number;
}

export type Step = ExecutionStep | StrangerStep | RestartStep | RevokeStep | PollStep | RunStep;

export interface Scenario {
	about: 'connections' | 'dataflows' | 'trigger';
	databases: Database[];
	/** Connections that were there before, made by us or by somebody else. */
	existing: Array<{ wanted: WantedConnection; isOurs: boolean }>;
	/** Dataflows that were there before, all ours. */
	flows: WantedFlow[];
	/** How the trigger learns of runs. */
	delivery?: 'flowService' | 'journal';
	/** Whether the trigger also tells of dataflows that are disabled. */
	watchesDataflows?: boolean;
	steps: Step[];
}

export function isExecution(step: Step): step is ExecutionStep {
	return 'items' in step;
}

export function isOfConnections(step: ExecutionStep): step is ConnectionStep {
	return step.kind === 'create' || step.kind === 'upsert';
}

export function isChange(step: ExecutionStep): step is ChangeStep {
	return CHANGES.some((kind) => kind === step.kind);
}
