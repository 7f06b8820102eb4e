import type { StoredConnection } from '../../../emulator/emulator.mts';
import { readConnectionString } from '../../../emulator/postgresql/connectionString.mts';
import type { ConnectionStep, WantedConnection } from '../steps.mts';
import { targetOf } from '../operations.mts';
import type { ExecutedStep } from '../simulation.mts';
import { isChange, isOfConnections } from '../steps.mts';
import type { Facts, Found, ItemEnd } from './facts.mts';
import { isInterrupted, isUnclear, saysUnclear, titleOf } from './facts.mts';
import { areTwins, isMistakenFor } from './twins.mts';

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

/** Each ID that was put out is there, and is as it was wanted. */
export function connectionsAreTrue(facts: Facts): Found[] {
	const ends = facts.endsOfConnections();
	return ends.flatMap((end): Found[] => {
		if (end.json === undefined) return [];
		const id = String(end.json.connectionId);
		const stored = facts.connections.get(id);
		if (facts.isDisturbedAfter(end, id)) return [];
		if (stored === undefined) {
			// Another item may have been there to delete it.
			if (facts.story.before.has(id) && facts.isWrittenByOther(end, id)) return [];
			if (isRemovedByItsMaker(facts, end, id) || isRemovedByTwin(facts, end, id)) return [];
			return [['the ID exists', `${titleOf(end)}: ${id} is not there`]];
		}
		const isLater = ends.some(
			(other) =>
				other !== end &&
				other.endedEpochMs >= end.beganEpochMs &&
				differenceOf(stored, other.wanted) === undefined,
		);
		if (isLater || facts.isWrittenByOther(end, id)) return [];
		return [...differences(end, stored), ...verification(facts, end, stored)];
	});
}

/** By an execution that has made it and then could not log in with it: nobody knew that before. */
function isRemovedByItsMaker({ story }: Facts, { step }: ItemEnd, id: string): boolean {
	const writes = story.processed.filter(({ status }) => status < 300);
	const made = writes.find(({ method, answer }) => method === 'POST' && answer.includes(id));
	const maker = story.steps.find((one) => one.step.title === made?.execution)?.step;
	const isRemoved = writes.some(
		({ method, path, execution }) =>
			method === 'DELETE' && path.includes(id) && execution === maker?.title,
	);
	return isRemoved && maker?.title !== step.title;
}

/**
 * By an execution that has lost the answers of several attempts, and took it for one of what had come of them:
 * nothing tells it from those. The item has to say that it does not know all.
 */
function isRemovedByTwin(facts: Facts, end: ItemEnd<ConnectionStep>, id: string): boolean {
	const removal = facts.story.processed.find(
		({ status, method, path }) => status < 300 && method === 'DELETE' && path.includes(id),
	);
	return (
		saysUnclear(end) &&
		facts
			.endsOfConnections()
			.some((other) => other.step.title === removal?.execution && areTwins(facts, end, other))
	);
}

function differences(end: ItemEnd<ConnectionStep>, stored: StoredConnection): Found[] {
	const { json, wanted } = end;
	const difference = differenceOf(stored, wanted);
	if (difference === undefined) return [];
	// Of a connection string Adobe shows nothing, else no password.
	const isHidden = wanted.authMode === 'connectionString' || difference.includes('password');
	if (json?.detailsKnown === false && isHidden && isOfDetails(difference)) return [];
	const action = String(json?.action);
	const invariant = action === 'unchanged' ? 'unchanged means the same' : 'it is as wanted';
	return [[invariant, `${titleOf(end)} (${action}): ${stored.id}: ${difference}`]];
}

function verification({ story }: Facts, end: ItemEnd, { id, auth }: StoredConnection): Found[] {
	const { password } = detailsOf(auth.params);
	const isWorking = story.scenario.databases.some((one) => one.password === password);
	if (end.json?.verified !== true || isWorking) return [];
	return [['verified means it works', `${titleOf(end)}: Adobe cannot log in with ${id}`]];
}

/** Under which name something was made, whatever has become of it since. */
function nameWhenMade({ story }: Facts, { id, name }: StoredConnection): string {
	const creation = story.processed.find(
		({ method, answer }) => method === 'POST' && answer.includes(id),
	);
	return creation === undefined ? name : (JSON.parse(creation.body) as { name: string }).name;
}

function concernedBy({ story }: Facts, name: string): ExecutedStep[] {
	return story.steps.filter(
		({ step }) => isOfConnections(step) && step.items.some((item) => item.name === name),
	);
}

