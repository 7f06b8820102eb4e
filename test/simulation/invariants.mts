import type { IDataObject } from 'n8n-workflow';

import type { StoredConnection } from '../../emulator/emulator.mts';
import { readConnectionString } from '../../emulator/postgresql/connectionString.mts';
import type { ConnectionStep, WantedConnection } from './scenario.mts';
import type { ExecutedStep, Story } from './simulation.mts';
import { isCalm } from './weather.mts';

export type Invariant =
	| 'the ID exists'
	| 'it is as wanted'
	| 'unchanged means the same'
	| 'verified means it works'
	| 'ours is accounted for'
	| 'a retry loses nothing'
	| 'one of each'
	| 'theirs is not taken'
	| 'theirs is not touched'
	| 'in time'
	| 'it ends'
	| 'no secret'
	| 'no crash'
	| 'in calm weather all goes well';

/** Something that must never be. */
export interface Violation {
	invariant: Invariant;
	what: string;
}

/** What a machine and n8n itself may add to an item's time. */
const TIME_ALLOWANCE_MS = 2_000;

/** What became of one item, as the user sees it. */
interface ItemEnd {
	one: ExecutedStep;
	step: ConnectionStep;
	wanted: WantedConnection;
	beganEpochMs: number;
	endedEpochMs: number;
	/** Of an item that succeeded. */
	json?: IDataObject;
	/** Of one that failed. */
	error?: string;
}

type Check = (facts: Facts) => Array<[Invariant, string]>;

const CHECKS: Check[] = [
	outputsAreTrue,
	oursAreAccountedFor,
	thereIsOneOfEach,
	theirsAreLeftAlone,
	allEndInTime,
	noSecretIsTold,
	nothingCrashes,
	calmWeatherIsNoTrouble,
];

export function violationsOf(story: Story): Violation[] {
	const facts = new Facts(story);
	return CHECKS.flatMap((check) =>
		check(facts).map(([invariant, what]): Violation => ({ invariant, what })),
	);
}

/** The story, in the form in which it is asked. */
class Facts {
	readonly ends: ItemEnd[];
	readonly now: ReadonlyMap<string, StoredConnection>;
	readonly ourClientId: string;

	constructor(readonly story: Story) {
		this.ends = story.steps.flatMap(endsOf);
		const { state, emulator } = story.adobe;
		this.now = new Map(state.connections.all().map((one) => [one.id, one]));
		this.ourClientId = emulator.clientId;
	}

	/** What we have made in this story and what is still there. */
	made(): StoredConnection[] {
		return [...this.now.values()].filter(
			({ id, createdClient }) => createdClient === this.ourClientId && !this.story.before.has(id),
		);
	}

