import { steadyEpochMs } from '../platform/clocks/steadyClock';
import type { ResourcePage } from '../adobe/collection';
import type { Dataflow, LastRun } from '../adobe/dataflows';
import { lastRunOf } from '../adobe/dataflows';
import { MAX_IDS_PER_FILTER } from '../adobe/filters/limits';
import type { Run } from '../adobe/runModel';
import { timeOf } from '../platform/json';
import type { FlowEvent } from './flowEvents';
import type { FlowMemory, KnownQuiet, KnownState } from './flowMemory';
import { asLastRun, couldRunFrom, isRunExpected, lastSignOf } from './quietDataflows';
import type { PollLimits } from './watchRuns';

/** Where the runs of dataflows are read from. */
export interface NewestRuns {
	/** A page of the newest runs of some dataflows, of those created after a time if one is given. */
	newest(flowIds: readonly string[], afterEpochMs?: number): Promise<ResourcePage<Run>>;
}

export interface FlowsToWatch {
	flows: readonly Dataflow[];
	/** Whether it is one dataflow that was chosen. */
	isOnlyOne: boolean;
	/** After how long without a run a dataflow is reported; undefined for never. */
	quietAfterMs?: number;
	/** By Adobe's clock. */
	nowEpochMs: number;
}

export interface WatchedFlows {
	events: FlowEvent[];
	/** Set where a limit was reached; the next poll continues. */
	cutShort: boolean;
	/** What ended it early; everything before is in the events and in the memory. */
	failure?: unknown;
}

/** A dataflow that no list has had for so many polls in a row is forgotten. */
const MAX_MISSED = 10;

/** For so long an older view of a dataflow may still come. */
const LAG_MS = 24 * 60 * 60_000;

/** A dataflow that seems to be without a run, before Adobe's list of runs was asked. */
interface Suspect {
	flow: Dataflow;
	shown?: LastRun;
	/** Time without a run counts from here. */
	fromEpochMs: number;
}

/** What a trigger knows that begins now: who is disabled already is not news. */
export function freshMemory(flows: readonly Dataflow[], nowEpochMs: number): FlowMemory {
	const states = flows
		.filter(({ state }) => state === 'disabled')
		.map((flow) => ({ id: flow.id, isDisabled: true, updatedEpochMs: updatedOf(flow), missed: 0 }));
	return { sinceEpochMs: nowEpochMs, states, quiet: [] };
}

/**
 * Finds out what has happened to dataflows themselves since the last poll, and changes the memory accordingly.
 *
 * Both events are told by the list of dataflows, which is read in any case. Only when it shows that one has not
 * run for too long, the list of runs is asked as well, fifty dataflows per request: Adobe's lists may lag.
 *
 * - A dataflow is disabled: reported once, and again when it was enabled in between.
 * - A dataflow has no run for longer than is allowed: reported once, and again when it had a run in between.
 *   Time counts from its last run, from its creation or first start, or from when it was enabled, whichever is
 *   later. One that was without a run for too long when the trigger began is reported when as much time has
 *   passed again.
 */
export async function watchDataflows(
	memory: FlowMemory,
	toWatch: FlowsToWatch,
	source: NewestRuns,
	limits: PollLimits,
): Promise<WatchedFlows> {
	return await new FlowWatch(memory, toWatch, source, limits).run();
}

class FlowWatch {
	private readonly states: Map<string, KnownState>;
	private readonly quiet: Map<string, KnownQuiet>;
	private readonly events: FlowEvent[] = [];
	private requests = 0;
	private cutShort = false;

	constructor(
		private readonly memory: FlowMemory,
		private readonly toWatch: FlowsToWatch,
		private readonly source: NewestRuns,
		private readonly limits: PollLimits,
	) {
		this.states = new Map(memory.states.map((row) => [row.id, { ...row }]));
		this.quiet = new Map(memory.quiet.map((row) => [row.id, { ...row }]));
	}

	async run(): Promise<WatchedFlows> {
		const { flows, quietAfterMs } = this.toWatch;
		for (const flow of flows) this.seeState(flow);
		let failure: unknown;
		try {
			if (quietAfterMs !== undefined) await this.seeQuiet(quietAfterMs);
		} catch (error) {
			failure = error;
		}
		this.forget();
		this.memory.states = [...this.states.values()];
		this.memory.quiet = [...this.quiet.values()];
		return { events: this.events, cutShort: this.cutShort, failure };
	}

