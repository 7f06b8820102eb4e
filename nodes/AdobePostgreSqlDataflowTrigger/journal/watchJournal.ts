import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import type { RunSignal, RunSignalKind } from '../../adobe/ioEvents/eventPayload';
import type { JournalPage, JournalStart } from '../../adobe/ioEvents/journal';
import { GONE } from '../../adobe/ioEvents/journal';
import { MAX_IDS_PER_REQUEST } from '../../adobe/filters/limits';
import type { Run } from '../../adobe/runModel';
import type { RunEvent, Stage } from '../../outputs/runEvents';
import { BEGUN, ENDED, NOT_BEGUN, stageOf } from '../../outputs/runEvents';
import { RunLedger } from '../runLedger';
import type { PollLimits } from '../watchRuns';
import type { WatchState } from '../watchState';
import type { JournalState, WaitingRun } from './journalState';

/** What is known of a dataflow that an event has named. */
export interface NamedFlow {
	isWatched: boolean;
	name?: string;
}

/** Where a journal, and what it tells of, are read from. */
export interface JournalSource {
	readonly sandboxName: string;
	read(start: JournalStart): Promise<JournalPage | typeof GONE>;
	/** Those of these runs that Flow Service shows. */
	runs(ids: readonly string[]): Promise<Run[]>;
	/** Those of these dataflows that Flow Service shows. */
	flows(ids: readonly string[]): Promise<ReadonlyMap<string, NamedFlow>>;
}

export interface JournalRead {
	events: RunEvent[];
	/** Of the dataflows that were looked up. */
	names: ReadonlyMap<string, string | undefined>;
	requests: number;
	/** Set where a limit was reached; the next poll continues. */
	cutShort: boolean;
	/** Runs that Flow Service has not shown for too long. */
	givenUp: number;
	/** What ended it early; everything before is in the events and in the state. */
	failure?: unknown;
}

/** More are not waited for: the state is stored with the workflow. */
export const MAX_WAITING = 5_000;

/** Flow Service may show a run, or how far it has come, later than its event is told. */
export const WAIT_FOR_RUN_MS = 6 * 60 * 60_000;

/** Read again from so long before the last reading, where Adobe has not said where to go on. */
const OVERLAP_MS = 5 * 60_000;

const STAGES: Readonly<Record<RunSignalKind, Stage>> = {
	started: BEGUN,
	succeeded: ENDED,
	failed: ENDED,
	other: NOT_BEGUN,
};

/**
 * Reads what is new in the journal, and changes the state accordingly, after each page. An event is a signal
 * and no more: the run that it names is read from Flow Service and goes through the same ledger as those of
 * the lists, so that an event that comes twice, late or out of order tells nothing twice and nothing wrong. A
 * run that Flow Service does not show yet, or not as far as the event says, is asked for again.
 */
export async function watchJournal(
	state: WatchState & { journal: JournalState },
	source: JournalSource,
	limits: PollLimits,
): Promise<JournalRead> {
	return await new JournalWatch(state, source, limits).run();
}

class JournalWatch {
	private readonly journal: JournalState;
	private readonly ledger: RunLedger;
	private readonly events: RunEvent[] = [];
	/** What was looked up in this poll; undefined for what Flow Service does not show. */
	private readonly flows = new Map<string, NamedFlow | undefined>();
	private requests = 0;
	private cutShort = false;
	private givenUp = 0;

	constructor(
		private readonly state: WatchState & { journal: JournalState },
		private readonly source: JournalSource,
		private readonly limits: PollLimits,
	) {
		this.journal = state.journal;
		this.ledger = new RunLedger(state.runs);
	}

	async run(): Promise<JournalRead> {
		let failure: unknown;
		try {
			await this.readOn();
		} catch (error) {
			failure = error;
		}
		this.giveUp();
		const { state, ledger, events, requests, cutShort, givenUp } = this;
		state.runs = ledger.rows();
		const names = new Map(
			[...this.flows].flatMap(([id, flow]) =>
				flow?.isWatched === true ? [[id, flow.name] as const] : [],
			),
		);
		const since = events.filter(({ atEpochMs }) => atEpochMs >= state.sinceEpochMs);
		return { events: since, names, requests, cutShort, givenUp, failure };
	}

	/** Page by page to the end of the journal; after each, the runs that it tells of. */
	private async readOn(): Promise<void> {
		let asked = this.journal.waiting;
		for (;;) {
			if (!this.mayAsk()) return;
			this.requests++;
			const before = this.journal.position;
			const page = await this.source.read(this.start());
			if (page === GONE) {
				// What was in between, the lists tell; from here on, the journal does again.
				delete this.journal.position;
				this.journal.hasGap = true;
				continue;
			}
			const told = this.take(page);
			await this.lookAt([...new Set([...asked, ...told])]);
			asked = [];
			// A page that leads nowhere would be read again and again.
			const { position } = this.journal;
			if (page.count === 0 || position === undefined || position === before) return;
		}
	}

