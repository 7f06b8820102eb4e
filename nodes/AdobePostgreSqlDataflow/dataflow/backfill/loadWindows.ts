import { UnexpectedError } from 'n8n-workflow';

import { MAX_LIST_LAG_MS, pausesBetweenLooks } from '../../../adobe/listLag';
import { startRunOnce } from '../../../adobe/lostWrites/runStarts';
import type { Run } from '../../../adobe/runModel';
import { endOf } from '../../../adobe/runModel';
import type { RunWindow } from '../../../adobe/runs';
import { createRun } from '../../../adobe/runs';
import { waitForRun } from '../../../adobe/waitFor';
import type { OperationCall } from '../../../operation/operation';
import { steadyEpochMs } from '../../../platform/clocks/steadyClock';
import type { ItemClient } from '../../../platform/client';
import { asIs, hasUnknownOutcome, isProblem, Problem } from '../../../platform/errors/problem';
import type { ItemMemory } from '../../../platform/itemMemory';
import { withRun } from '../../run/startedRun';
import { LoadedRuns } from './loadedRuns';
import type { Backfill } from './parameters';
import { WAIT_LABEL } from './parameters';

/** What became of a window. */
export interface LoadedWindow {
	window: RunWindow;
	run: Run;
	/** Undefined where it was loaded before this execution. */
	end?: 'success' | 'failed';
}

/** By then, another execution that waits for a run has seen its end, and its next run is on the list. */
const MAX_NEXT_START_MS = 2 * MAX_LIST_LAG_MS;

/** Adobe may still start a run so long after nobody waits for its answer any more. */
const MAX_LATE_MS = 45_000;

/** When a start of a run ended without a run, by the dataflow: stopped executions leave some in flight. */
const unanswered = new Map<string, number>();

/** What the windows are loaded by. */
interface Order {
	flowId: string;
	deltaColumn: string;
}

type Call = Pick<OperationCall, 'memory' | 'openClient'>;

/**
 * Loads windows one after another, each by a run of its own that is waited for. Which windows are loaded
 * already is asked of Adobe, so that an execution that was cancelled, failed or killed is continued by the next
 * one: a window whose run failed gets another run, and a run that has not ended is waited for.
 */
export class WindowLoader {
	/** Until when nothing is started, as what another execution has started may not be seen yet. */
	private quietUntilMs: number;
	private readonly span: RunWindow;
	private hasFoundOthers = false;
	private hasStarted = false;

	private constructor(
		private readonly call: Call,
		private readonly order: Order,
		private readonly backfill: Backfill,
		private readonly runs: LoadedRuns,
	) {
		const { windows } = backfill;
		this.span = { start: windows[0]?.start ?? 0, end: windows.at(-1)?.end ?? 0 };
		const unansweredMs = unanswered.get(order.flowId) ?? -Infinity;
		this.quietUntilMs = Math.max(steadyEpochMs(), unansweredMs + MAX_LATE_MS) + MAX_LIST_LAG_MS;
	}

	static async open(call: Call, order: Order, backfill: Backfill): Promise<WindowLoader> {
		const { flowId } = order;
		const { ignoreBeforeEpochMs } = backfill;
		const runs = await LoadedRuns.read(call.openClient(), flowId, ignoreBeforeEpochMs);
		return new WindowLoader(call, order, backfill, runs);
	}

	/**
	 * Sees to it that a window is loaded.
	 *
	 * @throws Problem where that is not known in time, or its rows might be loaded twice
	 */
	async load(window: RunWindow): Promise<LoadedWindow> {
		const { runs } = this;
		for (;;) {
			this.checkAlone();
			const before = runs.loaded(window);
			if (before !== undefined) return { window, run: before };
			const open = runs.open();
			if (open !== undefined) {
				await this.wait(open.id);
				this.keepQuietFor(MAX_NEXT_START_MS);
				continue;
			}
			await this.keepQuiet();
			const id = await this.start(window);
			if (id === undefined) continue;
			const run = await this.wait(id);
			return { window, run, end: endOf(run) };
		}
	}

