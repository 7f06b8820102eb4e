import type { Dataflow, LastRun } from '../../../adobe/dataflows';
import { lastRunOf } from '../../../adobe/dataflows';
import type { Run } from '../../../adobe/runModel';
import { endOf, hasRejections } from '../../../adobe/runModel';
import { timeOf } from '../../../platform/json';
import type { History } from './histories';
import type { Timetable } from './timetable';
import { DAY_MS, HOUR_MS, nextStart, StartCounts, timetableOf } from './timetable';

/** How a dataflow is, from what needs somebody soonest to what needs nobody. */
export const HEALTHS = [
	'failing',
	'stale',
	'rejecting',
	'neverRan',
	'notKnown',
	'disabled',
	'notReady',
	'healthy',
] as const;

export type Health = (typeof HEALTHS)[number];

/** What Adobe shows of a dataflow. */
export interface Seen {
	flow: Dataflow;
	/** As explore names it. */
	table?: string;
	datasetId?: string;
	history: History;
}

/** Runs with the same end, one after the other, up to the last one. */
export interface Streak {
	result: 'success' | 'failed';
	runs: number;
	/** Set where older runs were not read, which may belong to it too. */
	atLeast: boolean;
	/** Start of the first of them. */
	sinceEpochMs?: number;
	/** Where that is not known: start of the first that was read. */
	sinceOrEarlierEpochMs?: number;
}

/** What is known about a dataflow; absent for what is not known, or does not apply. */
export interface Facts extends Seen {
	health: Health;
	lastRun?: LastRun;
	/** The last run that has ended, with all that Adobe says of it. */
	lastEnded?: Run;
	/** Set where Adobe surely has no run of it. */
	neverRan: boolean;
	/** Set where a run is to be expected and there has been none for long. */
	isStale: boolean;
	/** Since when a run would have been expected, where there was none. */
	expectedSinceEpochMs?: number;
	streak?: Streak;
	nextRunEpochMs?: number;
	/** When Adobe will have disabled it, at the latest, if all runs until then fail. */
	adobeDisablesByEpochMs?: number;
	/** Set where that time has come. */
	disablingIsDue: boolean;
	/** Percentage of the records of the last run that Adobe rejected. */
	rejectedPercent?: number;
	runsPerDay?: number;
	/** How many of these dataflows, itself included, start in the minute of its next run. */
	startTogether?: number;
	/** How many dataflows of its connection, itself included, began to fail at the source with it. */
	failTogether?: number;
}

/** Adobe disables source dataflows whose runs have failed for so long (its release notes, June 2026). */
const DISABLED_AFTER_MS = 30 * DAY_MS;

/** A run may be skipped, and one may still wait for its turn. */
const STALE_AFTER_PERIODS = 2;
const STALE_SLACK_MS = HOUR_MS / 2;

/**
 * @param nowEpochMs by Adobe's clock; undefined where Adobe does not say
 */
export function factsOf(seen: readonly Seen[], nowEpochMs: number | undefined): Facts[] {
	// Where the list has the last run of none, that it has none of one says nothing.
	const listShowsRuns = seen.some(({ flow }) => lastRunOf(flow) !== undefined);
	const starts = new StartCounts();
	for (const { flow } of seen) {
		const timetable = isEnabled(flow) ? timetableOf(flow.schedule) : undefined;
		if (timetable !== undefined) starts.add(timetable);
	}
	const facts = seen.map((one) => factsOfOne(one, nowEpochMs, listShowsRuns, starts));
	countFailingTogether(facts);
	return facts;
}

function factsOfOne(
	seen: Seen,
	nowEpochMs: number | undefined,
	listShowsRuns: boolean,
	starts: StartCounts,
): Facts {
	const { flow, history } = seen;
	const [newest] = history.runs;
	const shown = lastRunOf(flow);
	const lastRun = newest === undefined ? shown : lastRunFrom(newest);
	const lastEnded = history.runs.find((run) => endOf(run) !== undefined);
	const neverRan = lastRun === undefined && (history.isComplete || listShowsRuns);
	const timetable = isEnabled(flow) ? timetableOf(flow.schedule) : undefined;
	const streak = streakOf(history) ?? streakOfShown(shown);
	const expectedSinceEpochMs = overdueSince(flow, timetable, lastRun, nowEpochMs);
	const nextRunEpochMs =
		timetable === undefined || nowEpochMs === undefined
			? undefined
			: nextStart(timetable, nowEpochMs);
	const isRecurring = timetable?.periodMs !== undefined;
	const adobeDisablesByEpochMs = isRecurring ? disabledBy(streak) : undefined;
	const known = {
		...seen,
		lastRun,
		lastEnded,
		neverRan,
		streak,
		isStale: expectedSinceEpochMs !== undefined,
		expectedSinceEpochMs,
		nextRunEpochMs,
		rejectedPercent: rejectedPercentOf(lastEnded),
		runsPerDay: timetable?.periodMs === undefined ? undefined : DAY_MS / timetable.periodMs,
		startTogether:
			isRecurring && nextRunEpochMs !== undefined ? starts.at(nextRunEpochMs) : undefined,
		adobeDisablesByEpochMs,
		disablingIsDue: (adobeDisablesByEpochMs ?? Infinity) < (nowEpochMs ?? -Infinity),
	};
	return { ...known, health: healthOf(known) };
}

