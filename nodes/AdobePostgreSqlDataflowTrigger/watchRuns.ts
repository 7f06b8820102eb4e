import type { ResourcePage } from '../adobe/collection';
import { MAX_IDS_PER_FILTER } from '../adobe/collection';
import type { Run } from '../adobe/runModel';
import { asIs, isProblem, Problem } from '../platform/errors/problem';
import type { RunEvent } from './events';
import { compare, createdOf, inOrder } from './events';
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
	/** No request begins later, but for the first one. */
	deadlineEpochMs: number;
	mostRequests: number;
}

export interface Watched {
	/** In the order that they happened. */
	events: RunEvent[];
	/** Set where the limits left something for the next poll. */
	cutShort: boolean;
	/** What stopped it; all that came before is in the events and in the state. */
	failure?: unknown;
}

/** Runs that Adobe shows later than others created up to so much later are found nevertheless. */
export const OVERLAP_MS = 5 * 60_000;

/** A run that is under way for longer is no longer looked at. */
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
 * none is told of twice. Runs under way are asked for by their IDs until they end, however long that
 * takes.
 *
 * What is guaranteed: each event of a run comes once, whenever the run starts or ends, whatever the
 * order in which Adobe shows runs, with equal times, and when polls fail, are cut short or come hours
 * apart; a list that was cut short goes on where it was, in the next poll. A run is missed only when
 * - Adobe shows it for the first time more than five minutes after runs that were created later
 *   than it had been seen already,
 * - it was under way at the activation and had been created more than six hours before, or
 * - it is under way for more than thirty days.
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
		this.ledger = new RunLedger(state.runs);
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

	/** Goes on with the round that was cut short, or does a new one. */
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
		return { flowIds, fromEpochMs: this.state.floorEpochMs, newestEpochMs: 0, sorted: true };
	}

	/** How long the token of an earlier poll lives is not documented; without it the list begins anew. */
	private async page(list: OpenList, storedToken: boolean): Promise<ResourcePage<Run>> {
		this.requests++;
		try {
			return await this.source.list(list.flowIds, list.fromEpochMs, list.token);
		} catch (error) {
			if (!storedToken || !isTokenRefused(error)) throw asIs(error);
			this.beginAnew(list);
			this.requests++;
			return await this.source.list(list.flowIds, list.fromEpochMs, undefined);
		}
	}

	private takePage(round: Round, list: OpenList, page: ResourcePage<Run>): void {
		if (this.setClock(round, page)) {
			this.beginAnew(list);
			return;
		}
		if (page.next !== undefined && this.tokens.has(page.next)) {
			this.beginAnew(list);
			throw goesRound();
		}
		for (const run of page.items) {
			// Adobe was asked for these dataflows alone; what else it gives is none of ours.
			if (!list.flowIds.includes(run.flowId ?? '')) continue;
			this.events.push(...this.ledger.see(run, list.fromEpochMs));
			this.seen.add(run.id);
			const createdEpochMs = createdOf(run) ?? 0;
			list.sorted &&= createdEpochMs >= list.newestEpochMs;
			list.newestEpochMs = Math.max(list.newestEpochMs, createdEpochMs);
		}
		round.newestEpochMs = Math.max(round.newestEpochMs, list.newestEpochMs);
		const isOnlyList = round.doneThrough === '' && list.flowIds.length === this.flowIds.length;
		if (isOnlyList && list.sorted) this.raiseFloor(list.newestEpochMs, round);
		if (page.next === undefined) {
			round.doneThrough = list.flowIds.at(-1) ?? '';
			round.list = undefined;
		} else {
			list.token = page.next;
			this.tokens.add(page.next);
		}
	}

	private beginAnew(list: OpenList): void {
		Object.assign(list, { token: undefined, fromEpochMs: this.state.floorEpochMs });
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
		this.state.floorEpochMs += skewMs;
		return skewMs !== 0;
	}

	private endRound(round: Round): void {
		if (round.newestEpochMs > 0) this.raiseFloor(round.newestEpochMs, round);
		this.state.round = undefined;
		const lostEpochMs = (round.beganEpochMs ?? -Infinity) - LOST_AFTER_MS;
		this.ledger.forget(this.state.floorEpochMs, lostEpochMs);
	}

	/** All that was created up to a time has been listed, but for what Adobe shows late. */
	private raiseFloor(listedEpochMs: number, { beganEpochMs = listedEpochMs }: Round): void {
		const { state } = this;
		const reachedEpochMs = Math.min(listedEpochMs, beganEpochMs);
		state.cursorEpochMs = Math.max(state.cursorEpochMs, reachedEpochMs);
		state.floorEpochMs = Math.max(state.floorEpochMs, reachedEpochMs - OVERLAP_MS);
		this.ledger.forget(state.floorEpochMs);
	}

	/** Runs under way that the lists have not shown. */
	private async lookAgain(): Promise<void> {
		const ids = this.ledger.underWay().filter((id) => !this.seen.has(id));
		for (let at = 0; at < ids.length; at += MAX_IDS_PER_FILTER) {
			if (!this.mayAsk()) {
				this.cutShort = true;
				return;
			}
			const asked = ids.slice(at, at + MAX_IDS_PER_FILTER);
			this.requests++;
			for (const run of await this.source.byId(asked)) {
				if (asked.includes(run.id)) this.events.push(...this.ledger.see(run, -Infinity));
			}
			for (const id of asked) this.ledger.moveBack(id);
		}
		this.ledger.forget(this.state.floorEpochMs);
	}

	/** One request is always made, so that a poll without any time gets on nevertheless. */
	private mayAsk(): boolean {
		if (this.requests === 0) return true;
		return this.requests < this.limits.mostRequests && Date.now() < this.limits.deadlineEpochMs;
	}
}

function isTokenRefused(error: unknown): boolean {
	return isProblem(error, 'rejected') || isProblem(error, 'notFound');
}

function goesRound(): Problem {
	return new Problem('Adobe gives the same page of the runs again and again', {
		notes: ['The list was given up. The next poll tries again.'],
		details: { code: 'SAME_PAGE', operation: 'Get many runs' },
		failure: { cause: 'temporarily-unavailable' },
	});
}
