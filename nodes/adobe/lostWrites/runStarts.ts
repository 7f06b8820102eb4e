import type { ItemClient } from '../../platform/client';
import { asIs, hasUnknownOutcome, Problem, stillUnknown } from '../../platform/errors/problem';
import { LOOK_UP_PAUSE_MS } from './sendOnce';
import { OneAtATime } from '../../platform/keyed';
import type { Reference } from '../collection';
import { listResources } from '../collection';
import type { Run } from '../runModel';
import { RUN } from '../runModel';
import type { RunWindow } from '../runs';
import { NEWEST_FIRST } from '../runs';

const MOST_ATTEMPTS = 4;
const NEWEST = 20;

// The `Date` of an answer has whole seconds; the rest is for a server whose machines disagree.
const CLOCK_SLACK_MS = 2_000;

/** A run that is to be started. */
export interface WantedRun {
	/** What it can be told by; left out where it is not known. */
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
 * Neither of Adobe's two calls is idempotent, and a reset line or a 5xx leaves open whether there is
 * a new run. Then it is looked for: a run of this dataflow that no other item has got, that came into
 * being after the attempt began (by Adobe's clock), and whose window is the wanted one or not to be
 * seen yet. One such run is the result; without any, the request is sent again; of several, the
 * item fails and lists them. Runs of one dataflow are started one after another.
 */
export class RunStarts {
	private readonly taken = new Set<string>();
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
		const beganEpochMs = Date.now();
		let lost: Problem | undefined;
		for (let count = 1; ; count++) {
			try {
				const made = await send();
				this.taken.add(made.id);
				return made;
			} catch (error) {
				if (!hasUnknownOutcome(error)) {
					throw lost === undefined ? asIs(error) : notSeen(stillUnknown(lost, error));
				}
				lost = error;
				const attempt = { flowId, window, beganEpochMs };
				const found = await this.lookUp(client, attempt, error);
				if (found !== undefined) return found;
				if (count === MOST_ATTEMPTS) throw notSeen(error);
			}
		}
	}

	private async lookUp(
		client: ItemClient,
		attempt: Attempt,
		unknown: Problem,
	): Promise<Reference | undefined> {
		// A gateway may have given up on a request that the service behind it still works on.
		for (const pauseMs of [0, LOOK_UP_PAUSE_MS]) {
			if (client.remainingMs() <= pauseMs) break;
			await client.pause(pauseMs);
			const candidates = await this.candidates(client, attempt, unknown);
			const [first, ...more] = candidates;
			if (first === undefined) continue;
			if (more.length > 0) throw unclearWhich(unknown, candidates);
			this.taken.add(first.id);
			return { id: first.id, etag: first.etag };
		}
		if (unknown.kind === 'timeOut') throw notSeen(unknown);
		return undefined;
	}

	private async candidates(
		client: ItemClient,
		{ flowId, window, beganEpochMs }: Attempt,
		unknown: Problem,
	): Promise<Run[]> {
		const page = await listResources(client, RUN, {
			filters: [`flowId==${flowId}`],
			orderBy: NEWEST_FIRST,
			limit: NEWEST,
		}).catch((error: unknown) => {
			throw notLookedUp(unknown, error);
		});
		const aheadMs = (page.answeredAtEpochMs ?? page.receivedAtEpochMs) - page.receivedAtEpochMs;
		const earliestEpochMs = beganEpochMs + aheadMs - CLOCK_SLACK_MS;
		return page.items.filter(
			(run) =>
				(run.flowId ?? flowId) === flowId &&
				!this.taken.has(run.id) &&
				(run.createdEpochMs ?? 0) >= earliestEpochMs &&
				hasWindow(run, window),
		);
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

function notSeen(unknown: Problem): Problem {
	return unclear(unknown).noting('No new run is to be seen.');
}

function unclearWhich(unknown: Problem, candidates: Run[]): Problem {
	const list = candidates.map(({ id }) => id).join(', ');
	return unknown
		.leadingTo('It is not clear which run Adobe has started for this item')
		.advising('Look at the new runs of the dataflow before you try again.')
		.noting(`These came into being meanwhile: ${list}.`);
}

function notLookedUp(unknown: Problem, error: unknown): unknown {
	if (!(error instanceof Problem)) return error;
	return unclear(unknown).because(error, 'Looking for a new run was not possible either:');
}
