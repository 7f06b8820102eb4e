import { MAX_LIST_LAG_MS, pausesBetweenLooks } from '../../../adobe/listLag';
import type { Doubt } from '../../../adobe/lostWrites/sendOnce';
import { sendOnce } from '../../../adobe/lostWrites/sendOnce';
import type { ItemClient } from '../../../platform/client';
import {
	asIs,
	hasUnknownOutcome,
	ignoringNotFound,
	Problem,
	toProblem,
} from '../../../platform/errors/problem';

/** One step of creating a dataflow: how its part is created, found again, and deleted. */
export interface Step<T extends { id: string }> {
	/** In messages, e.g. `source connection`. */
	kind: string;
	/** What it is found by in Adobe's pages, in messages. */
	name: string;
	/** Set where it needs what the steps before have made. */
	usesOthers?: boolean;
	/** Set where another execution of the same work may go on with what this one has made. */
	isShared?: boolean;
	send(client: ItemClient): Promise<T>;
	/** What has come of `send`, and nothing else. */
	find(client: ItemClient): Promise<Array<{ id: string } & T>>;
	remove(client: ItemClient, id: string): Promise<void>;
}

/** Undoes a step. */
interface Compensation {
	run(client: ItemClient): Promise<Removal>;
	/** What it would remove, in words. */
	what: string;
	usesOthers: boolean;
	isShared: boolean;
}

/** What one compensation has removed, and what may come yet, in words. */
interface Removal {
	removed: string[];
	/** Why it could not remove what is there. */
	left?: unknown;
	unclear?: string;
}

/** What a rollback has removed and what it could not. */
export interface RolledBack {
	/** In words, e.g. `the source connection 2c15…`. */
	removed: string[];
	/** In words, with the reason. */
	left: string[];
	/** What Adobe may have made besides, in words. */
	unclear: string[];
	/** What a dataflow may use, in words. */
	kept: string[];
}

/** Something that Adobe may have made. */
export interface Unclear {
	kind: string;
	/** In words, with the name that it has then. */
	what: string;
}

interface Made<T> {
	made: T;
	/** More may have come of the step than the one that is used. */
	doubt?: Doubt;
}

/** The steps of creating a dataflow; when one fails, those before are rolled back, the last first. */
export class Saga {
	private readonly compensations: Compensation[] = [];
	/** Removes what more may have come of steps that were sent more than once. */
	private readonly surpluses: Array<{
		kind: string;
		remove(client: ItemClient): Promise<Removal>;
	}> = [];

	constructor(
		private readonly client: ItemClient,
		private readonly isCancelled: () => boolean,
	) {}

	/** @throws Problem; what may come of the step all the same is rolled back with the others */
	async run<T extends { id: string }>(step: Step<T>): Promise<T> {
		try {
			const { made, doubt } = await sendStep(this.client, step);
			this.compensations.push(removalOf(step, made.id, doubt));
			if (doubt !== undefined) {
				const remove = async (client: ItemClient) =>
					await removeSurplus(client, step, made.id, doubt);
				this.surpluses.push({ kind: step.kind, remove });
			}
			return made;
		} catch (error) {
			// A request that was in flight may be done a little later, and lists may show it later still.
			if (this.isCancelled() || hasUnknownOutcome(error)) {
				this.compensations.push(removalOfLateArrivals(step));
			}
			throw asIs(error);
		}
	}

	/**
	 * When all is made: removes what has come of attempts without an answer besides.
	 *
	 * @returns what may be left all the same
	 */
	async tidyUp(client: ItemClient): Promise<Unclear[]> {
		const left: Unclear[] = [];
		for (const { kind, remove } of this.surpluses) {
			const { unclear } = await remove(client);
			if (unclear !== undefined) left.push({ kind, what: unclear });
		}
		return left;
	}

	/**
	 * Where a dataflow that may be there can't be found or removed, Adobe keeps its ends. Then all that was made
	 * before stays as well: Adobe would let go of the mapping set and the dataset, which the dataflow needs.
	 *
	 * @param client one with time left
	 * @param keepsShared whether another execution may be going on with what can be shared; asked when that is next
	 */
	async rollBack(
		client: ItemClient,
		keepsShared: () => Promise<boolean> = async () => false,
	): Promise<RolledBack> {
		const rolledBack: RolledBack = { removed: [], left: [], unclear: [], kept: [] };
		let mayBeUsed = false;
		let isUsed = false;
		for (const { run, what, usesOthers, isShared } of this.compensations.splice(0).reverse()) {
			isUsed ||= isShared && (await keepsShared());
			if (isUsed) {
				rolledBack.kept.push(what);
				continue;
			}
			let isThere = false;
			try {
				const { removed, left, unclear } = await run(client);
				for (const one of removed) rolledBack.removed.push(one);
				if (left !== undefined) rolledBack.left.push(leftFor(what, left));
				if (unclear !== undefined) rolledBack.unclear.push(unclear);
				isThere = left !== undefined;
				mayBeUsed ||= usesOthers && unclear !== undefined;
			} catch (error) {
				rolledBack.left.push(leftFor(what, error));
				isThere = !usesOthers;
				mayBeUsed ||= usesOthers;
			}
			isUsed = isThere && (usesOthers || mayBeUsed);
		}
		return rolledBack;
	}

