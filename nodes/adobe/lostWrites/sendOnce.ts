import type { ItemClient } from '../../platform/client';
import type { ProblemKind } from '../../platform/errors/problem';
import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import {
	asIs,
	hasUnknownOutcome,
	Problem,
	stillUnknown,
	toProblem,
} from '../../platform/errors/problem';
import { MAX_LIST_LAG_MS, pausesBetweenLooks } from '../listLag';

/** What a look-up shows. */
export type Found<T> =
	/** The write was done. */
	| { done: T }
	/** There is no use in sending it again. */
	| { failed: Problem }
	/** Something that may have come of it, and may not: it is looked on, and in the end this is the error. */
	| { doubt: Problem };

/** What may have come of a write besides what is known. */
export interface Doubt {
	/** How many more at the most. */
	mostMore: number;
	/** Set where a list that shows what is known may not show the others yet. */
	mayStillShow: boolean;
}

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
	/** What an attempt in an earlier try ended with, where that is not known. */
	lostBefore?: Problem;
	/** How many attempts there were in earlier tries; one by default. */
	attemptsBefore?: number;
	/** Set where it does no harm when it is done twice: one look is enough, after a time-out too. */
	repeatable?: boolean;
	/**
	 * After it was sent more than once: what else has come of it, so that one is left.
	 *
	 * @param made what the last attempt was answered with
	 * @param lost how many attempts before got no answer
	 * @returns undefined while Adobe's list does not show what the last attempt made
	 */
	reconcile?(made: T, lost: number): Promise<T | undefined>;
	/**
	 * Where there was no time for that, it failed, or more may come: what is not known.
	 */
	unreconciled?(made: T, doubt: Doubt): T;
}

const MAX_ATTEMPTS = 4;

/**
 * How long something is looked for before it is sent again: lists lag by some seconds. What can be
 * reconciled afterwards is sent again soon.
 */
const SHORT_LOOK_MS = 1_000;

/** The same after a time-out, since Adobe may still be working on it. */
export const LOOK_AFTER_TIME_OUT_MS = 45_000;

/** Of the item's time that is left, what a look may take where there is something to be done after it. */
const LOOK_SHARE = 1 / 2;

/**
 * Does a write exactly once, although Adobe takes no idempotency key: where no answer says whether it
 * was done, that is looked up before it is sent again, and what was sent more than once is reconciled.
 *
 * @throws Problem; with an unknown outcome it may still come into being
 */
export async function sendOnce<T>(client: ItemClient, write: Write<T>): Promise<T> {
	return await new SendOnce(client, write).run();
}

class SendOnce<T> {
	private lost?: Problem;
	private lostCount: number;
	private isLookedUp = false;
	private isLookedUpLong = false;
	/** Set where a time-out was not looked up for as long as its work may take. */
	private mayStillArrive: boolean;
	/** By then, lists show whatever has come of the attempts that were lost; by the steady clock. */
	private settledEpochMs = 0;

	constructor(
		private readonly client: ItemClient,
		private readonly write: Write<T>,
	) {
		this.lost = write.lostBefore;
		this.lostCount = this.lost === undefined ? 0 : (write.attemptsBefore ?? 1);
		this.mayStillArrive = this.lost?.kind === 'timeOut';
	}

	async run(): Promise<T> {
		const { lost, write } = this;
		if (lost !== undefined) {
			const isReconciled = write.reconcile !== undefined;
			const before = await this.lookUp(lost, isReconciled ? SHORT_LOOK_MS : this.patienceMs(lost));
			this.settlesIn(MAX_LIST_LAG_MS);
			if (before !== undefined) return await this.foundOf(before);
			if (!this.maySendAgain()) throw this.notFound(lost);
		}
		for (let count = 1; ; count++) {
			let error: unknown;
			try {
				const made = await write.send();
				return this.lostCount === 0 ? made : await this.reconciled(made, this.lostCount);
			} catch (caught) {
				error = caught;
			}
			if (hasUnknownOutcome(error)) {
				this.lost = error;
				this.lostCount++;
				this.settlesIn(error.kind === 'timeOut' ? LOOK_AFTER_TIME_OUT_MS : MAX_LIST_LAG_MS);
			} else if (!isConflict(write, error)) {
				return await this.failed(error);
			}
			const patienceMs = this.patienceMs(error);
			const found = await this.lookUp(error, patienceMs);
			this.mayStillArrive ||= error.kind === 'timeOut' && patienceMs < LOOK_AFTER_TIME_OUT_MS;
			if (found !== undefined) return await this.foundOf(found);
			const isLast = count === MAX_ATTEMPTS || !this.maySendAgain();
			if (isLast) throw this.notFound(error);
		}
	}

