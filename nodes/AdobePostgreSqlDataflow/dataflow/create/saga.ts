import { MAX_LIST_LAG_MS, pausesBetweenLooks } from '../../../adobe/listLag';
import { sendOnce } from '../../../adobe/lostWrites/sendOnce';
import type { ItemClient } from '../../../platform/client';
import type { Problem } from '../../../platform/errors/problem';
import {
	asIs,
	hasUnknownOutcome,
	ignoringNotFound,
	toProblem,
} from '../../../platform/errors/problem';

/** One step of creating a dataflow: how its part is created, found again, and deleted. */
export interface Step<T extends { id: string }> {
	/** In messages, e.g. `source connection`. */
	kind: string;
	send(client: ItemClient): Promise<T>;
	/** What has come of `send`, and nothing else. */
	find(client: ItemClient): Promise<Array<{ id: string } & T>>;
	remove(client: ItemClient, id: string): Promise<void>;
}

/** Undoes a step. */
interface Compensation {
	/** Returns what it removed, in words. */
	run(client: ItemClient): Promise<string[]>;
	/** What it would remove, in words. */
	what: string;
}

/** What a rollback has removed and what it could not. */
export interface RolledBack {
	/** In words, e.g. `the source connection 2c15…`. */
	removed: string[];
	/** In words, with the reason. */
	left: string[];
}

/** The steps of creating a dataflow; when one fails, those before are rolled back, the last first. */
export class Saga {
	private readonly compensations: Compensation[] = [];

	constructor(
		private readonly client: ItemClient,
		private readonly isCancelled: () => boolean,
	) {}

	/** @throws Problem; what may come of the step all the same is rolled back with the others */
	async run<T extends { id: string }>(step: Step<T>): Promise<T> {
		try {
			const made = await sendStep(this.client, step);
			this.compensations.push(removalOf(step, made.id));
			return made;
		} catch (error) {
			// A request that was in flight may be done a little later, and lists may show it later still.
			if (this.isCancelled() || hasUnknownOutcome(error)) {
				this.compensations.push(removalOfLateArrivals(step));
			}
			throw asIs(error);
		}
	}

	/** @param client one with time left */
	async rollBack(client: ItemClient): Promise<RolledBack> {
		const removed: string[] = [];
		const left: string[] = [];
		for (const compensation of this.compensations.splice(0).reverse()) {
			try {
				for (const one of await compensation.run(client)) removed.push(one);
			} catch (error) {
				left.push(`${compensation.what} (${toProblem(error).message})`);
			}
		}
		return { removed, left };
	}

	/** Rolls back after a failure; the same failure, with what became of the steps before. */
	async rollBackAfter(client: ItemClient, error: unknown): Promise<unknown> {
		if (this.compensations.length === 0) return error;
		return withRollback(toProblem(error), await this.rollBack(client));
	}
}

/** The same problem, told with what was removed and what is left behind. */
export function withRollback(problem: Problem, rolledBack: RolledBack): Problem {
	return problem
		.noting(rollbackReport(rolledBack))
		.detailing(rolledBack.left.length === 0 ? {} : { leftBehind: rolledBack.left.join('; ') });
}

/** What was removed and what is left, in sentences. */
function rollbackReport({ removed, left }: RolledBack): string {
	const done = removed.length === 0 ? 'Nothing is left behind.' : '';
	const again = removed.length === 0 ? '' : `Removed again: ${removed.join(', ')}.`;
	if (left.length === 0) return again || done;
	return `${again} Could not be removed, so delete it yourself: ${left.join('; ')}.`.trim();
}

async function sendStep<T extends { id: string }>(client: ItemClient, step: Step<T>): Promise<T> {
	// Each is known by its marker, so all of them are ours.
	const keepFirst = async (found: T[]) => {
		const [kept, ...more] = found;
		for (const { id } of more) await ignoringNotFound(step.remove(client, id));
		return kept;
	};
	return await sendOnce<T>(client, {
		send: async () => await step.send(client),
		async find() {
			const made = await keepFirst(await step.find(client));
			return made && { done: made };
		},
		unclear: (unknown) =>
			unknown.leadingTo(`It is not clear whether Adobe has made the ${step.kind}`),
		async reconcile(made) {
			const found = await step.find(client);
			if (!found.some(({ id }) => id === made.id)) return undefined;
			await keepFirst([made, ...found.filter(({ id }) => id !== made.id)]);
			return made;
		},
	});
}

function removalOf<T extends { id: string }>(step: Step<T>, id: string): Compensation {
	const what = `the ${step.kind} ${id}`;
	return {
		what,
		run: async (client) => {
			await ignoringNotFound(step.remove(client, id));
			return [what];
		},
	};
}

/** A request that was never answered may have been done meanwhile. */
function removalOfLateArrivals<T extends { id: string }>(step: Step<T>): Compensation {
	return {
		what: `a ${step.kind} that Adobe may have made`,
		run: async (client) => {
			// The steps before it have to be rolled back in the same time.
			const patienceMs = Math.min(MAX_LIST_LAG_MS, client.remainingMs() / 2);
			for (const pauseMs of pausesBetweenLooks(client, patienceMs)) {
				await client.pause(pauseMs);
				const found = await step.find(client);
				for (const { id } of found) await ignoringNotFound(step.remove(client, id));
				if (found.length > 0) return found.map(({ id }) => `the ${step.kind} ${id}`);
			}
			return [];
		},
	};
}
