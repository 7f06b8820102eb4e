import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import { OneAtATime } from '../../platform/keyed';
import type { Reference } from '../collection';
import { listResources } from '../collection';
import type { Run } from '../runModel';
import { RUN } from '../runModel';
import type { RunWindow } from '../runs';
import { NEWEST_FIRST } from '../runs';
import type { Found } from './sendOnce';
import { earliestEpochMs, sendOnce } from './sendOnce';

/** How many of the newest runs of a dataflow are looked through for one of our own. */
const MAX_RUNS_LOOKED_THROUGH = 20;

/** A run to start. */
export interface WantedRun {
	/** Identifies the run; absent if unknown. */
	window?: RunWindow;
	/** Asks Adobe for it, once. */
	send: () => Promise<Reference>;
}

interface Attempt {
	flowId: string;
	window?: RunWindow;
	beganEpochMs: number;
}

/**
 * Starts runs, each exactly once, for all items of one execution.
 *
 * Neither of Adobe's two calls is idempotent. What is ours after a lost answer: a run of this dataflow
 * that no other item has claimed, that was created after the attempt began (by Adobe's clock), and whose
 * window is the wanted one or not shown yet. With several such runs, the item fails and lists them. Runs
 * of one dataflow are started one after another.
 */
export class RunStarts {
	private readonly claimed = new Set<string>();
	private readonly turns = new OneAtATime();

	/**
	 * @param plan what to start; called when no other item starts a run of this dataflow, so that it
	 *   can go by the runs that are there
	 * @throws Problem
	 */
	async start<T extends WantedRun>(
		client: ItemClient,
		flowId: string,
		plan: () => Promise<T>,
	): Promise<T & { started: Reference }> {
		return await this.turns.run(`${client.scope}\n${flowId}`, async () => {
			const wanted = await plan();
			return { ...wanted, started: await this.startInTurn(client, flowId, wanted) };
		});
	}

	private async startInTurn(
		client: ItemClient,
		flowId: string,
		{ window, send }: WantedRun,
	): Promise<Reference> {
		const attempt = { flowId, window, beganEpochMs: Date.now() };
		const started = await sendOnce<Reference>(client, {
			send,
			find: async (unknown) => await this.find(client, attempt, unknown),
			unclear,
		});
		this.claimed.add(started.id);
		return started;
	}

	private async find(
		client: ItemClient,
		{ flowId, window, beganEpochMs }: Attempt,
		unknown: Problem,
	): Promise<Found<Reference> | undefined> {
		const page = await listResources(client, RUN, {
			filters: [`flowId==${flowId}`],
			orderBy: NEWEST_FIRST,
			limit: MAX_RUNS_LOOKED_THROUGH,
		});
		const earliest = earliestEpochMs(beganEpochMs, page);
		const candidates = page.items.filter(
			(run) =>
				(run.flowId ?? flowId) === flowId &&
				!this.claimed.has(run.id) &&
				(run.createdEpochMs ?? 0) >= earliest &&
				hasWindow(run, window),
		);
		const [first, ...more] = candidates;
		if (first === undefined) return undefined;
		if (more.length > 0) return { failed: unclearWhich(unknown, candidates) };
		return { done: { id: first.id, etag: first.etag } };
	}
}

function hasWindow(run: Run, window: RunWindow | undefined): boolean {
	const { windowStartEpochMs: start, windowEndEpochMs: end } = run;
	if (window === undefined) return true;
	return (
		(start === undefined || start === window.start * 1000) &&
		(end === undefined || end === window.end * 1000)
	);
}

function unclear(unknown: Problem): Problem {
	return unknown
		.leadingTo('It is not clear whether Adobe has started the run')
		.advising(
			"Look at the dataflow's runs before you try again, or the same rows may come in twice.",
		);
}

function unclearWhich(unknown: Problem, candidates: Run[]): Problem {
	const list = candidates.map(({ id }) => id).join(', ');
	return unknown
		.leadingTo('It is not clear which run Adobe has started for this item')
		.advising('Look at the new runs of the dataflow before you try again.')
		.noting(`These came into being meanwhile: ${list}.`);
}
