import type { ItemClient } from '../../platform/client';
import {
	asIs,
	hasUnknownOutcome,
	Problem,
	stillUnknown,
	toProblem,
} from '../../platform/errors/problem';
import type { ResourcePage } from '../collection';

/** What a look-up shows: the write was done, or there is no use in sending it again. */
export type Found<T> = { done: T } | { failed: Problem };

/** A write that is to be done exactly once, and how to find out what came of it. */
export interface Write<T> {
	send(): Promise<T>;
	/**
	 * Looks up what has come of it.
	 *
	 * @param error what it is looked up for
	 * @param isLost whether an attempt, this one or one before, has got no answer
	 * @returns undefined where nothing of it is to be seen (yet)
	 */
	find(error: Problem, isLost: boolean): Promise<Found<T> | undefined>;
	/** The error in words where it stays unclear whether it was done. */
	unclear(unknown: Problem): Problem;
	/** Refusals that say only that somebody else was faster; it is looked up what that means. */
	isConflict?(refusal: Problem): boolean;
	/** Set where it does no harm when it is done twice: one look is enough, after a time-out too. */
	repeatable?: boolean;
}

const MAX_ATTEMPTS = 4;

/** What is not found at once may be there so much later. */
export const LOOK_UP_PAUSE_MS = 1_000;

/**
 * Does a write exactly once, although Adobe takes no idempotency key: where no answer says whether it
 * was done, that is looked up before it is sent again.
 *
 * @throws Problem; with an unknown outcome it may still come into being
 */
export async function sendOnce<T>(client: ItemClient, write: Write<T>): Promise<T> {
	let lost: Problem | undefined;
	for (let count = 1; ; count++) {
		try {
			return await write.send();
		} catch (error) {
			if (hasUnknownOutcome(error)) lost = error;
			else if (!isConflict(write, error)) {
				throw lost === undefined ? asIs(error) : write.unclear(stillUnknown(lost, error));
			}
			const { found, isLookedUp } = await lookUp(client, write, error, lost);
			if (found !== undefined && 'done' in found) return found.done;
			if (found !== undefined) throw found.failed;
			// A gateway may have given up on a request that the service behind it still works on.
			const mayStillBeDone = error.kind === 'timeOut' && write.repeatable !== true;
			if (mayStillBeDone || count === MAX_ATTEMPTS) {
				throw notFound(write, lost ?? error, isLookedUp);
			}
		}
	}
}

function isConflict<T>(write: Write<T>, error: unknown): error is Problem {
	return error instanceof Problem && write.isConflict?.(error) === true;
}

async function lookUp<T>(
	client: ItemClient,
	write: Write<T>,
	error: Problem,
	lost: Problem | undefined,
): Promise<{ found?: Found<T>; isLookedUp: boolean }> {
	let isLookedUp = false;
	for (const pauseMs of write.repeatable === true ? [0] : [0, LOOK_UP_PAUSE_MS]) {
		if (client.remainingMs() <= pauseMs) break;
		await client.pause(pauseMs);
		const found = await write.find(error, lost !== undefined).catch((failure: unknown) => {
			throw lost === undefined ? asIs(failure) : notLookedUp(write, lost, failure);
		});
		isLookedUp = true;
		if (found !== undefined) return { found, isLookedUp };
	}
	return { isLookedUp };
}

function notFound<T>(write: Write<T>, unknown: Problem, isLookedUp: boolean): Problem {
	const note = isLookedUp
		? 'It was not there when it was looked up.'
		: 'There was no time left to look it up.';
	return write.unclear(unknown).noting(note);
}

function notLookedUp<T>(write: Write<T>, unknown: Problem, failure: unknown): Problem {
	return write.unclear(unknown).because(toProblem(failure), 'Looking it up was not possible:');
}

// The `Date` of an answer has whole seconds; the rest is for a server whose machines disagree.
const CLOCK_SLACK_MS = 2_000;

/**
 * When, by Adobe's clock, something was made at the earliest that came of an attempt.
 *
 * @param beganEpochMs by the clock of this machine
 * @param page of the list that it is looked for in
 */
export function earliestEpochMs<T>(
	beganEpochMs: number,
	{ answeredAtEpochMs, receivedAtEpochMs }: ResourcePage<T>,
): number {
	const aheadMs = (answeredAtEpochMs ?? receivedAtEpochMs) - receivedAtEpochMs;
	return beganEpochMs + aheadMs - CLOCK_SLACK_MS;
}