/** Everything that we have made is on an output, or named in an error, or said to be not clear. */
export function connectionsAreAccountedFor(facts: Facts): Found[] {
	const { steps } = facts.story;
	return facts.made().flatMap((made): Found[] => {
		const { id } = made;
		if (steps.some((one) => facts.textsOf(one, 'last').includes(id))) return [];
		const name = nameWhenMade(facts, made);
		const concerned = concernedBy(facts, name);
		if (concerned.some(isInterrupted)) return [];
		const isSaid = facts
			.endsOfConnections()
			.some((end) => end.wanted.name === name && saysUnclear(end));
		if (isSaid) return [];
		if (isMistakenFor(facts, id) || isRenamedUnseen(facts, id)) return [];
		const isSaidBefore = concerned.some((one) => {
			const text = facts.textsOf(one, 'all');
			return text.includes(id) || isUnclear(text);
		});
		const invariant = isSaidBefore ? 'a retry loses nothing' : 'ours is accounted for';
		return [[invariant, `the connection ${id} '${name}' was made, and nobody was told`]];
	});
}

/** What nobody was told of is looked for by its name, which somebody else has changed since. */
function isRenamedUnseen({ story }: Facts, id: string): boolean {
	return story.strangers.some((change) => change.id === id && change.does === 'rename');
}

/** No two items have the same new connection; and Create or Update leaves one of a name. */
export function thereIsOneConnectionOfEach(facts: Facts): Found[] {
	return [...creationsAreDistinct(facts), ...upsertsLeaveOne(facts)];
}

function creationsAreDistinct(facts: Facts): Found[] {
	const creators = new Map<string, ItemEnd<ConnectionStep>>();
	return facts.endsOfConnections().flatMap((end): Found[] => {
		if (end.json === undefined || end.step.kind !== 'create') return [];
		const id = String(end.json.connectionId);
		const other = creators.get(id);
		creators.set(id, end);
		if (other === undefined || areTwins(facts, other, end)) return [];
		return [['one of each', `${titleOf(other)} and ${titleOf(end)} both have ${id}`]];
	});
}

function upsertsLeaveOne(facts: Facts): Found[] {
	const all = facts
		.made()
		.filter(({ id }) => !isMistakenFor(facts, id))
		.map((made) => ({ id: made.id, name: nameWhenMade(facts, made) }));
	return [...new Set(all.map(({ name }) => name))].flatMap((name): Found[] => {
		const ids = all.filter((one) => one.name === name).map(({ id }) => id);
		const concerned = concernedBy(facts, name);
		const isExcused =
			ids.length < 2 ||
			concerned.some((one) => one.step.kind === 'create' || isInterrupted(one)) ||
			ids.some((id) => facts.isDisturbed(id));
		if (isExcused) return [];
		const isSaid = concerned.some((one) => {
			const text = facts.textsOf(one, 'last');
			return ids.every((id) => text.includes(id));
		});
		const isSaidUnclear = facts
			.endsOfConnections()
			.some((end) => end.wanted.name === name && saysUnclear(end));
		if (isSaid || isSaidUnclear) return [];
		return [
			['one of each', `Create or Update has made ${ids.length} of '${name}': ${ids.join(', ')}`],
		];
	});
}

/** Nothing that is not ours was deleted, taken for what we have made, or changed unasked. */
export function theirConnectionsAreLeftAlone(facts: Facts): Found[] {
	return [...writesAreWanted(facts), ...nothingIsTaken(facts)];
}

function writesAreWanted(facts: Facts): Found[] {
	const { story, ourClientId } = facts;
	const { processed, prepared, steps } = story;
	const ours = new Set(
		processed.flatMap(({ method, status, answer }) =>
			method === 'POST' && status < 300 ? [(JSON.parse(answer) as { id?: string }).id] : [],
		),
	);
	return processed.flatMap(({ method, path, status, execution }): Found[] => {
		const [, id] = /\/connections\/([^/?]+)$/.exec(path) ?? [];
		if (id === undefined || status >= 300) return [];
		const step = steps.find((one) => one.step.title === execution)?.step;
		if (step === undefined) return [];
		if (isChange(step)) {
			const isMeant = step.items.some((item) => targetOf(step, item, prepared) === id);
			return isMeant ? [] : [['theirs is not touched', `${execution} has written to ${id}`]];
		}
		if (method === 'DELETE' && !ours.has(id)) {
			return [['theirs is not touched', `${execution} has deleted ${id}, which is not ours`]];
		}
		const stored = facts.connections.get(id);
		const isMeant =
			step.kind === 'upsert' &&
			(stored === undefined ||
				facts.isDisturbed(id) ||
				story.scenario.steps.some(({ kind }) => kind === 'updateConnection') ||
				step.items.some(({ name }) => name === stored.name));
		if (method !== 'PATCH' || isMeant) return [];
		const whose = stored?.createdClient === ourClientId ? 'ours' : "somebody else's";
		return [['theirs is not touched', `${execution} has changed ${id} (${whose})`]];
	});
}

function nothingIsTaken({ story, connections, ourClientId, ends }: Facts): Found[] {
	return ends.flatMap((end): Found[] => {
		if (!isOfConnections(end.step) || end.json?.action !== 'created') return [];
		const id = String(end.json.connectionId);
		const maker = connections.get(id)?.createdClient;
		if (!story.before.has(id) && (maker === undefined || maker === ourClientId)) return [];
		return [['theirs is not taken', `${titleOf(end)}: ${id} was not made by it`]];
	});
}
