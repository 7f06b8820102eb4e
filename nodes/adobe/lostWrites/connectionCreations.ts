import { UnexpectedError } from 'n8n-workflow';

import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import { asIs, hasUnknownOutcome, ignoringNotFound } from '../../platform/errors/problem';
import { TOO_LATE } from '../../platform/deadline';
import type { ItemMemory } from '../../platform/itemMemory';
import { inTime, OneAtATime } from '../../platform/keyed';
import { detailsDiffer } from '../../postgresql/detailsDiffer';
import type { Reference } from '../collection';
import { createdEpochMs, deleteResource, descriptionOf, oldestOf } from '../collection';
import type { BaseConnection, NewConnection } from '../connections';
import { CONNECTION, createConnection, findConnections, paramsOf } from '../connections';
import { Claims } from './claims';
import type { Origin } from './origin';
import { AttemptTime, least, makerOf, originOf } from './origin';
import type { Found } from './sendOnce';
import { LOOK_AFTER_TIME_OUT_MS, sendOnce } from './sendOnce';

/** A connection that was created. */
export interface MadeConnection extends Reference {
	/**
	 * Set where the answer was lost and it was found by its name and its looks: somebody else may have
	 * created it at the same time, so it must never be deleted.
	 */
	adopted: boolean;
	/** Others that may have come of it, where it was sent more than once; whether there are may be unknown. */
	others?: { ids: string[] } | 'unknown';
}

export interface CreateOptions {
	/** Set where there was certainly no connection of the name before: then a new one is ours by its looks. */
	isNewName?: boolean;
	/** Of the item, for attempts that were lost in an earlier try. */
	memory?: ItemMemory;
}

/** Whether an earlier try of an item has left attempts of which it is not known what came of them. */
export function hasLostAttempts(memory: ItemMemory): boolean {
	return memory.recall(LOST) !== undefined;
}

/** What an earlier try has left behind: attempts of which it is not known what came of them. */
interface Lost {
	time: AttemptTime;
	/** How many attempts. */
	count: number;
	/** What the last of them ended with. */
	problem: Problem;
}

const LOST = 'lost connection';

interface Attempt {
	connection: NewConnection;
	number: number;
	sent: Promise<Reference>;
}

const claimed = new Claims();

/** Attempts that are in flight, or whose outcome is not known yet, by scope and name. */
const openAttempts = new Map<string, Set<Attempt>>();
const lookUps = new OneAtATime();
let attempts = 0;

/** Attempts of items under way that got no answer, by scope and name: what has come of them is not known. */
const lostAttempts = new Map<string, Set<Attempt>>();

/**
 * Creates a connection exactly once.
 *
 * `POST /connections` is not idempotent. What is ours after a lost answer: a connection of this name that
 * no other item has claimed, that our client has created since the first attempt (by Adobe's clock), and
 * that shows no other details than the wanted ones. Where one of that is not shown, or it can't be told
 * which one, nothing is taken over and nothing deleted: the item says what it has found.
 */
export async function createConnectionOnce(
	client: ItemClient,
	connection: NewConnection,
	options: CreateOptions = {},
): Promise<MadeConnection> {
	return await new Creation(client, connection, options).run();
}

class Creation {
	private readonly time: AttemptTime;
	/** Of an earlier try. */
	private readonly lostBefore?: Lost;
	private readonly key: string;
	private latest?: Attempt;
	private readonly ownLost = new Set<Attempt>();
	/** So many may have come of attempts that got no answer, in this try and before. */
	private lostCount: number;
	private lostProblem?: Problem;

	constructor(
		private readonly client: ItemClient,
		private readonly connection: NewConnection,
		private readonly options: CreateOptions,
	) {
		this.lostBefore = options.memory?.recall<Lost>(LOST);
		this.time = this.lostBefore?.time ?? new AttemptTime();
		this.lostCount = this.lostBefore?.count ?? 0;
		this.lostProblem = this.lostBefore?.problem;
		this.key = `${client.scope}\n${connection.name}`;
	}

	async run(): Promise<MadeConnection> {
		const { client, connection } = this;
		const oneAtATime = async <T>(work: () => Promise<T | undefined>) => {
			const outcome = await lookUps.runInTime(this.key, client, work);
			return outcome === TOO_LATE ? undefined : outcome;
		};
		try {
			const made = await sendOnce<MadeConnection>(client, {
				send: async () => ({ ...(await this.send()), adopted: false }),
				find: async (unknown) => await oneAtATime(async () => await this.find(unknown)),
				unclear: (unknown) => unclear(client, connection, unknown),
				reconcile: async (made, lost) =>
					await oneAtATime(async () => await this.reconcile(made, lost)),
				unreconciled: (made) => ({ others: 'unknown', ...made }),
				lostBefore: this.lostBefore?.problem,
				attemptsBefore: this.lostBefore?.count,
			});
			// One that was found has come of one of them.
			const others = made.adopted ? this.lostCount - 1 : this.lostCount;
			this.keepLost(made.others === 'unknown' ? this.lostProblem : undefined, others);
			return made;
		} catch (error) {
			if (hasUnknownOutcome(error)) this.keepLost(error, this.lostCount);
			throw asIs(error);
		} finally {
			this.closeLatest();
			this.forgetLost();
		}
	}

