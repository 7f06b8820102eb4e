import { createOnce, LOOK_UP_PAUSE_MS } from '../../../adobe/lostWrites/sendOnce';
import type { ItemClient } from '../../../platform/client';
import {
	asIs,
	hasUnknownOutcome,
	ignoringNotFound,
	toProblem,
} from '../../../platform/errors/problem';

/** One link of a dataflow's chain, and how it is made, found again and taken down. */
export interface Link<T extends { id: string }> {
	/** In texts, e.g. `source connection`. */
	kind: string;
	send(client: ItemClient): Promise<T>;
	/** What has come of `send`, and nothing else. */
	find(client: ItemClient): Promise<Array<{ id: string } & T>>;
	remove(client: ItemClient, id: string): Promise<void>;
}

/** What was made, and how to take it down again; gives the texts of what it removed. */
interface Made {
	takeDown(client: ItemClient): Promise<string[]>;
	/** In texts, where it could not be taken down. */
	what: string;
}

export interface TakenDown {
	/** In words, e.g. `the source connection 2c15…`. */
	removed: string[];
	/** In words, with the reason. */
	left: string[];
}

/** A dataflow in the making: link by link, and back again in reverse order when one fails. */
export class Chain {
	private readonly made: Made[] = [];

	constructor(
		private readonly client: ItemClient,
		private readonly isCancelled: () => boolean,
	) {}

	/** @throws Problem; what may have come of it all the same is taken down with the rest */
	async make<T extends { id: string }>(link: Link<T>): Promise<T> {
		const { client } = this;
		const what = `the ${link.kind}`;
		try {
			const made = await createOnce<T>(client, {
				what,
				send: async () => await link.send(client),
				find: async () => await link.find(client),
				remove: async ({ id }) => await link.remove(client, id),
			});
			this.made.push(takeDownOf(link, made.id));
			return made;
		} catch (error) {
			// A request that was under way when the execution was cancelled may be done a little later.
			if (this.isCancelled()) this.made.push(latecomersOf(link, [0, LOOK_UP_PAUSE_MS]));
			else if (hasUnknownOutcome(error)) this.made.push(latecomersOf(link, [0]));
			throw asIs(error);
		}
	}

	/**
	 * Removes all that was made, the last first.
	 *
	 * @param client one with time left
	 */
	async takeDown(client: ItemClient): Promise<TakenDown> {
		const removed: string[] = [];
		const left: string[] = [];
		for (const one of this.made.splice(0).reverse()) {
			try {
				removed.push(...(await one.takeDown(client)));
			} catch (error) {
				left.push(`${one.what} (${toProblem(error).message})`);
			}
		}
		return { removed, left };
	}

	/** The same failure, told with what became of all that was made before. */
	async afterFailure(client: ItemClient, error: unknown): Promise<unknown> {
		if (this.made.length === 0) return error;
		const { removed, left } = await this.takeDown(client);
		return toProblem(error)
			.noting(aftermath({ removed, left }))
			.detailing(left.length === 0 ? {} : { leftBehind: left.join('; ') });
	}
}

/** What was removed and what is left, in sentences. */
export function aftermath({ removed, left }: TakenDown): string {
	const done = removed.length === 0 ? 'Nothing is left behind.' : '';
	const again = removed.length === 0 ? '' : `Removed again: ${removed.join(', ')}.`;
	if (left.length === 0) return again || done;
	return `${again} Could not be removed, so delete it yourself: ${left.join('; ')}.`.trim();
}

function takeDownOf<T extends { id: string }>(link: Link<T>, id: string): Made {
	const what = `the ${link.kind} ${id}`;
	return {
		what,
		takeDown: async (client) => {
			await ignoringNotFound(link.remove(client, id));
			return [what];
		},
	};
}

/** A request that was never answered may have been done meanwhile. */
function latecomersOf<T extends { id: string }>(link: Link<T>, pausesMs: number[]): Made {
	return {
		what: `a ${link.kind} that Adobe may have made`,
		takeDown: async (client) => {
			const removed: string[] = [];
			for (const pauseMs of pausesMs) {
				await client.pause(pauseMs);
				for (const { id } of await link.find(client)) {
					await link.remove(client, id);
					removed.push(`the ${link.kind} ${id}`);
				}
			}
			return removed;
		},
	};
}