	/** Rolls back after a failure; the same failure, with what became of the steps before. */
	async rollBackAfter(
		client: ItemClient,
		error: unknown,
		keepsShared?: () => Promise<boolean>,
	): Promise<unknown> {
		if (this.compensations.length === 0) return error;
		return withRollback(toProblem(error), await this.rollBack(client, keepsShared));
	}
}

/** The same problem, told with what was removed and what is left behind. */
export function withRollback(problem: Problem, rolledBack: RolledBack): Problem {
	const { left, unclear, kept } = rolledBack;
	const behind = [...left, ...unclear, ...kept].join('; ');
	return problem
		.noting(rollbackReport(rolledBack))
		.detailing(behind === '' ? {} : { leftBehind: behind });
}

/** What was removed and what is left, in sentences. */
function rollbackReport({ removed, left, unclear, kept }: RolledBack): string {
	const sentences = [
		removed.length === 0 ? '' : `Removed again: ${removed.join(', ')}.`,
		left.length === 0 ? '' : `Could not be removed, so delete it yourself: ${left.join('; ')}.`,
		unclear.length === 0 ? '' : `Look for it and delete it: ${unclear.join('; ')}.`,
		kept.length === 0 ? '' : `Kept, as a dataflow may use it: ${kept.join('; ')}.`,
	].filter((sentence) => sentence !== '');
	return sentences.length === 0 ? 'Nothing is left behind.' : sentences.join(' ');
}

async function sendStep<T extends { id: string }>(
	client: ItemClient,
	step: Step<T>,
): Promise<Made<T>> {
	// Each is known by its marker, so all of them are ours.
	const keepFirst = async (found: T[]) => {
		const [kept, ...more] = found;
		for (const { id } of more) await ignoringNotFound(step.remove(client, id));
		return kept;
	};
	return await sendOnce<Made<T>>(client, {
		send: async () => ({ made: await step.send(client) }),
		async find() {
			const made = await keepFirst(await step.find(client));
			return made && { done: { made } };
		},
		unclear: (unknown) =>
			unknown.leadingTo(`It is not clear whether Adobe has made the ${step.kind}`),
		async reconcile({ made }) {
			const found = await step.find(client);
			if (!found.some(({ id }) => id === made.id)) return undefined;
			await keepFirst([made, ...found.filter(({ id }) => id !== made.id)]);
			return { made };
		},
		unreconciled: ({ made }, doubt) => ({ made, doubt }),
	});
}

function removalOf<T extends { id: string }>(
	step: Step<T>,
	id: string,
	doubt: Doubt | undefined,
): Compensation {
	const what = `the ${step.kind} ${id}`;
	return {
		what,
		usesOthers: step.usesOthers === true,
		isShared: step.isShared === true,
		run: async (client) => {
			// While it is there, the list shows by it that it is up to date.
			const more =
				doubt === undefined ? { removed: [] } : await removeSurplus(client, step, id, doubt);
			const left = await failureOf(ignoringNotFound(step.remove(client, id)));
			if (left !== undefined) return { ...more, left };
			return { ...more, removed: [what, ...more.removed] };
		},
	};
}

/** Removes all that has come of a step but the one; never fails, as that one is what matters. */
async function removeSurplus<T extends { id: string }>(
	client: ItemClient,
	step: Step<T>,
	id: string,
	{ mayStillShow, mostMore }: Doubt,
): Promise<Removal> {
	const removed: string[] = [];
	const unclear = `${step.kind} '${step.name}' that Adobe may have made besides ${id}`;
	try {
		for (const pauseMs of pausesBetweenLooks(client, patienceOf(client))) {
			await client.pause(pauseMs);
			const found = await step.find(client);
			for (const other of found) {
				if (other.id === id) continue;
				await ignoringNotFound(step.remove(client, other.id));
				removed.push(`the ${step.kind} ${other.id}`);
			}
			const isShown = found.some((one) => one.id === id);
			if (removed.length >= mostMore || (isShown && !mayStillShow)) return { removed };
		}
	} catch (error) {
		if (!(error instanceof Problem)) throw asIs(error);
	}
	return { removed, unclear };
}

/** A request that was never answered may have been done meanwhile. */
function removalOfLateArrivals<T extends { id: string }>(step: Step<T>): Compensation {
	const unclear = `${step.kind} '${step.name}' that Adobe may have made`;
	return {
		what: `a ${unclear}`,
		usesOthers: step.usesOthers === true,
		isShared: step.isShared === true,
		run: async (client) => {
			for (const pauseMs of pausesBetweenLooks(client, patienceOf(client))) {
				await client.pause(pauseMs);
				const found = await step.find(client);
				if (found.length === 0) continue;
				const removed: string[] = [];
				for (const { id } of found) {
					const left = await failureOf(ignoringNotFound(step.remove(client, id)));
					if (left !== undefined) return { removed, left, unclear };
					removed.push(`the ${step.kind} ${id}`);
				}
				// It was sent several times, and lists may show the rest later.
				return { removed, unclear };
			}
			return { removed: [], unclear };
		},
	};
}

async function failureOf(work: Promise<void>): Promise<unknown> {
	return await work.then(
		() => undefined,
		(error: unknown) => error,
	);
}

function leftFor(what: string, error: unknown): string {
	return `${what} (${toProblem(error).message})`;
}

/** The other steps have to be rolled back in the same time. */
function patienceOf(client: ItemClient): number {
	return Math.min(MAX_LIST_LAG_MS, client.remainingMs() / 2);
}
