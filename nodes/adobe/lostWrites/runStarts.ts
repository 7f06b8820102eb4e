import type { ItemClient } from '../../platform/client';
import { tooLate } from '../../platform/client';
import { TOO_LATE } from '../../platform/deadline';
import type { Problem } from '../../platform/errors/problem';
import { asIs, hasUnknownOutcome, stillUnknown } from '../../platform/errors/problem';
import type { ItemMemory } from '../../platform/itemMemory';
import { OneAtATime } from '../../platform/keyed';
import type { Reference } from '../collection';
import { listResources } from '../collection';
import type { Run } from '../runModel';
import { RUN } from '../runModel';
import type { RunWindow } from '../runs';
import { NEWEST_FIRST } from '../runs';
import { Claims } from './claims';
import { MadeLately } from './madeLately';
import type { Origin } from './origin';
import { AttemptTime, least, makerOf } from './origin';
import type { Found } from './sendOnce';
import { sendOnce } from './sendOnce';

/** How many of the newest runs of a dataflow are looked through for one of our own. */
const MAX_RUNS_LOOKED_THROUGH = 20;

/** A run to start. */
export interface WantedRun {
	/** Identifies the run; absent if unknown. */
	window?: RunWindow;
	/** IDs of runs that were there before: none of them is this one. */
	earlier?: ReadonlySet<string>;
	/** Asks Adobe for it, once. */
	send: () => Promise<Reference>;
}

/** A run that was started for an item. */
export interface StartedReference extends Reference {
	/**
	 * Set where Adobe's answer was lost and the run was found by its looks: another execution that wanted the
	 * same at the same time may have started it, and our own may still come.
	 */
	isFound?: boolean;
}

interface Attempt {
	flowId: string;
	window?: RunWindow;
	time: AttemptTime;
}

/** An attempt in an earlier try, of which it is not known what came of it. */
interface Lost {
	attempt: Attempt;
	problem: Problem;
}

const LOST = 'lost run';

const WAITED =
	'Until then, another item was starting a run of the same dataflow; nothing was sent.';

const claimed = new Claims();
const turns = new OneAtATime();

/** By its dataflow, as lists may not show it yet. */
const latestRuns = new MadeLately(RUN.path);

/** The run of a dataflow that this process has started a short time ago. */
export function latestRunOf(client: ItemClient, flowId: string): string | undefined {
	return latestRuns.find(client, flowId);
}

/**
 * Starts a run exactly once.
 *
 * Neither of Adobe's two calls is idempotent, and a run can't be taken back. What is ours after a lost
 * answer: a run of this dataflow that no other item has claimed, that was created after the attempt began
 * (by Adobe's clock), and that has the wanted window or was started by our client. With several such runs,
 * the item fails and lists them. Runs of one dataflow are started one after another.
 *
 * @param plan what to start; called when no other item starts a run of this dataflow, so that it can go
 *   by the runs that are there. The window of an attempt that was lost in an earlier try stays the same
 * @param memory of the item
 * @throws Problem
 */
export async function startRunOnce<T extends WantedRun>(
	client: ItemClient,
	flowId: string,
	plan: (window?: RunWindow) => Promise<T>,
	memory: ItemMemory,
): Promise<T & { started: StartedReference }> {
	const outcome = await turns.runInTime(`${client.scope}\n${flowId}`, client, async () => {
		const lost = memory.recall<Lost>(LOST);
		const wanted = await plan(lost?.attempt.window);
		const attempt = lost?.attempt ?? { flowId, window: wanted.window, time: new AttemptTime() };
		try {
			return { ...wanted, started: await startInTurn(client, attempt, wanted, lost?.problem) };
		} catch (error) {
			if (hasUnknownOutcome(error)) memory.keep(LOST, { attempt, problem: error } satisfies Lost);
			throw asIs(error);
		}
	});
	if (outcome !== TOO_LATE) return outcome;
	const late = tooLate('Start a run', 0, WAITED);
	const lost = memory.recall<Lost>(LOST);
	throw lost === undefined ? late : stillUnknown(lost.problem, late);
}

async function startInTurn(
	client: ItemClient,
	attempt: Attempt,
	{ send, earlier }: WantedRun,
	lostBefore: Problem | undefined,
): Promise<StartedReference> {
	const started = await sendOnce<StartedReference>(client, {
		async send() {
			attempt.time.begin();
			return await send();
		},
		find: async (unknown) => await find(client, attempt, earlier, unknown),
		unclear,
		lostBefore,
	});
	claimed.add(started.id);
	latestRuns.note(client, attempt.flowId, started.id);
	return started;
}

async function find(
	client: ItemClient,
	{ flowId, window, time }: Attempt,
	earlier: ReadonlySet<string> | undefined,
	unknown: Problem,
): Promise<Found<StartedReference> | undefined> {
	const page = await listResources(client, RUN, {
		filters: [`flowId==${flowId}`],
		orderBy: NEWEST_FIRST,
		limit: MAX_RUNS_LOOKED_THROUGH,
	});
	time.learn(page);
	const candidates = page.items
		.filter((run) => (run.flowId ?? flowId) === flowId && !claimed.has(run.id))
		.filter(({ id }) => earlier?.has(id) !== true)
		.map((run) => ({ run, origin: originOfRun(client, run, time, window) }))
		.filter(({ origin }) => origin !== 'foreign');
	const runs = candidates.map(({ run }) => run);
	const [first, ...more] = candidates.filter(({ origin }) => origin === 'ours');
	if (first !== undefined && more.length === 0) {
		return { done: { id: first.run.id, etag: first.run.etag, isFound: true } };
	}
	if (first !== undefined) return { failed: unclearWhich(unknown, runs) };
	return runs.length === 0 ? undefined : { doubt: unclearWhich(unknown, runs) };
}

/** Its window is that of the attempt alone; where that is not shown yet, its maker has to do. */
function originOfRun(
	client: ItemClient,
	run: Run,
	time: AttemptTime,
	window: RunWindow | undefined,
): Origin {
	const maker = makerOf(client, run);
	const hasWindow = window === undefined ? undefined : compareWindow(run, window);
	if (hasWindow === false || maker === 'foreign') return 'foreign';
	return least(hasWindow === true ? 'ours' : maker, time.originOf(run.createdEpochMs));
}

/** Undefined where Adobe does not show both of its ends. */
function compareWindow(run: Run, { start, end }: RunWindow): boolean | undefined {
	const ends = [
		[run.windowStartEpochMs, start * 1000],
		[run.windowEndEpochMs, end * 1000],
	];
	if (ends.some(([shown, wanted]) => shown !== undefined && shown !== wanted)) return false;
	return ends.some(([shown]) => shown === undefined) ? undefined : true;
}

function unclear(unknown: Problem): Problem {
	return unknown
		.leadingTo('It is not clear whether Adobe has started the run')
		.advising(
			"Look at the dataflow's runs before you try again, or the same rows may be loaded twice.",
		);
}

function unclearWhich(unknown: Problem, candidates: Run[]): Problem {
	const list = candidates.map(({ id }) => id).join(', ');
	return unknown
		.leadingTo('It is not clear which run Adobe has started for this item')
		.advising('Look at the new runs of the dataflow before you try again.')
		.noting(`These were started meanwhile: ${list}.`);
}