	/** Whether somebody else has done something to it since. */
	isDisturbed(id: string, sinceEpochMs = -Infinity): boolean {
		return this.story.strangers.some(
			(change) => change.id === id && change.epochMs >= sinceEpochMs && change.does !== 'create',
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
	const { beganEpochMs, endedEpochMs, items, error } = last;
	return step.items.map((wanted, index) => {
		const base = { one, step, wanted, beganEpochMs, endedEpochMs };
		if (error !== undefined) return { ...base, error: error.text };
		const json = items.find(({ pairedItem }) => indexOf(pairedItem) === index)?.json;
		if (json === undefined) return { ...base, error: 'There is no output for this item' };
		if (json.error === undefined) return { ...base, json };
		return { ...base, error: `${String(json.error)}\n${String(json.message)}` };
	});
}

function indexOf(pairedItem: unknown): number {
	if (typeof pairedItem === 'number') return pairedItem;
	return Number((pairedItem as { item?: number } | undefined)?.item);
}

const isUnclear = (text: string) => /not clear/i.test(text);

/** How an item's connection differs from what was wanted, in words; undefined where it does not. */
function differenceOf(
	{ name, description, auth }: StoredConnection,
	wanted: WantedConnection,
): string | undefined {
	if (name !== wanted.name) return `its name is '${name}'`;
	const isAsDescribed = (description ?? '').trim() === (wanted.description ?? '').trim();
	// An empty description is left out, and what was there before stays.
	if (!isAsDescribed && wanted.description !== undefined) {
		return `its description is '${description ?? ''}'`;
	}
	const mode = auth.specName.startsWith('Basic') ? 'basic' : 'connectionString';
	if (mode !== wanted.authMode) return `its authentication is ${auth.specName}`;
	const details = detailsOf(auth.params);
	const { server, database, username } = wanted.database;
	if (details.server !== server) return `its server is ${details.server}`;
	if (details.database !== database) return `its database is ${details.database}`;
	if (details.username !== username) return `its user is ${details.username}`;
	if (details.password !== wanted.password) return 'its password is another one';
	return undefined;
}

function isOfDetails(difference: string | undefined): boolean {
	return /its (server|database|user|password)/.test(difference ?? '');
}

function detailsOf(params: Record<string, unknown>): Record<string, string> {
	const { connectionString } = params;
	if (typeof connectionString !== 'string') return params as Record<string, string>;
	try {
		return readConnectionString(connectionString) as unknown as Record<string, string>;
	} catch {
		return {};
	}
}

function nameOf({ step, wanted }: ItemEnd): string {
	return `${step.title} '${wanted.name}'`;
}

/** Each ID that was put out is there, and is as it was wanted. */
function outputsAreTrue(facts: Facts): Array<[Invariant, string]> {
	return facts.ends.flatMap((end): Array<[Invariant, string]> => {
		if (end.json === undefined) return [];
		const { connectionId, action } = end.json;
		const id = String(connectionId);
		const stored = facts.now.get(id);
		const isOthers = facts.isDisturbed(id, end.beganEpochMs);
		if (stored === undefined) {
			return isOthers ? [] : [['the ID exists', `${nameOf(end)}: ${id} is not there`]];
		}
		if (isOthers) return [];
		const difference = differenceOf(stored, end.wanted);
		const isLater = facts.ends.some(
			(other) =>
				other !== end &&
				other.endedEpochMs >= end.beganEpochMs &&
				differenceOf(stored, other.wanted) === undefined,
		);
		const found: Array<[Invariant, string]> = [];
		// Of a connection string Adobe shows nothing, else no password.
		const isHidden = end.wanted.authMode === 'connectionString' || difference?.includes('password');
		const isSecretUnknown =
			end.json.detailsKnown === false && isHidden === true && isOfDetails(difference);
		if (
			difference !== undefined &&
			!isLater &&
			!isSecretUnknown &&
			!isWrittenLater(facts, end, id)
		) {
			const invariant = action === 'unchanged' ? 'unchanged means the same' : 'it is as wanted';
			found.push([invariant, `${nameOf(end)} (${String(action)}): ${id}: ${difference}`]);
		}
		const { password } = detailsOf(stored.auth.params);
		const isWorking = facts.story.scenario.databases.some((one) => one.password === password);
		if (end.json.verified === true && !isWorking && !isLater) {
			found.push(['verified means it works', `${nameOf(end)}: Adobe cannot log in with ${id}`]);
		}
		return found;
	});
}

/** Whether another execution of ours has changed it, which then need not have ended well. */
function isWrittenLater({ story }: Facts, { step, beganEpochMs }: ItemEnd, id: string): boolean {
	return story.processed.some(
		({ path, method, status, execution, epochMs }) =>
			method === 'PATCH' &&
			status < 300 &&
			execution !== step.title &&
			path.includes(id) &&
			epochMs >= beganEpochMs,
	);
}

/** Everything that we have made is on an output, or named in an error, or said to be not clear. */
function oursAreAccountedFor(facts: Facts): Array<[Invariant, string]> {
	const { steps } = facts.story;
	return facts.made().flatMap(({ id, name }): Array<[Invariant, string]> => {
		if (steps.some((one) => facts.textsOf(one, 'last').includes(id))) return [];
		const concerned = steps.filter(({ step }) => step.items.some((item) => item.name === name));
		// Nobody is there any more to be told.
		if (concerned.some(({ isKilled, executed }) => isKilled || executed?.isCancelled !== false)) {
			return [];
		}
		const isSaid = facts.ends.some(
			({ wanted, error }) => wanted.name === name && error !== undefined && isUnclear(error),
		);
		if (isSaid) return [];
		const isSaidBefore = concerned.some((one) => {
			const text = facts.textsOf(one, 'all');
			return text.includes(id) || isUnclear(text);
		});
		const invariant = isSaidBefore ? 'a retry loses nothing' : 'ours is accounted for';
		return [[invariant, `${id} '${name}' was made, and nobody was told`]];
	});
}

/** No two items have the same new connection; and Create or Update leaves one of a name. */
function thereIsOneOfEach(facts: Facts): Array<[Invariant, string]> {
	const found: Array<[Invariant, string]> = [];
	const creators = new Map<string, ItemEnd>();
	for (const end of facts.ends) {
		if (end.json === undefined || end.step.kind !== 'create') continue;
		const id = String(end.json.connectionId);
		const other = creators.get(id);
		if (other !== undefined) {
			found.push(['one of each', `${nameOf(other)} and ${nameOf(end)} both have ${id}`]);
		}
		creators.set(id, end);
	}
	const { steps } = facts.story;
	const all = facts.made();
	for (const name of new Set(all.map((one) => one.name))) {
		const made = all.filter((one) => one.name === name);
		if (made.length < 2) continue;
		const concerned = steps.filter(({ step }) => step.items.some((item) => item.name === name));
		if (concerned.some(({ step }) => step.kind === 'create')) continue;
		if (made.some(({ id }) => facts.isDisturbed(id))) continue;
		const isInterrupted = concerned.some(
			({ isKilled, executed }) => isKilled || executed?.isCancelled !== false,
		);
		const isSaid = concerned.some((one) => {
			const text = facts.textsOf(one, 'last');
			const isSaidOfName = facts.ends.some(
				(end) => end.one === one && end.wanted.name === name && isUnclear(end.error ?? ''),
			);
			return isSaidOfName || made.every(({ id }) => text.includes(id));
		});
		if (isInterrupted || isSaid) continue;
		found.push([
			'one of each',
			`Create or Update has made ${made.length} of '${name}': ${made.map(({ id }) => id).join(', ')}`,
		]);
	}
	return found;
}

/** Nothing that is not ours was deleted, taken for what we have made, or changed unasked. */
function theirsAreLeftAlone(facts: Facts): Array<[Invariant, string]> {
	const { story, ourClientId } = facts;
	const found: Array<[Invariant, string]> = [];
	const mine = new Set(
		story.processed
			.filter(({ method, status }) => method === 'POST' && status < 300)
			.map(({ answer }) => (JSON.parse(answer) as { id?: string }).id),
	);
	for (const { method, path, status, execution } of story.processed) {
		if (status >= 300 || method === 'POST') continue;
		const id = path.split('/').pop()?.split('?')[0] ?? '';
		const step = story.steps.find((one) => one.step.title === execution)?.step;
		if (method === 'DELETE' && !mine.has(id)) {
			found.push([
				'theirs is not touched',
				`${execution} has deleted ${id}, which it has not made`,
			]);
		}
		const stored = facts.now.get(id) ?? story.before.get(id);
		const isWanted =
			step?.kind === 'upsert' &&
			(stored === undefined ||
				step.items.some(({ name }) => name === stored.name) ||
				facts.isDisturbed(id));
		if (method === 'PATCH' && !isWanted) {
			found.push(['theirs is not touched', `${execution} has changed ${id}`]);
		}
	}
	for (const end of facts.ends) {
		if (end.json?.action !== 'created') continue;
		const id = String(end.json.connectionId);
		const stored = facts.now.get(id);
		const isOld = story.before.has(id);
		if (isOld || (stored !== undefined && stored.createdClient !== ourClientId)) {
			found.push(['theirs is not taken', `${nameOf(end)}: ${id} is somebody else's`]);
		}
	}
	return found;
}

function allEndInTime({ story }: Facts): Array<[Invariant, string]> {
	return story.steps.flatMap(({ step, executed, isKilled }): Array<[Invariant, string]> => {
		if (isKilled) return [];
		if (executed === undefined) return [['it ends', `${step.title} has not ended`]];
		if (executed.isCancelled) return [];
		const longest = Math.max(
			0,
			...executed.tries.map((one) => one.endedEpochMs - one.beganEpochMs),
		);
		if (longest <= step.timeoutMs + TIME_ALLOWANCE_MS) return [];
		return [['in time', `${step.title} has taken ${longest} ms, Timeout is ${step.timeoutMs} ms`]];
	});
}

function noSecretIsTold(facts: Facts): Array<[Invariant, string]> {
	const { story } = facts;
	const { state, emulator } = story.adobe;
	const secrets: Array<[string, string]> = [
		['the client secret', emulator.clientSecret],
		...state.tokens.issued.map((token): [string, string] => ['a token', token]),
		...story.scenario.databases.map(({ password }): [string, string] => ['a password', password]),
	];
	return story.steps.flatMap((one) => {
		const text = facts.textsOf(one, 'all');
		return secrets
			.filter(([, secret]) => text.includes(secret))
			.map(([what]): [Invariant, string] => ['no secret', `${one.step.title} shows ${what}`]);
	});
}

const CRASH = /is not a function|Cannot read prop|is not defined|is not iterable|UnexpectedError/;

function nothingCrashes(facts: Facts): Array<[Invariant, string]> {
	return facts.story.steps.flatMap((one): Array<[Invariant, string]> => {
		const [crash] = CRASH.exec(facts.textsOf(one, 'all')) ?? [];
		return crash === undefined ? [] : [['no crash', `${one.step.title}: ${crash}`]];
	});
}

/** A checker that is content with an error every time would be content with a node that does nothing. */
function calmWeatherIsNoTrouble(facts: Facts): Array<[Invariant, string]> {
	const { weather, scenario, strangers, steps } = facts.story;
	const isSimple =
		isCalm(weather) &&
		strangers.length === 0 &&
		scenario.existing.length === 0 &&
		steps.every(({ isKilled, executed }) => !isKilled && executed?.isCancelled === false);
	if (!isSimple) return [];
	return facts.ends.flatMap((end): Array<[Invariant, string]> => {
		const { error, wanted, step } = end;
		const isEasy = wanted.password === wanted.database.password && step.timeoutMs >= 30_000;
		const isAlone = steps.length === 1;
		if (error === undefined || !isEasy || !isAlone || step.onError === 'stopWorkflow') return [];
		return [['in calm weather all goes well', `${nameOf(end)}: ${error.split('\n')[0] ?? ''}`]];
	});
}