	private seeState(flow: Dataflow): void {
		const { id, state } = flow;
		const known = this.states.get(id);
		const updatedEpochMs = updatedOf(flow);
		// A server that lags behind shows an older state, which must not be taken for a change.
		if (known !== undefined && updatedEpochMs < known.updatedEpochMs) return;
		if (state === 'disabled') {
			this.states.set(id, { id, isDisabled: true, updatedEpochMs, missed: 0 });
			if (known?.isDisabled !== true) this.events.push(this.disabledEvent(flow));
		} else if (state === 'enabled' && known?.isDisabled === true) {
			this.states.set(id, { id, isDisabled: false, updatedEpochMs, missed: 0 });
			this.countFrom(id, Math.min(this.toWatch.nowEpochMs, updatedEpochMs || Infinity));
		}
	}

	private disabledEvent(flow: Dataflow): FlowEvent {
		const { nowEpochMs } = this.toWatch;
		const changedEpochMs = Math.min(updatedOf(flow) || nowEpochMs, nowEpochMs);
		return {
			eventId: `${flow.id}:dataflowDisabled:${changedEpochMs}`,
			event: 'dataflowDisabled',
			atEpochMs: changedEpochMs,
			sinceEpochMs: changedEpochMs,
			flow,
			lastRun: lastRunOf(flow),
		};
	}

	private async seeQuiet(quietAfterMs: number): Promise<void> {
		const { flows, isOnlyOne, nowEpochMs } = this.toWatch;
		const listShowsRuns = flows.some((flow) => lastRunOf(flow) !== undefined);
		const suspects = flows
			.filter((flow) => isRunExpected(flow, isOnlyOne))
			.flatMap((flow) => this.suspectOf(flow, quietAfterMs, listShowsRuns));
		const settle = (suspect: Suspect, run?: Run) => this.settle(suspect, run, quietAfterMs);
		const withoutAny: Suspect[] = [];
		await this.ask(suspects, nowEpochMs - quietAfterMs, (suspect, run) => {
			if (run !== undefined || suspect.shown !== undefined) settle(suspect, run);
			else withoutAny.push(suspect);
		});
		// Those of which the list shows no run may have had some long ago.
		await this.ask(withoutAny, undefined, settle);
	}

	/** A dataflow that has had no run for too long, as far as the list of dataflows shows. */
	private suspectOf(flow: Dataflow, quietAfterMs: number, listShowsRuns: boolean): Suspect[] {
		const { nowEpochMs } = this.toWatch;
		const shown = lastRunOf(flow);
		const sign = lastSignOf(shown, nowEpochMs);
		const row = this.quiet.get(flow.id);
		if (row !== undefined && sign > row.fromEpochMs) this.quiet.delete(flow.id);
		else if (row?.isReported === true) {
			// Whether it has run again, only the list of runs says then.
			return shown === undefined && !listShowsRuns ? [{ flow, fromEpochMs: row.fromEpochMs }] : [];
		}
		const known = Math.max(sign, couldRunFrom(flow), this.quiet.get(flow.id)?.fromEpochMs ?? 0);
		const fromEpochMs = known === 0 ? this.memory.sinceEpochMs : known;
		if (fromEpochMs === 0 || nowEpochMs < this.dueAt(fromEpochMs, quietAfterMs)) return [];
		return [{ flow, shown, fromEpochMs }];
	}

	/** When it is news that there was no run: never for what was so when the trigger began. */
	private dueAt(fromEpochMs: number, quietAfterMs: number): number {
		const { sinceEpochMs } = this.memory;
		const dueEpochMs = fromEpochMs + quietAfterMs;
		return dueEpochMs < sinceEpochMs ? sinceEpochMs + quietAfterMs : dueEpochMs;
	}

