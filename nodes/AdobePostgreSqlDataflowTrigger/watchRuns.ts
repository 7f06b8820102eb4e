import { steadyEpochMs } from '../platform/clocks/steadyClock';
import type { ResourcePage } from '../adobe/collection';
import { MAX_IDS_PER_FILTER } from '../adobe/filters/limits';
import type { Run } from '../adobe/runModel';
import { asIs, isProblem, Problem } from '../platform/errors/problem';
import type { RunEvent } from '../outputs/runEvents';
import { compare, createdOf, inOrder } from '../outputs/runEvents';
import { RunLedger } from './runLedger';
import type { OpenList, Round, WatchState } from './watchState';

/** Where runs are read from. */
export interface RunSource {
	/** A page of the runs of some dataflows that were created at a time or later, oldest first. */
	list(
		flowIds: readonly string[],
		fromEpochMs: number,
		token: string | undefined,
	): Promise<ResourcePage<Run>>;
	/** Those of these runs that still exist. */
	byId(runIds: readonly string[]): Promise<Run[]>;
}

/** How much one poll may do. */
export interface PollLimits {
	/** No request but the first one is sent later. */
	deadlineEpochMs: number;
	maxRequests: number;
}

export interface Watched {
	/** In the order that they happened. */
	events: RunEvent[];
	/** Set where a limit was reached; the next poll continues. */
	cutShort: boolean;
	/** What ended it early; everything before is in the events and in the state. */
	failure?: unknown;
}

/** Each list begins this long before the newest known run, for runs that Adobe shows late. */
export const OVERLAP_MS = 5 * 60_000;

/** A run that is in flight for longer is given up. */
export const LOST_AFTER_MS = 30 * 24 * 60 * 60_000;

/** `Date` headers have whole seconds; clocks within this are the same. */
const CLOCK_SLACK_MS = 2_000;

/**
 * Finds out what has happened to the runs of some dataflows since the last poll, and changes the
 * state accordingly, after each page that has come whole.
 *
 * Runs are listed by `createdAt`, which is the first of a run's times, never changes, and is there
 * for runs that never start. The list begins five minutes before the newest run that is known (and
 * never behind the beginning of the last complete list), and every run in it is remembered, so that
 * none is reported twice. Runs in flight are asked for by their IDs until they end, however long that
 * takes.
 *
 * What is guaranteed: each event of a run comes once, whenever the run starts or ends, whatever the
 * order in which Adobe shows runs, with equal times, and when polls fail, are cut short or come hours
 * apart; a list that was cut short is continued by the next poll. A run is missed only when
 * - Adobe shows it for the first time more than five minutes after runs that were created later
 *   than it had been seen already,
 * - it was in flight at the activation and had been created more than six hours before, or
 * - it is in flight for more than thirty days.
 * An event comes twice only when n8n ends before it has stored the state, in which case `eventId` is
 * the same.
 */
export async function watchRuns(
	state: WatchState,
	flowIds: readonly string[],
	source: RunSource,
	limits: PollLimits,
): Promise<Watched> {
	return await new Watch(state, [...flowIds].sort(compare), source, limits).run();
}

class Watch {
	private readonly ledger: RunLedger;
	private readonly events: RunEvent[] = [];
	private readonly seen = new Set<string>();
	private readonly tokens = new Set<string>();
	private requests = 0;
	private cutShort = false;

	constructor(
		private readonly state: WatchState,
		private readonly flowIds: readonly string[],
		private readonly source: RunSource,
		private readonly limits: PollLimits,
	) {
		const waiting = (state.journal?.waiting ?? []).map(({ id }) => id);
		this.ledger = new RunLedger(state.runs, new Set(waiting));
	}

	async run(): Promise<Watched> {
		let failure: unknown;
		try {
			await this.listAll();
			await this.lookAgain();
		} catch (error) {
			failure = error;
		}
		this.state.runs = this.ledger.rows();
		const { sinceEpochMs } = this.state;
		const events = this.events.filter(({ atEpochMs }) => atEpochMs >= sinceEpochMs);
		return { events: inOrder(events), cutShort: this.cutShort, failure };
	}

	/** Continues the round that was cut short, or begins a new one. */
	private async listAll(): Promise<void> {
		const round = this.state.round ?? { newestEpochMs: 0, doneThrough: '' };
		this.state.round = round;
		let storedToken = round.list?.token !== undefined;
		for (;;) {
			round.list ??= this.nextList(round);
			const { list } = round;
			if (list === undefined) break;
			if (!this.mayAsk()) {
				this.cutShort = true;
				return;
			}
			const page = await this.page(list, storedToken);
			storedToken = false;
			this.takePage(round, list, page);
		}
		this.endRound(round);
	}

	private nextList({ doneThrough }: Round): OpenList | undefined {
		const flowIds = this.flowIds.filter((id) => id > doneThrough).slice(0, MAX_IDS_PER_FILTER);
		if (flowIds.length === 0) return undefined;
		return { flowIds, fromEpochMs: this.state.listFromEpochMs, newestEpochMs: 0, sorted: true };
	}

