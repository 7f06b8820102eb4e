import type { ItemClient } from '../../platform/client';
import { asIs, hasUnknownOutcome, Problem, stillUnknown } from '../../platform/errors/problem';
import { OneAtATime } from '../../platform/keyed';
import { detailsDiffer } from '../../postgresql/detailsDiffer';
import type { Reference } from '../collection';
import { createdEpochMs, descriptionOf } from '../collection';
import type { BaseConnection, NewConnection } from '../connections';
import { createConnection, findConnections, paramsOf } from '../connections';
import { LOOK_UP_PAUSE_MS } from './sendOnce';

const MOST_ATTEMPTS = 4;

// The `Date` of an answer has whole seconds; the rest is for a server whose machines disagree.
const CLOCK_SLACK_MS = 2_000;

/** A connection that was made. */
export interface MadeConnection extends Reference {
	/**
	 * Set where no answer named it and it was found by its name and its looks: somebody else may have
	 * made it at the same time, so it must never be deleted.
	 */
	adopted: boolean;
}

interface Attempt {
	connection: NewConnection;
	beganEpochMs: number;
	sent: Promise<Reference>;
}

/**
 * Makes connections, each exactly once, for all items of one execution.
 *
 * `POST /connections` is not idempotent, and a reset line or a 5xx leaves open whether the connection
 * was made. Then it is looked up: found once, that is the result; not found, the request is sent
 * again; unclear, the item fails with the candidates. A connection counts as found when it has the
 * name, was made after the attempt began (by Adobe's clock), shows no other details than the wanted
 * ones, and no other item of the execution has got it.
 */
export class ConnectionCreations {
	private readonly taken = new Set<string>();
	/** Attempts that are under way, or whose outcome is not known yet. */
	private readonly open = new Map<string, Set<Attempt>>();
	private readonly lookUps = new OneAtATime();

	/** @throws Problem; with several candidates or without an answer it says what to look for */
	async create(client: ItemClient, connection: NewConnection): Promise<MadeConnection> {
		const key = `${client.scope}\n${connection.name}`;
		let lost: Problem | undefined;
		for (let count = 1; ; count++) {
			const open = this.open.get(key) ?? new Set();
			this.open.set(key, open);
			const attempt = this.send(client, connection);
			open.add(attempt);
			try {
				return { ...(await attempt.sent), adopted: false };
			} catch (error) {
				if (!hasUnknownOutcome(error)) {
					throw lost === undefined ? asIs(error) : stillUnknown(lost, error);
				}
				lost = error;
				const found = await this.lookUps.run(
					key,
					async () => await this.lookUp(client, open, attempt, error),
				);
				if (found !== undefined) return { ...found, adopted: true };
				if (count === MOST_ATTEMPTS) throw asIs(error);
			} finally {
				open.delete(attempt);
				if (open.size === 0) this.open.delete(key);
			}
		}
	}

	private send(client: ItemClient, connection: NewConnection): Attempt {
		const beganEpochMs = Date.now();
		const sent = createConnection(client, connection).then((made) => {
			this.taken.add(made.id);
			return made;
		});
		return { connection, beganEpochMs, sent };
	}

	private async lookUp(
		client: ItemClient,
		open: ReadonlySet<Attempt>,
		attempt: Attempt,
		unknown: Problem,
	): Promise<Reference | undefined> {
		// A gateway may have given up on a request that the service behind it still works on.
		for (const pauseMs of [0, LOOK_UP_PAUSE_MS]) {
			if (client.remainingMs() <= pauseMs) break;
			await client.pause(pauseMs);
			const listedEpochMs = Date.now();
			const listed = await this.listed(client, attempt, unknown);
			// What another item has just made must not be taken for ours before that item knows.
			const others = [...open].filter((other) => other !== attempt);
			const ends = await Promise.allSettled(others.map(({ sent }) => sent));
			const candidates = listed.filter(({ id }) => !this.taken.has(id));
			const [first] = candidates;
			if (first === undefined) continue;
			const rivals = others.filter(
				({ beganEpochMs }, index) =>
					ends[index]?.status === 'rejected' && beganEpochMs <= listedEpochMs,
			);
			if (!isClear(attempt, candidates, rivals)) throw unclearWhich(unknown, candidates);
			this.taken.add(first.id);
			return { id: first.id, etag: first.etag };
		}
		if (unknown.kind === 'timeOut') throw asIs(unknown);
		return undefined;
	}

	/** The connections that look as if the attempt had made them. */
	private async listed(
		client: ItemClient,
		{ connection, beganEpochMs }: Attempt,
		unknown: Problem,
	): Promise<BaseConnection[]> {
		const { name } = connection;
		let aheadMs = 0;
		const found = await findConnections(client, { name }, Infinity, (page) => {
			aheadMs = (page.answeredAtEpochMs ?? page.receivedAtEpochMs) - page.receivedAtEpochMs;
		}).catch((error: unknown) => {
			throw notLookedUp(unknown, error);
		});
		const earliestEpochMs = beganEpochMs + aheadMs - CLOCK_SLACK_MS;
		return found.filter((one) => isNotOlder(one, earliestEpochMs) && looksLike(one, connection));
	}
}

/** Whether it does not matter, or is plain, which of the candidates is the attempt's. */
function isClear(attempt: Attempt, candidates: BaseConnection[], rivals: Attempt[]): boolean {
	const same = rivals.every((rival) => isSame(rival.connection, attempt.connection));
	return same && candidates.length <= rivals.length + 1;
}

function isSame(one: NewConnection, other: NewConnection): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

function isNotOlder(connection: BaseConnection, earliestEpochMs: number): boolean {
	return (createdEpochMs(connection) ?? Infinity) >= earliestEpochMs;
}

function looksLike(found: BaseConnection, wanted: NewConnection): boolean {
	return (
		(found.authMode === undefined || found.authMode === wanted.authMode) &&
		descriptionOf(found) === (wanted.description ?? '') &&
		!detailsDiffer(paramsOf(found), wanted.params)
	);
}

function unclearWhich(unknown: Problem, candidates: BaseConnection[]): Problem {
	const list = candidates.map(({ id }) => id).join(', ');
	return unknown
		.retitled('It is not clear which connection Adobe has made for this item')
		.advising(
			'Look at the new connections in Experience Platform under Sources > Accounts, and delete what is too many.',
		)
		.noting(`These came into being meanwhile under the same name: ${list}.`);
}

function notLookedUp(unknown: Problem, error: unknown): Problem {
	if (!(error instanceof Problem)) return unknown;
	return unknown.because(error, 'Looking it up was not possible either:');
}