	private start(): JournalStart {
		const { position, hasGap, readEpochMs } = this.journal;
		if (position !== undefined) return { since: position };
		if (hasGap === true) return { latest: true };
		return { backMs: Math.max(0, Date.now() - readEpochMs) + OVERLAP_MS };
	}

	/** Adds what a page tells to what is waited for. @returns those that it tells of */
	private take({ signals, position }: JournalPage): WaitingRun[] {
		const waiting = new Map(this.journal.waiting.map((run) => [run.id, run]));
		const told = new Set<WaitingRun>();
		for (const signal of signals) {
			if (!this.isOfThisSandbox(signal)) continue;
			const run = waiting.get(signal.runId) ?? this.waitingFor(signal);
			run.stage = Math.max(run.stage, STAGES[signal.kind]) as Stage;
			run.flowId ??= signal.flowId;
			waiting.set(run.id, run);
			told.add(run);
		}
		this.journal.waiting = [...waiting.values()];
		this.journal.readEpochMs = Date.now();
		if (position === undefined) delete this.journal.position;
		else this.journal.position = position;
		return [...told];
	}

	/** Events are those of a whole organization. */
	private isOfThisSandbox({ sandboxName }: RunSignal): boolean {
		return sandboxName === undefined || sandboxName === this.source.sandboxName;
	}

	private waitingFor({ runId, flowId }: RunSignal): WaitingRun {
		return {
			id: runId,
			...(flowId === undefined ? {} : { flowId }),
			stage: NOT_BEGUN,
			toldEpochMs: Date.now(),
			knownFromEpochMs: this.state.listFromEpochMs,
		};
	}

	/** Asks for the runs, and forgets those that need not be waited for any more. */
	private async lookAt(asked: readonly WaitingRun[]): Promise<void> {
		await this.lookUpFlows(asked.flatMap(({ flowId = [] }) => flowId));
		const wanted = asked.filter((run) => !this.isForeign(run.flowId));
		const done = new Set(asked.filter((run) => this.isForeign(run.flowId)));
		for (const some of batchesOf(wanted)) {
			if (!this.mayAsk()) break;
			this.requests++;
			const found = await this.source.runs(some.map(({ id }) => id));
			await this.lookUpFlows(found.flatMap(({ flowId = [] }) => flowId));
			const shown = new Map(found.map((run) => [run.id, run]));
			for (const waiting of some) {
				const run = shown.get(waiting.id);
				if (run !== undefined && this.see(run, waiting)) done.add(waiting);
			}
		}
		this.journal.waiting = this.journal.waiting.filter((run) => !done.has(run));
	}

	/** @returns whether nothing more is to be expected */
	private see(run: Run, { stage, knownFromEpochMs }: WaitingRun): boolean {
		if (run.flowId === undefined || this.isForeign(run.flowId)) return true;
		// A dataflow that is not shown yet: whether it is one of ours is not known.
		if (this.flows.get(run.flowId) === undefined) return false;
		for (const event of this.ledger.see(run, knownFromEpochMs)) this.events.push(event);
		return stageOf(run) >= stage;
	}

	private isForeign(flowId: string | undefined): boolean {
		return flowId !== undefined && this.flows.get(flowId)?.isWatched === false;
	}

	private async lookUpFlows(ids: readonly string[]): Promise<void> {
		const unknown = [...new Set(ids)].filter((id) => !this.flows.has(id));
		for (const some of batchesOf(unknown)) {
			if (!this.mayAsk()) return;
			this.requests++;
			const found = await this.source.flows(some);
			for (const id of some) this.flows.set(id, found.get(id));
		}
	}

	private giveUp(): void {
		const oldest = Date.now() - WAIT_FOR_RUN_MS;
		const { waiting } = this.journal;
		this.journal.waiting = waiting
			.filter(({ toldEpochMs }) => toldEpochMs >= oldest)
			.slice(-MAX_WAITING);
		this.givenUp = waiting.length - this.journal.waiting.length;
	}

	/** One request is always sent, so that even a poll without any time makes progress. */
	private mayAsk(): boolean {
		const may =
			this.requests === 0 ||
			(this.requests < this.limits.maxRequests && steadyEpochMs() < this.limits.deadlineEpochMs);
		this.cutShort ||= !may;
		return may;
	}
}

function batchesOf<T>(all: readonly T[]): T[][] {
	const batches: T[][] = [];
	for (let at = 0; at < all.length; at += MAX_IDS_PER_REQUEST) {
		batches.push(all.slice(at, at + MAX_IDS_PER_REQUEST));
	}
	return batches;
}