	/** For a later try; where nothing is lost, what an earlier one had kept is forgotten. */
	private keepLost(problem: Problem | undefined, count: number): void {
		const { time } = this;
		const lost = problem && ({ time, count: Math.max(1, count), problem } satisfies Lost);
		this.options.memory?.keep(LOST, lost);
	}

	private async send(): Promise<Reference> {
		this.closeLatest();
		const sent = createConnection(this.client, this.connection, () => this.time.begin()).then(
			(made) => {
				claimed.add(made.id);
				this.time.answered();
				return made;
			},
		);
		this.latest = { connection: this.connection, number: ++attempts, sent };
		const open = openAttempts.get(this.key) ?? new Set();
		openAttempts.set(this.key, open.add(this.latest));
		const { latest } = this;
		return await sent.catch((error: unknown) => {
			if (hasUnknownOutcome(error)) this.noteLost(latest, error);
			throw asIs(error);
		});
	}

	private noteLost(attempt: Attempt, problem: Problem): void {
		this.lostCount++;
		this.lostProblem = problem;
		this.time.lost(problem.kind === 'timeOut' ? LOOK_AFTER_TIME_OUT_MS : 0);
		this.ownLost.add(attempt);
		lostAttempts.set(this.key, (lostAttempts.get(this.key) ?? new Set()).add(attempt));
	}

	private forgetLost(): void {
		const lost = lostAttempts.get(this.key);
		for (const attempt of this.ownLost) lost?.delete(attempt);
		if (lost?.size === 0) lostAttempts.delete(this.key);
	}

	/** Whether what looks like ours may have come of another item's attempt, and ours be still to come. */
	private mayBeOfAnother(): boolean {
		const wanted = JSON.stringify(this.connection);
		return [...(lostAttempts.get(this.key) ?? [])].some(
			(one) => !this.ownLost.has(one) && JSON.stringify(one.connection) === wanted,
		);
	}

	private closeLatest(): void {
		const open = openAttempts.get(this.key);
		if (open === undefined || this.latest === undefined) return;
		open.delete(this.latest);
		if (open.size === 0) openAttempts.delete(this.key);
	}

	private async find(unknown: Problem): Promise<Found<MadeConnection> | undefined> {
		const listedAfter = attempts;
		const listed = await this.candidates();
		// What another item has just made must not be claimed before that item knows.
		const others = [...(openAttempts.get(this.key) ?? [])].filter((one) => one !== this.latest);
		const ends = others.length === 0 ? [] : await inTime(this.client, settled(others));
		if (ends === TOO_LATE) return undefined;
		const candidates = listed.filter(({ connection: { id } }) => !claimed.has(id));
		const ours = candidates.filter(({ origin }) => origin === 'ours').map(connectionOf);
		const [first] = ours;
		if (first === undefined) {
			if (candidates.length === 0) return undefined;
			return { doubt: unclearWhich(unknown, candidates.map(connectionOf)) };
		}
		const alsoLost = others.filter(
			({ number }, index) => ends[index]?.status === 'rejected' && number <= listedAfter,
		);
		// All attempts of this item were lost: so many may have come of them.
		if (alsoLost.length === 0 && ours.length > 1 && ours.length <= this.lostCount) {
			return { done: await this.keepOldest(ours) };
		}
		if (!this.isClear(ours, alsoLost)) return { failed: unclearWhich(unknown, ours) };
		claimed.add(first.id);
		const more = this.mayBeOfAnother() ? { others: 'unknown' as const } : {};
		return { done: { id: first.id, etag: first.etag, adopted: true, ...more } };
	}

	/** Whether it is clear, or does not matter, which of the candidates is ours. */
	private isClear(candidates: BaseConnection[], alsoLost: Attempt[]): boolean {
		const wanted = JSON.stringify(this.connection);
		const areSame = alsoLost.every(({ connection }) => JSON.stringify(connection) === wanted);
		return areSame && candidates.length <= alsoLost.length + 1;
	}