	/** A refusal says nothing about an attempt before it that got no answer. */
	private async failed(error: unknown): Promise<T> {
		const { lost, write } = this;
		if (lost === undefined) throw asIs(error);
		const found = write.repeatable === true ? undefined : await this.lookUp(lost, MAX_LIST_LAG_MS);
		if (found !== undefined) return await this.foundOf(found);
		throw write.unclear(stillUnknown(lost, error));
	}

	/** Of several attempts that were lost, others may show later: they are waited for where there is time. */
	private async foundOf(found: Found<T>): Promise<T> {
		const done = resultOf(found);
		const { client, write } = this;
		const others = this.lostCount - 1;
		if (others < 1) return done;
		const pauseMs = Math.max(0, this.settledEpochMs - steadyEpochMs());
		if (write.reconcile === undefined || client.remainingMs() <= pauseMs) {
			return this.unreconciled(done, { mostMore: others, mayStillShow: true });
		}
		await client.pause(pauseMs);
		return await this.reconciled(done, others);
	}

	private settlesIn(ms: number): void {
		this.settledEpochMs = Math.max(this.settledEpochMs, steadyEpochMs() + ms);
	}

	private unreconciled(made: T, doubt = this.doubt()): T {
		return this.write.unreconciled?.(made, doubt) ?? made;
	}

	private doubt(): Doubt {
		return { mostMore: this.lostCount, mayStillShow: this.mayStillArrive };
	}

	private patienceMs(error: Problem): number {
		const { client, write } = this;
		if (write.repeatable === true) return 0;
		if (error.kind !== 'timeOut')
			return write.reconcile === undefined ? MAX_LIST_LAG_MS : SHORT_LOOK_MS;
		if (write.reconcile === undefined) return LOOK_AFTER_TIME_OUT_MS;
		return Math.min(LOOK_AFTER_TIME_OUT_MS, client.remainingMs() * LOOK_SHARE);
	}

	/** Looks until something is found, patience is at its end, or the item's time is. */
	private async lookUp(error: Problem, patienceMs: number): Promise<Found<T> | undefined> {
		const { client, write } = this;
		this.isLookedUpLong = client.remainingMs() > patienceMs;
		let doubt: Found<T> | undefined;
		let failure: Problem | undefined;
		for (const pauseMs of pausesBetweenLooks(client, patienceMs)) {
			await client.pause(pauseMs);
			try {
				const found = await write.find(error, this.lost !== undefined);
				if (found !== undefined && !('doubt' in found)) return found;
				doubt = found;
				failure = undefined;
				this.isLookedUp = true;
			} catch (caught) {
				if (!isPassing(caught)) throw this.notLookedUp(caught);
				failure = caught;
			}
		}
		if (failure !== undefined) throw this.notLookedUp(failure);
		return doubt;
	}

	/** Where nothing can be reconciled, only after a look that was long enough. */
	private maySendAgain(): boolean {
		const { write } = this;
		return write.repeatable === true || write.reconcile !== undefined || this.isLookedUpLong;
	}

	/** @param lost how many attempts besides what was made got no answer */
	private async reconciled(made: T, lost: number): Promise<T> {
		const { client, write } = this;
		if (write.reconcile === undefined) return made;
		try {
			for (const pauseMs of pausesBetweenLooks(client)) {
				await client.pause(pauseMs);
				const left = await write.reconcile(made, lost);
				if (left === undefined) continue;
				return this.mayStillArrive ? this.unreconciled(left) : left;
			}
		} catch (error) {
			// What was made is there, and must not be lost; a cancelled execution ends all the same.
			if (!(error instanceof Problem)) throw asIs(error);
		}
		return this.unreconciled(made);
	}

	private notFound(error: Problem): Problem {
		const note = this.isLookedUp
			? 'It was not there when it was looked up.'
			: 'There was no time left to look it up.';
		return this.write.unclear(this.lost ?? error).noting(note);
	}

	private notLookedUp(failure: unknown): unknown {
		const { lost, write } = this;
		if (lost === undefined) return failure;
		return write.unclear(lost).because(toProblem(failure), 'Looking it up was not possible:');
	}
}

const PASSING: readonly ProblemKind[] = [
	...(['throttled', 'unavailable', 'timeOut', 'connectionLost', 'unreachable'] as const),
	// A redirect, or an answer that can't be read.
	'other',
];

/** Whether the next look may succeed where this one failed. */
function isPassing(error: unknown): error is Problem {
	return error instanceof Problem && PASSING.includes(error.kind);
}

function resultOf<T>(found: Found<T>): T {
	if ('done' in found) return found.done;
	throw 'failed' in found ? found.failed : found.doubt;
}

function isConflict<T>(write: Write<T>, error: unknown): error is Problem {
	return error instanceof Problem && write.isConflict?.(error) === true;
}
