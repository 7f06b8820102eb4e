import type { IDataObject } from 'n8n-workflow';

import type { StoredConnection } from '../../../emulator/emulator.mts';
import type { Try } from '../host.mts';
import type { ExecutedStep, Story } from '../simulation.mts';
import type { ChangeStep, ConnectionStep, ExecutionStep, FlowStep } from '../steps.mts';
import { isChange, isOfConnections } from '../steps.mts';

export type Invariant =
	| 'the ID exists'
	| 'it is as wanted'
	| 'unchanged means the same'
	| 'verified means it works'
	| 'ours is accounted for'
	| 'a retry loses nothing'
	| 'one of each'
	| 'what was made is known'
	| 'theirs is not taken'
	| 'theirs is not touched'
	| 'errors are true'
	| 'a change names its version'
	| 'a token is replaced'
	| 'what can be known is told'
	| 'in time'
	| 'it ends'
	| 'no secret'
	| 'no crash'
	| 'each event once'
	| 'each window once'
	| 'in calm weather all goes well';

export type Found = [invariant: Invariant, what: string];

/** What became of one item, as the user sees it. */
export interface ItemEnd<S extends ExecutionStep = ExecutionStep> {
	one: ExecutedStep;
	step: S;
	wanted: S['items'][number];
	beganEpochMs: number;
	endedEpochMs: number;
	/** Of an item that succeeded. */
	json?: IDataObject;
	/** Of one that failed. */
	error?: string;
}

/** The story, in the form in which it is asked. */
export class Facts {
	readonly ends: ItemEnd[];
	readonly connections: ReadonlyMap<string, StoredConnection>;
	readonly ourClientId: string;

	constructor(readonly story: Story) {
		this.ends = story.steps.flatMap(endsOf);
		const { state, emulator } = story.adobe;
		this.connections = new Map(state.connections.all().map((one) => [one.id, one]));
		this.ourClientId = emulator.clientId;
	}

	endsOfConnections(): Array<ItemEnd<ConnectionStep>> {
		return this.ends.filter((end): end is ItemEnd<ConnectionStep> => isOfConnections(end.step));
	}

	endsOfFlows(): Array<ItemEnd<FlowStep>> {
		return this.ends.filter((end): end is ItemEnd<FlowStep> => end.step.kind === 'createFlow');
	}

	endsOfChanges(): Array<ItemEnd<ChangeStep>> {
		return this.ends.filter((end): end is ItemEnd<ChangeStep> => isChange(end.step));
	}

	/** The connections that we have made in this story and that are still there. */
	made(): StoredConnection[] {
		return [...this.connections.values()].filter(
			({ id, createdClient }) => createdClient === this.ourClientId && !this.story.before.has(id),
		);
	}

	/**
	 * Since when what an item has done to something counts: since its last try began, or since an earlier try has
	 * written to it, where the last one has only handed on what that had come to.
	 */
	private sinceEpochMs({ step, beganEpochMs }: ItemEnd, id: string): number {
		const own = this.story.processed.filter(({ execution }) => execution === step.title);
		const written = own.find(({ method, path, answer, status }) =>
			method === 'POST' ? answer.includes(id) : isChanged(method, status) && path.includes(id),
		);
		const isAskedFor = own.some(
			({ method, path, epochMs }) =>
				method === 'GET' && path.includes(id) && epochMs >= beganEpochMs,
		);
		return isAskedFor ? beganEpochMs : Math.min(beganEpochMs, written?.epochMs ?? Infinity);
	}

	/** Whether somebody else has done something to what an item has put out. */
	isDisturbedAfter(end: ItemEnd, id: string): boolean {
		return this.isDisturbed(id, this.sinceEpochMs(end, id));
	}

	/** Whether somebody else has done something to it since. */
	isDisturbed(id: string, sinceEpochMs = -Infinity): boolean {
		return this.story.strangers.some(
			(change) => change.id === id && change.epochMs >= sinceEpochMs && change.does !== 'create',
		);
	}

	/** Whether another execution of ours has written to it, which then need not have ended well. */
	isWrittenByOther(end: ItemEnd, id: string): boolean {
		const fromEpochMs = this.sinceEpochMs(end, id);
		return this.story.processed.some(
			({ path, method, status, execution, epochMs }) =>
				isChanged(method, status) &&
				execution !== end.step.title &&
				path.includes(id) &&
				epochMs >= fromEpochMs,
		);
	}

	/** Everything that a user has seen of an execution; of its last try alone, or of all. */
	textsOf({ executed }: ExecutedStep, tries: 'last' | 'all'): string {
		if (executed === undefined) return '';
		const told = tries === 'last' ? executed.tries.slice(-1) : executed.tries;
		return [
			...told.map(({ items, error }) => JSON.stringify(items) + (error?.whole ?? '')),
			...executed.hints,
			executed.failure ?? '',
		].join('\n');
	}
}

function endsOf(one: ExecutedStep): ItemEnd[] {
	const { step, executed } = one;
	const last = executed?.tries.at(-1);
	if (last === undefined) return [];
	const { endedEpochMs, error } = last;
	return step.items.map((wanted, index): ItemEnd => {
		const beganEpochMs = beganOf(executed?.tries ?? [], index);
		const base = { one, step, wanted, beganEpochMs, endedEpochMs };
		if (error !== undefined) return { ...base, error: error.text };
		const json = jsonOf(last, index);
		if (json === undefined) return { ...base, error: 'There is no output for this item' };
		if (json.error === undefined) return { ...base, json };
		return { ...base, error: `${String(json.error)}\n${String(json.message)}` };
	});
}

function jsonOf({ items }: Try, index: number): IDataObject | undefined {
	return items.find(({ pairedItem }) => indexOf(pairedItem) === index)?.json;
}

/** When the last try began; of an item that had succeeded before, and is not done again, the one that did it. */
function beganOf(tries: Try[], index: number): number {
	const idIn = (one: Try | undefined) => {
		const { connectionId, flowId } = (one && jsonOf(one, index)) ?? {};
		return connectionId ?? flowId;
	};
	const last = tries.at(-1);
	const id = idIn(last);
	const done = id === undefined ? undefined : tries.find((one) => idIn(one) === id);
	return (done ?? last)?.beganEpochMs ?? Infinity;
}

function indexOf(pairedItem: unknown): number {
	if (typeof pairedItem === 'number') return pairedItem;
	return Number((pairedItem as { item?: number } | undefined)?.item);
}

export const isUnclear = (text: string) => /not clear/i.test(text);

function isChanged(method: string, status: number): boolean {
	return method !== 'GET' && status < 300;
}

/** A list has not shown it in time: no answer was lost, but there may be another one. */
const NOT_LISTED = /not known whether another execution/;

/** Whether an item says that it does not know all that has come of it. */
export function saysUnclear({ json, error = '' }: ItemEnd): boolean {
	const isSaid = isUnclear(error) || NOT_LISTED.test(error);
	return isSaid || (json !== undefined && 'possibleDuplicates' in json);
}

/** Nobody is there any more to be told. */
export function isInterrupted({ isKilled, executed }: ExecutedStep): boolean {
	return isKilled || executed?.isCancelled !== false;
}

/** How an execution or an item is named in findings. */
export function titleOf({ step, wanted }: ItemEnd): string {
	const about = 'index' in wanted ? `no. ${wanted.index}` : `'${wanted.name}'`;
	return `${step.title} ${about}`;
}