	/**
	 * One of those that are ours is left. One whose answer has come is certainly ours and has been seen by
	 * nobody, so of two it is the one that is deleted; of more, there are as many as attempts.
	 */
	private async reconcile(made: MadeConnection, lost: number): Promise<MadeConnection | undefined> {
		const listed = await this.candidates(made);
		const own = listed.find(({ connection: { id } }) => id === made.id);
		if (own === undefined) return undefined;
		// What another item has just made must not be claimed before that item knows.
		const open = [...(openAttempts.get(this.key) ?? [])].filter((one) => one !== this.latest);
		if (open.length > 0 && (await inTime(this.client, settled(open))) === TOO_LATE)
			return undefined;
		const others = listed.filter(({ connection: { id } }) => !claimed.has(id));
		if (others.length === 0) return made;
		const isClear = others.length <= lost && others.every(({ origin }) => origin === 'ours');
		if (!isClear) return { ...made, others: { ids: others.map(({ connection: { id } }) => id) } };
		const ours = others.map(connectionOf);
		return made.adopted
			? await this.keepOldest([own.connection, ...ours])
			: await this.keepOldest(ours, made);
	}

	/**
	 * Nobody has seen the others. What may be older than the first attempt, or has come when none was under way
	 * any more, is no less likely another execution's, and is left: it is told.
	 */
	private async keepOldest(
		ours: readonly BaseConnection[],
		made?: Reference,
	): Promise<MadeConnection> {
		const kept = oldestOf(ours);
		if (kept === undefined) throw new UnexpectedError('There is nothing to be kept');
		claimed.add(kept.id);
		const others = ours.filter(({ id }) => id !== kept.id);
		const isSurelyOurs = (one: BaseConnection) => this.time.isWithin(createdEpochMs(one));
		const left = others.filter((one) => !isSurelyOurs(one)).map(({ id }) => id);
		for (const { id } of [...(made === undefined ? [] : [made]), ...others.filter(isSurelyOurs)]) {
			await ignoringNotFound(deleteResource(this.client, CONNECTION, id)).catch(() =>
				left.push(id),
			);
		}
		return {
			id: kept.id,
			etag: kept.etag,
			adopted: true,
			...(left.length === 0 ? {} : { others: { ids: left } }),
		};
	}

	/**
	 * The connections of the name that may have come of one of the attempts.
	 *
	 * @param last that of the last attempt; where it was answered, it tells the time by Adobe's clock
	 */
	private async candidates(
		last?: MadeConnection,
	): Promise<Array<{ connection: BaseConnection; origin: Origin }>> {
		const { client, connection: wanted, time } = this;
		const found = await findConnections(client, { name: wanted.name }, Infinity, (page) =>
			time.learn(page),
		);
		const made = found.find(({ id }) => id === last?.id);
		if (made !== undefined && last?.adopted === false) time.calibrate(createdEpochMs(made));
		return found
			.map((connection) => ({
				connection,
				origin: least(
					this.options.isNewName === true
						? makerOf(client, connection)
						: originOf(client, connection, time),
					looksLike(connection, wanted) ? 'ours' : 'doubtful',
				),
			}))
			.filter(({ connection: { id }, origin }) => id === last?.id || origin !== 'foreign');
	}
}

async function settled(attempts: Attempt[]): Promise<Array<PromiseSettledResult<Reference>>> {
	return await Promise.allSettled(attempts.map(({ sent }) => sent));
}

function connectionOf({ connection }: { connection: BaseConnection }): BaseConnection {
	return connection;
}

/** Whether nothing that Adobe shows differs; it may show texts in another form than they were sent. */
function looksLike(found: BaseConnection, wanted: NewConnection): boolean {
	return (
		(found.authMode === undefined || found.authMode === wanted.authMode) &&
		plain(descriptionOf(found)) === plain(wanted.description ?? '') &&
		!detailsDiffer(paramsOf(found), wanted.params)
	);
}

function plain(text: string): string {
	return text.normalize('NFC').trim();
}

function unclear({ sandboxName }: ItemClient, { name }: NewConnection, unknown: Problem): Problem {
	return unknown
		.leadingTo('It is not clear whether Adobe has made the connection')
		.advising(
			`Look for '${name}' among the connections of the sandbox '${sandboxName}' before you try again, or there may be two.`,
		);
}

function unclearWhich(unknown: Problem, candidates: BaseConnection[]): Problem {
	const list = candidates.map(({ id }) => id).join(', ');
	return unknown
		.leadingTo('It is not clear which connection Adobe has made for this item')
		.advising(
			'Look at the new connections in Experience Platform under Sources > Accounts, and delete those that you do not need.',
		)
		.noting(`These were created meanwhile under the same name: ${list}.`);
}