	/** @param run the newest one, where there is any; of one whose run is shown, only one that is recent enough */
	private settle(
		{ flow, shown, fromEpochMs }: Suspect,
		run: Run | undefined,
		quietAfterMs: number,
	): void {
		const { nowEpochMs } = this.toWatch;
		const lastRun = run === undefined ? shown : asLastRun(run);
		const sign = run === undefined ? 0 : lastSignOf(lastRun, nowEpochMs);
		const row = this.quiet.get(flow.id);
		if (row?.isReported === true) {
			if (sign > row.fromEpochMs) this.quiet.delete(flow.id);
			return;
		}
		const countedFrom = Math.max(fromEpochMs, sign);
		const dueEpochMs = this.dueAt(countedFrom, quietAfterMs);
		this.countFrom(flow.id, countedFrom);
		if (nowEpochMs < dueEpochMs) return;
		this.quiet.set(flow.id, {
			id: flow.id,
			// There was no run in all this time: one that the list shows later for an older time is not news.
			fromEpochMs: Math.max(countedFrom, nowEpochMs - quietAfterMs),
			isReported: true,
			missed: 0,
		});
		this.events.push({
			eventId: `${flow.id}:noRunSince:${lastRun?.id ?? lastRun?.startedEpochMs ?? 'never'}`,
			event: 'noRunSince',
			atEpochMs: nowEpochMs,
			sinceEpochMs: countedFrom,
			flow,
			lastRun,
		});
	}

	/** Asks for the newest run of each; who has runs that fill a page is not asked for again. */
	private async ask(
		suspects: readonly Suspect[],
		afterEpochMs: number | undefined,
		settle: (suspect: Suspect, run: Run | undefined) => void,
	): Promise<void> {
		for (let at = 0; at < suspects.length; at += MAX_IDS_PER_FILTER) {
			let left = suspects.slice(at, at + MAX_IDS_PER_FILTER);
			while (left.length > 0) {
				if (!this.mayAsk()) {
					this.cutShort = true;
					return;
				}
				this.requests++;
				const asked = left.map(({ flow }) => flow.id);
				const page = await this.source.newest(asked, afterEpochMs);
				const newest = newestByFlow(page.items);
				const isLastPage = page.next === undefined;
				const unseen = left.filter(({ flow }) => !newest.has(flow.id));
				for (const suspect of left) {
					const run = newest.get(suspect.flow.id);
					if (run !== undefined || isLastPage) settle(suspect, run);
				}
				// A page without any of those that were asked for leads nowhere; the next poll asks again.
				left = isLastPage || unseen.length === left.length ? [] : unseen;
			}
		}
	}

	private countFrom(id: string, epochMs: number): void {
		const row = this.quiet.get(id);
		this.quiet.set(id, {
			id,
			fromEpochMs: Math.max(row?.fromEpochMs ?? 0, epochMs),
			isReported: row?.isReported ?? false,
			missed: 0,
		});
	}

	private forget(): void {
		const listed = new Set(this.toWatch.flows.map(({ id }) => id));
		for (const rows of [this.states, this.quiet]) {
			for (const row of rows.values()) {
				row.missed = listed.has(row.id) ? 0 : row.missed + 1;
				if (row.missed > MAX_MISSED) rows.delete(row.id);
			}
		}
		for (const { id, isDisabled, updatedEpochMs } of this.states.values()) {
			if (!isDisabled && updatedEpochMs < this.toWatch.nowEpochMs - LAG_MS) this.states.delete(id);
		}
	}

	/** One request is always sent, so that even a poll without any time makes progress. */
	private mayAsk(): boolean {
		if (this.requests === 0) return true;
		return this.requests < this.limits.maxRequests && steadyEpochMs() < this.limits.deadlineEpochMs;
	}
}

function newestByFlow(runs: readonly Run[]): Map<string, Run> {
	const newest = new Map<string, Run>();
	for (const run of runs) {
		if (run.flowId === undefined) continue;
		const other = newest.get(run.flowId);
		if (other === undefined || madeAt(run) > madeAt(other)) newest.set(run.flowId, run);
	}
	return newest;
}

function madeAt({ createdEpochMs, startedEpochMs }: Run): number {
	return createdEpochMs ?? startedEpochMs ?? 0;
}

/** 0 where Adobe does not show it. */
function updatedOf({ raw }: Dataflow): number {
	return timeOf(raw.updatedAt) ?? 0;
}
