import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import { OneAtATime } from '../../platform/keyed';
import { detailsDiffer } from '../../postgresql/detailsDiffer';
import type { Reference } from '../collection';
import { createdEpochMs, descriptionOf } from '../collection';
import type { BaseConnection, NewConnection } from '../connections';
import { createConnection, findConnections, paramsOf } from '../connections';
import type { Found } from './sendOnce';
import { earliestEpochMs, sendOnce } from './sendOnce';

/** A connection that was created. */
export interface MadeConnection extends Reference {
	/**
	 * Set where the answer was lost and it was found by its name and its looks: somebody else may have
	 * created it at the same time, so it must never be deleted.
	 */
	adopted: boolean;
}

interface Attempt {
	connection: NewConnection;
	beganEpochMs: number;
	sent: Promise<Reference>;
}

/**
 * Creates connections, each exactly once, for all items of one execution.
 *
 * `POST /connections` is not idempotent. What is ours after a lost answer: a connection of this name that
 * no other item has claimed, that was created after the attempt began (by Adobe's clock) and shows no
 * other details than the wanted ones. Where it can't be told which one, the item fails and lists them.
 */
export class ConnectionCreations {
	private readonly claimed = new Set<string>();
	/** Attempts that are in flight, or whose outcome is not known yet, by scope and name. */
	private readonly open = new Map<string, Set<Attempt>>();
	private readonly lookUps = new OneAtATime();

	/** @throws Problem; with several candidates or without an answer it says what to look for */
	async create(client: ItemClient, connection: NewConnection): Promise<MadeConnection> {
		const key = `${client.scope}\n${connection.name}`;
		const open = this.open.get(key) ?? new Set<Attempt>();
		this.open.set(key, open);
		const latest: { attempt?: Attempt } = {};
		const closeLatest = () => {
			if (latest.attempt !== undefined) open.delete(latest.attempt);
		};
		try {
			return await sendOnce<MadeConnection>(client, {
				send: async () => {
					closeLatest();
					latest.attempt = this.attempt(client, connection);
					open.add(latest.attempt);
					return { ...(await latest.attempt.sent), adopted: false };
				},
				find: async (unknown) =>
					await this.lookUps.run(key, async () => {
						const { attempt } = latest;
						return attempt && (await this.find(client, open, attempt, unknown));
					}),
				unclear: (unknown) => unclear(client, connection, unknown),
			});
		} finally {
			closeLatest();
			if (open.size === 0) this.open.delete(key);
		}
	}

	private attempt(client: ItemClient, connection: NewConnection): Attempt {
		const beganEpochMs = Date.now();
		const sent = createConnection(client, connection).then((made) => {
			this.claimed.add(made.id);
			return made;
		});
		return { connection, beganEpochMs, sent };
	}

	private async find(
		client: ItemClient,
		open: ReadonlySet<Attempt>,
		attempt: Attempt,
		unknown: Problem,
	): Promise<Found<MadeConnection> | undefined> {
		const listedEpochMs = Date.now();
		const listed = await this.listed(client, attempt);
		// What another item has just made must not be claimed before that item knows.
		const others = [...open].filter((other) => other !== attempt);
		const ends = await Promise.allSettled(others.map(({ sent }) => sent));
		const candidates = listed.filter(({ id }) => !this.claimed.has(id));
		const [first] = candidates;
		if (first === undefined) return undefined;
		const alsoLost = others.filter(
			({ beganEpochMs }, index) =>
				ends[index]?.status === 'rejected' && beganEpochMs <= listedEpochMs,
		);
		if (!isClear(attempt, candidates, alsoLost)) {
			return { failed: unclearWhich(unknown, candidates) };
		}
		this.claimed.add(first.id);
		return { done: { id: first.id, etag: first.etag, adopted: true } };
	}

	/** The connections that look as if the attempt had created them. */
	private async listed(
		client: ItemClient,
		{ connection, beganEpochMs }: Attempt,
	): Promise<BaseConnection[]> {
		let earliest = beganEpochMs;
		const found = await findConnections(client, { name: connection.name }, Infinity, (page) => {
			earliest = earliestEpochMs(beganEpochMs, page);
		});
		return found.filter((one) => isNotOlder(one, earliest) && looksLike(one, connection));
	}
}

/** Whether it is clear, or does not matter, which of the candidates is the attempt's. */
function isClear(attempt: Attempt, candidates: BaseConnection[], alsoLost: Attempt[]): boolean {
	const wanted = JSON.stringify(attempt.connection);
	const areSame = alsoLost.every(({ connection }) => JSON.stringify(connection) === wanted);
	return areSame && candidates.length <= alsoLost.length + 1;
}

function isNotOlder(connection: BaseConnection, earliest: number): boolean {
	return (createdEpochMs(connection) ?? Infinity) >= earliest;
}

function looksLike(found: BaseConnection, wanted: NewConnection): boolean {
	return (
		(found.authMode === undefined || found.authMode === wanted.authMode) &&
		descriptionOf(found) === (wanted.description ?? '') &&
		!detailsDiffer(paramsOf(found), wanted.params)
	);
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
			'Look at the new connections in Experience Platform under Sources > Accounts, and delete what is too many.',
		)
		.noting(`These came into being meanwhile under the same name: ${list}.`);
}