	/**
	 * That no other execution loads this span at the same time, as both might start the same window. One that was
	 * stopped or killed leaves runs that come to light once; one that is alive starts another one soon.
	 *
	 * @throws Problem
	 */
	private checkAlone(): void {
		const others = this.runs.others(this.span);
		const [other] = others;
		if (other === undefined) return;
		if (this.hasFoundOthers || this.hasStarted) throw notAlone(this.call.openClient(), other);
		this.hasFoundOthers = true;
		this.runs.accept(others);
		this.keepQuietFor(MAX_NEXT_START_MS);
	}

	private keepQuietFor(durationMs: number): void {
		this.quietUntilMs = steadyEpochMs() + durationMs;
	}

	private async keepQuiet(): Promise<void> {
		const leftMs = this.quietUntilMs - steadyEpochMs();
		if (leftMs > 0) await this.call.openClient().pause(leftMs);
	}

	/** @returns the ID of the run; undefined where another one came first, which has to be looked at */
	private async start(window: RunWindow): Promise<string | undefined> {
		const { call, order, runs } = this;
		const client = call.openClient();
		const plan = async () => {
			await runs.refresh(client);
			const isNew = runs.open() !== undefined || runs.loaded(window) !== undefined;
			if (isNew || runs.others(this.span).length > 0) throw new Overtaken();
			runs.checkUnloaded(client, this.backfill.windows);
			const send = async () => await createRun(client, { ...order, window });
			return { window, earlier: runs.ids(), send };
		};
		try {
			const memory = memoryOf(call.memory, window);
			const { started } = await startRunOnce(client, order.flowId, plan, memory);
			this.hasStarted = true;
			runs.start(started.id, window);
			return started.id;
		} catch (error) {
			if (error instanceof Overtaken) return undefined;
			const mayArrive = isProblem(error, 'stopped') || hasUnknownOutcome(error);
			if (mayArrive) unanswered.set(order.flowId, steadyEpochMs());
			// Adobe may refuse a run while another one is in progress, which lists show only later.
			if (isProblem(error, 'rejected') && (await this.showsOpen(client))) return undefined;
			throw asIs(error);
		}
	}

	private async showsOpen(client: ItemClient): Promise<boolean> {
		for (const pauseMs of pausesBetweenLooks(client)) {
			await client.pause(pauseMs);
			await this.runs.refresh(client);
			if (this.runs.open() !== undefined) return true;
		}
		return false;
	}

	private async wait(id: string): Promise<Run> {
		const { openClient } = this.call;
		const { maxWaitMs } = this.backfill;
		const run = await waitForRun(openClient, id, maxWaitMs, WAIT_LABEL).catch((error: unknown) => {
			throw withRun(error, id);
		});
		this.runs.learn([run]);
		return run;
	}
}

/** Another run came first, in the moment before this one was started. */
class Overtaken extends UnexpectedError {
	constructor() {
		super('Another run came first');
	}
}

function notAlone({ sandboxName }: ItemClient, { id }: Run): Problem {
	return new Problem('Something else loads the same span at the same time', {
		advice:
			'Execute this one again when the other has ended: it then loads what is missing. Look for another execution of the workflow in n8n.',
		notes: [`It has started the run ${id}. Two at a time might load the same rows twice.`],
		details: { runId: id, operation: 'Load windows', sandboxName },
		failure: { cause: 'temporarily-unavailable' },
	});
}

/** An attempt of an earlier try whose outcome is not known belongs to one window. */
function memoryOf(memory: ItemMemory, { start, end }: RunWindow): ItemMemory {
	const keyOf = (key: string) => `${key} ${start}-${end}`;
	return {
		recall: (key) => memory.recall(keyOf(key)),
		keep: (key, value) => memory.keep(keyOf(key), value),
	};
}
