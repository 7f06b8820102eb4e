import { countOf } from '../../../adobe/runModel';
import { adviceOf, summaryOf } from '../../../outputs/run';
import type { Facts, Health, Streak } from './facts';
import { periodInWords } from './timetable';

/** Profile and ExperienceEvent batches that Adobe advises for a sandbox and day (its health checks). */
export const MAX_BATCHES_PER_DAY = 90;

/** Adobe names dense schedules as a mistake, without a number. */
export const MAX_STARTS_PER_MINUTE = 10;

/** What people call each of them. */
export const HEALTH_LABELS: Readonly<Record<Health, string>> = {
	failing: 'Failing',
	stale: 'Stale',
	rejecting: 'Rejecting records',
	neverRan: 'Never ran',
	notKnown: 'Not known',
	disabled: 'Disabled',
	notReady: 'Not ready',
	healthy: 'Healthy',
};

/** A minute by Adobe's clock, e.g. `2026-11-27 06:00 UTC`. */
export function timeInWords(epochMs: number | undefined): string {
	// JavaScript has no later date, and would throw.
	if (epochMs === undefined || Math.abs(epochMs) > 8.64e15) return 'a time that is not known';
	return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How a dataflow is, in a sentence or two. */
export function summaryOfHealth(facts: Facts): string {
	const { flow, health, lastRun, nextRunEpochMs, expectedSinceEpochMs } = facts;
	const since = timeInWords(expectedSinceEpochMs);
	const often = periodInWords(flow.schedule ?? {});
	switch (health) {
		case 'failing':
			return sentences([
				failuresInWords(facts),
				causeInWords(facts),
				lastSuccessInWords(facts),
				facts.isStale ? `No run since then, although it is scheduled ${often}` : undefined,
				disablingInWords(facts),
			]);
		case 'stale':
			return sentences([
				facts.neverRan
					? `It has never run, although it has been scheduled ${often} since ${since}`
					: `No run since ${since}, although it is scheduled ${often}`,
			]);
		case 'rejecting':
			return sentences([causeInWords(facts)]);
		case 'neverRan':
			return sentences([
				'It has never run',
				nextRunEpochMs === undefined
					? undefined
					: `The next run starts at ${timeInWords(nextRunEpochMs)}`,
			]);
		case 'disabled':
			return sentences(['It is disabled and does not run', lastEndInWords(facts)]);
		case 'notReady':
			return sentences([`It is '${flow.state ?? ''}' and does not run`]);
		case 'notKnown':
			return sentences([
				lastRun === undefined
					? 'Adobe shows no run of it'
					: `How its last run ended is not known${lastRun.statusWord === undefined ? '' : `: it is '${lastRun.statusWord}'`}`,
			]);
		case 'healthy':
			return sentences([causeInWords(facts), streakInWords(facts.streak), progressInWords(facts)]);
	}
}

/** What else deserves attention, a sentence each. */
export function warningsOf(facts: Facts): string[] {
	const { failTogether, startTogether, runsPerDay } = facts;
	return [
		failTogether === undefined
			? undefined
			: `${failTogether} dataflows of this connection began to fail at the source within the same hour: a changed or expired password is likely. Check it with Connection: Test.`,
		runsPerDay === undefined || runsPerDay <= MAX_BATCHES_PER_DAY
			? undefined
			: `It runs ${perDay(runsPerDay)} times a day. If its dataset is enabled for Profile: Adobe advises at most ${MAX_BATCHES_PER_DAY} such batches a day for the whole sandbox.`,
		startTogether === undefined || startTogether <= MAX_STARTS_PER_MINUTE
			? undefined
			: `${startTogether} dataflows start in the same minute as its next run. Spread their start times.`,
	].filter((warning) => warning !== undefined);
}

/** Runs a day, e.g. `96` or `0.14`. */
export function perDay(runs: number): string {
	return String(runs >= 1 ? Math.round(runs) : Math.round(runs * 100) / 100);
}

function sentences(parts: Array<string | undefined>): string {
	return parts
		.filter((part) => part !== undefined)
		.filter((part) => part !== '')
		.map((part) => `${part.replace(/\.$/, '')}.`)
		.join(' ');
}

function failuresInWords({ streak }: Facts): string | undefined {
	if (streak === undefined) return undefined;
	const { runs, atLeast, sinceEpochMs, sinceOrEarlierEpochMs } = streak;
	const isSinceKnown = sinceEpochMs !== undefined;
	const time = timeInWords(sinceEpochMs ?? sinceOrEarlierEpochMs);
	if (runs === 1 && isSinceKnown && !atLeast) return `The last run failed at ${time}`;
	const count = runs === 1 ? 'the last run' : `${countOf(runs, 'run')} in a row`;
	const failed = atLeast ? `At least ${count} failed` : `${countOf(runs, 'run')} in a row failed`;
	return `${failed}, since ${time}${isSinceKnown ? '' : ' or longer'}`;
}

/** What became of the last run that has ended, in the words of the runs. */
function causeInWords(facts: Facts): string | undefined {
	const { lastEnded, lastRun, rejectedPercent } = facts;
	if (lastEnded === undefined) {
		return lastRun?.status === 'success' ? 'The last run succeeded' : undefined;
	}
	const summary = summaryOf(lastEnded).replace(/^The run failed(?:\. )?/, '');
	const share =
		rejectedPercent === undefined || rejectedPercent === 0
			? ''
			: `. That is ${rejectedPercent} % of the records of the last run`;
	return summary === '' ? undefined : `${summary.replace(/\.$/, '')}${share}`;
}

/** What to change, so that the next run goes well; undefined where nobody knows. */
export function adviceFor({ health, lastEnded }: Facts): string | undefined {
	if (lastEnded === undefined || !['failing', 'rejecting'].includes(health)) return undefined;
	return adviceOf(lastEnded);
}

/** Where that says more about the beginning than is said already. */
function lastSuccessInWords({ streak, history }: Facts): string | undefined {
	const { lastSuccess } = history;
	if (lastSuccess === undefined || streak?.sinceEpochMs !== undefined) return undefined;
	return `The last success was at ${timeInWords(lastSuccess.startedEpochMs ?? lastSuccess.createdEpochMs)}`;
}

function disablingInWords({ adobeDisablesByEpochMs, disablingIsDue }: Facts): string | undefined {
	if (adobeDisablesByEpochMs === undefined) return undefined;
	if (disablingIsDue) {
		return 'Adobe disables dataflows that fail for 30 days in a row: this one may be disabled at any time';
	}
	return `If all runs go on failing, Adobe disables it by ${timeInWords(adobeDisablesByEpochMs)}`;
}

function streakInWords(streak: Streak | undefined): string | undefined {
	if (streak === undefined || streak.runs < 2) return undefined;
	return `${streak.atLeast ? 'At least ' : ''}${countOf(streak.runs, 'run')} in a row succeeded`;
}

function progressInWords({ lastRun }: Facts): string | undefined {
	if (lastRun?.status === 'inProgress') return 'A run is in progress';
	return lastRun?.status === 'scheduled' ? 'A run is about to start' : undefined;
}

function lastEndInWords({ streak, lastRun, lastEnded }: Facts): string | undefined {
	if (streak === undefined) return undefined;
	const endedAt = timeInWords(lastEnded?.startedEpochMs ?? lastRun?.startedEpochMs);
	return streak.result === 'failed'
		? `Its last run failed at ${endedAt}`
		: `Its last run succeeded at ${endedAt}`;
}
