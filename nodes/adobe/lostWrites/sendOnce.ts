import type { ItemClient } from '../../platform/client';
import { asIs, hasUnknownOutcome, Problem, stillUnknown } from '../../platform/errors/problem';

/** Something that is to be made exactly once, with a mark that nothing else has. */
export interface Creation<T> {
	/** In texts, with its article, e.g. `the source connection`. */
	what: string;
	send(): Promise<T>;
	/** Everything at Adobe with that mark. */
	find(): Promise<T[]>;
	remove(made: T): Promise<void>;
}

const MOST_ATTEMPTS = 4;
/** What is not found at once may be there so much later. */
export const LOOK_UP_PAUSE_MS = 1_000;

/**
 * Makes something exactly once, although its request is not idempotent: where no answer says whether
 * it was made, it is looked up by its mark before it is sent again. A request that was slow and not
 * lost may leave two; then one is removed.
 *
 * @throws Problem; with an unknown outcome it may still come into being
 */
export async function createOnce<T>(client: ItemClient, creation: Creation<T>): Promise<T> {
	let lost: Problem | undefined;
	for (let count = 1; ; count++) {
		try {
			return await creation.send();
		} catch (error) {
			if (!hasUnknownOutcome(error)) {
				throw lost === undefined ? asIs(error) : notFound(creation.what, stillUnknown(lost, error));
			}
			lost = error;
			const made = await lookUp(client, creation, error);
			if (made !== undefined) return made;
			if (count === MOST_ATTEMPTS || error.kind === 'timeOut') {
				throw notFound(creation.what, error);
			}
		}
	}
}

async function lookUp<T>(
	client: ItemClient,
	{ what, find, remove }: Creation<T>,
	unknown: Problem,
): Promise<T | undefined> {
	// A gateway may have given up on a request that the service behind it still works on.
	for (const pauseMs of [0, LOOK_UP_PAUSE_MS]) {
		if (client.remainingMs() <= pauseMs) break;
		await client.pause(pauseMs);
		const [made, ...more] = await find().catch((error: unknown) => {
			throw notLookedUp(what, unknown, error);
		});
		for (const one of more) await remove(one);
		if (made !== undefined) return made;
	}
	return undefined;
}

function unclear(what: string, unknown: Problem): Problem {
	return unknown.leadingTo(`It is not clear whether Adobe has made ${what}`);
}

function notFound(what: string, unknown: Problem): Problem {
	return unclear(what, unknown).noting('It was not found when it was looked up.');
}

function notLookedUp(what: string, unknown: Problem, error: unknown): unknown {
	if (!(error instanceof Problem)) return error;
	return unclear(what, unknown).because(error, 'Looking it up was not possible:');
}