	/** How long a token of an earlier poll is valid is not documented; without it the list is restarted. */
	private async page(list: OpenList, storedToken: boolean): Promise<ResourcePage<Run>> {
		this.requests++;
		try {
			return await this.source.list(list.flowIds, list.fromEpochMs, list.token);
		} catch (error) {
			if (!storedToken || !isTokenRefused(error)) throw asIs(error);
			this.restart(list);
			this.requests++;
			return await this.source.list(list.flowIds, list.fromEpochMs, undefined);
		}
	}

	private takePage(round: Round, list: OpenList, page: ResourcePage<Run>): void {
		if (this.setClock(round, page)) {
			this.restart(list);
			return;
		}
		if (page.next !== undefined && this.tokens.has(page.next)) {
			this.restart(list);
			throw repeatedPage();
		}
		for (const run of page.items) {
			// Only these dataflows were asked for; whatever else comes is not ours.
			if (!list.flowIds.includes(run.flowId ?? '')) continue;
			for (const event of this.ledger.see(run, list.fromEpochMs)) this.events.push(event);
			this.seen.add(run.id);
			const createdEpochMs = createdOf(run) ?? 0;
			list.sorted &&= createdEpochMs >= list.newestEpochMs;
			list.newestEpochMs = Math.max(list.newestEpochMs, createdEpochMs);
		}
		round.newestEpochMs = Math.max(round.newestEpochMs, list.newestEpochMs);
		const isOnlyList = round.doneThrough === '' && list.flowIds.length === this.flowIds.length;
		if (isOnlyList && list.sorted) this.advance(list.newestEpochMs, round);
		if (page.next === undefined) {
			round.doneThrough = list.flowIds.at(-1) ?? '';
			round.list = undefined;
			this.tokens.clear();
		} else {
			list.token = page.next;
			this.tokens.add(page.next);
		}
	}

	private restart(list: OpenList): void {
		this.tokens.clear();
		Object.assign(list, { token: undefined, fromEpochMs: this.state.listFromEpochMs });
	}

	/**
	 * What is new at Adobe can be told by Adobe's clock alone.
	 *
	 * @returns whether the list that was asked for began at a wrong time
	 */
	private setClock(round: Round, page: ResourcePage<Run>): boolean {
		const { answeredAtEpochMs, receivedAtEpochMs } = page;
		const aheadMs = (answeredAtEpochMs ?? receivedAtEpochMs) - receivedAtEpochMs;
		const skewMs = Math.abs(aheadMs) <= CLOCK_SLACK_MS ? 0 : aheadMs;
		// Later than the round began, by the time of one request; the overlap is far longer.
		round.beganEpochMs ??= receivedAtEpochMs + skewMs;
		if (this.state.clockChecked) return false;
		this.state.clockChecked = true;
		this.state.sinceEpochMs += skewMs;
		this.state.cursorEpochMs += skewMs;
		this.state.listFromEpochMs += skewMs;
		return skewMs !== 0;
	}

	private endRound(round: Round): void {
		if (round.newestEpochMs > 0) this.advance(round.newestEpochMs, round);
		this.state.round = undefined;
		const lostEpochMs = (round.beganEpochMs ?? -Infinity) - LOST_AFTER_MS;
		this.ledger.forget(this.state.listFromEpochMs, lostEpochMs);
	}

	/** Everything created up to this time has been listed, except what Adobe shows late. */
	private advance(listedEpochMs: number, { beganEpochMs = listedEpochMs }: Round): void {
		const { state } = this;
		const reachedEpochMs = Math.min(listedEpochMs, beganEpochMs);
		state.cursorEpochMs = Math.max(state.cursorEpochMs, reachedEpochMs);
		state.listFromEpochMs = Math.max(state.listFromEpochMs, reachedEpochMs - OVERLAP_MS);
		this.ledger.forget(state.listFromEpochMs);
	}

	/** Runs in flight that the lists have not shown. */
	private async lookAgain(): Promise<void> {
		const ids = this.ledger.inFlight().filter((id) => !this.seen.has(id));
		for (let at = 0; at < ids.length; at += MAX_IDS_PER_FILTER) {
			if (!this.mayAsk()) {
				this.cutShort = true;
				return;
			}
			const asked = ids.slice(at, at + MAX_IDS_PER_FILTER);
			this.requests++;
			for (const run of await this.source.byId(asked)) {
				if (!asked.includes(run.id)) continue;
				for (const event of this.ledger.see(run, -Infinity)) this.events.push(event);
			}
			for (const id of asked) this.ledger.moveBack(id);
		}
		this.ledger.forget(this.state.listFromEpochMs);
	}

	/** One request is always sent, so that even a poll without any time makes progress. */
	private mayAsk(): boolean {
		if (this.requests === 0) return true;
		return this.requests < this.limits.maxRequests && steadyEpochMs() < this.limits.deadlineEpochMs;
	}
}

function isTokenRefused(error: unknown): boolean {
	return isProblem(error, 'rejected') || isProblem(error, 'notFound');
}

function repeatedPage(): Problem {
	return new Problem('Adobe gives the same page of the runs again and again', {
		notes: ['The list was given up. The next poll tries again.'],
		details: { code: 'SAME_PAGE', operation: 'Get many runs' },
		failure: { cause: 'temporarily-unavailable' },
	});
}