function healthOf(facts: Omit<Facts, 'health'>): Health {
	const { flow, history, streak, lastEnded, lastRun, neverRan, isStale } = facts;
	if (flow.state === 'disabled') return 'disabled';
	if (flow.state === undefined) return 'notKnown';
	if (flow.state !== 'enabled') return 'notReady';
	if (streak?.result === 'failed') return 'failing';
	if (isStale) return 'stale';
	if (neverRan) return 'neverRan';
	if (lastEnded !== undefined && hasRejections(lastEnded)) return 'rejecting';
	if (streak !== undefined) return 'healthy';
	// The first run may not have ended yet.
	return lastRun?.status !== undefined && history.isComplete ? 'healthy' : 'notKnown';
}

function isEnabled({ state }: Dataflow): boolean {
	return state === 'enabled';
}

function lastRunFrom(run: Run): LastRun {
	const { id, status, statusWord, startedEpochMs, completedEpochMs } = run;
	return { id, status, statusWord, startedEpochMs, completedEpochMs };
}

/** Undefined where no run that has ended is known. */
function streakOf({ runs, isComplete, firstOfFailures }: History): Streak | undefined {
	const ended = runs.filter((run) => endOf(run) !== undefined);
	const [last] = ended;
	const result = last === undefined ? undefined : endOf(last);
	if (result === undefined) return undefined;
	const broken = ended.findIndex((run) => endOf(run) !== result);
	const count = broken === -1 ? ended.length : broken;
	const isCut = broken === -1 && !isComplete;
	const first = isCut ? firstOfFailures : ended[count - 1];
	return {
		result,
		runs: count,
		atLeast: isCut,
		...(first === undefined
			? { sinceOrEarlierEpochMs: startOf(ended[count - 1]) }
			: { sinceEpochMs: startOf(first) }),
	};
}

function startOf(run: Run | undefined): number | undefined {
	return run?.startedEpochMs ?? run?.createdEpochMs;
}

function streakOfShown(shown: LastRun | undefined): Streak | undefined {
	const { status, startedEpochMs } = shown ?? {};
	if (status !== 'success' && status !== 'failed') return undefined;
	return { result: status, runs: 1, atLeast: true, sinceOrEarlierEpochMs: startedEpochMs };
}

function disabledBy(streak: Streak | undefined): number | undefined {
	const since = streak?.sinceEpochMs ?? streak?.sinceOrEarlierEpochMs;
	return streak?.result === 'failed' && since !== undefined ? since + DISABLED_AFTER_MS : undefined;
}

/**
 * When the run before last should have started at the latest, where none has for clearly longer than the
 * schedule says. A dataflow that was changed or enabled meanwhile counts from then.
 */
function overdueSince(
	flow: Dataflow,
	timetable: Timetable | undefined,
	lastRun: LastRun | undefined,
	nowEpochMs: number | undefined,
): number | undefined {
	if (timetable?.periodMs === undefined || nowEpochMs === undefined) return undefined;
	if (lastRun !== undefined && lastRun.startedEpochMs === undefined) return undefined;
	const since = Math.max(
		lastRun?.startedEpochMs ?? 0,
		timetable.startEpochMs,
		timeOf(flow.raw.updatedAt) ?? 0,
	);
	const limitMs = STALE_AFTER_PERIODS * timetable.periodMs + STALE_SLACK_MS;
	return nowEpochMs - since > limitMs ? since : undefined;
}

/** Of the last run; undefined where Adobe does not count them. */
function rejectedPercentOf(run: Run | undefined): number | undefined {
	const { failedRecords, inputRecords, outputRecords } = run?.counts ?? {};
	if (failedRecords === undefined) return undefined;
	const all = inputRecords ?? (outputRecords ?? Number.NaN) + failedRecords;
	if (!(all >= failedRecords) || all === 0) return undefined;
	const percent = (failedRecords / all) * 100;
	return failedRecords === 0 ? 0 : Math.max(0.01, Math.round(percent * 100) / 100);
}

/** Errors of the source, such as a login that is refused; 2001 is about writing to the dataset. */
const SOURCE_CODE = /^CONNECTOR-(?!2001-)/;

/** Several dataflows of one connection that began to fail within the same hour point to its credential. */
function countFailingTogether(facts: Facts[]): void {
	const byConnection = new Map<string, Facts[]>();
	for (const one of facts) {
		if (!failsAtSource(one) || one.flow.connectionId === undefined) continue;
		const others = byConnection.get(one.flow.connectionId) ?? [];
		byConnection.set(one.flow.connectionId, others);
		others.push(one);
	}
	for (const failing of byConnection.values()) {
		const since = failing.map(({ streak }) => streak?.sinceEpochMs ?? Number.NaN);
		for (const one of failing) {
			const mine = one.streak?.sinceEpochMs ?? Number.NaN;
			const together = since.filter((other) => Math.abs(other - mine) <= HOUR_MS).length;
			if (together > 1) one.failTogether = together;
		}
	}
}

/** Since a time that is known. */
function failsAtSource({ health, streak, lastEnded }: Facts): boolean {
	if (health !== 'failing' || streak?.sinceEpochMs === undefined) return false;
	return (lastEnded?.errors ?? []).some(({ code = '' }) => SOURCE_CODE.test(code));
}
