import type { Run } from '../../../adobe/runModel';
import { countOf } from '../../../adobe/runModel';
import { dataflowUrl } from '../../../adobe/webLinks';
import type { ItemClient } from '../../../platform/client';
import type { Facts, Health } from './facts';
import { HEALTHS } from './facts';
import {
	adviceFor,
	HEALTH_LABELS,
	MAX_BATCHES_PER_DAY,
	MAX_STARTS_PER_MINUTE,
	perDay,
	summaryOfHealth,
} from './words';

/** What a report says of a dataflow, in texts that may be shown. */
export interface Line {
	health: Health;
	label: string;
	name: string;
	table?: string;
	summary: string;
	advice?: string;
	nextRunEpochMs?: number;
	/** The newest first. */
	runs: readonly Run[];
	/** Its page; absent where none is known. */
	url?: string;
}

/** What a report says of many dataflows, however it is written. */
export interface Report {
	/** E.g. `2 of 12 dataflows need attention`. */
	headline: string;
	/** Those that somebody should look at, worst first. */
	needAttention: Line[];
	/** All, worst first, then by name. */
	all: Line[];
	/** Those that there are, worst first. */
	counts: Array<{ health: Health; label: string; count: number }>;
	/** Of all dataflows together, a sentence each. */
	notes: string[];
	/** Of all schedules together. */
	runsPerDay: number;
	sandboxName: string;
	/** By Adobe's clock. */
	atEpochMs?: number;
}

const NEED_ATTENTION: readonly Health[] = ['failing', 'stale', 'rejecting', 'notKnown'];

/** @param redact takes secrets out of a text, which can't be found any more once it is escaped */
export function reportOn(
	facts: readonly Facts[],
	client: ItemClient,
	redact: (text: string) => string,
): Report {
	const all = [...facts].sort(worstFirst).map((one) => lineOf(one, client, redact));
	const needAttention = all.filter(({ health }) => NEED_ATTENTION.includes(health));
	const runsPerDay = facts.reduce((sum, one) => sum + (one.runsPerDay ?? 0), 0);
	return {
		headline: headlineOf(facts.length, needAttention.length),
		needAttention,
		all,
		counts: HEALTHS.map((health) => ({
			health,
			label: HEALTH_LABELS[health],
			count: facts.filter((one) => one.health === health).length,
		})).filter(({ count }) => count > 0),
		notes: notesOf(facts, runsPerDay).map(redact),
		runsPerDay,
		sandboxName: redact(client.sandboxName),
		atEpochMs: client.adobeEpochMs(),
	};
}

function lineOf(facts: Facts, client: ItemClient, redact: (text: string) => string): Line {
	const { flow, health, table, history, nextRunEpochMs } = facts;
	const advice = adviceFor(facts);
	const shown = (text: string) => oneLine(redact(text));
	return {
		health,
		label: HEALTH_LABELS[health],
		name: shown(flow.name ?? flow.id),
		table: table === undefined ? undefined : shown(table),
		summary: shown(summaryOfHealth(facts)),
		advice: advice === undefined ? undefined : shown(advice),
		// That of a dataflow that has never run is in its summary.
		nextRunEpochMs: health === 'neverRan' ? undefined : nextRunEpochMs,
		runs: history.runs,
		url: dataflowUrl(client, flow.id),
	};
}

/** A name of several lines would end the line of a list. */
function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function headlineOf(total: number, needAttention: number): string {
	if (total === 0) return 'There is no PostgreSQL dataflow';
	if (total === 1) return `The only dataflow needs ${needAttention === 1 ? '' : 'no '}attention`;
	if (needAttention > 0) {
		return `${needAttention} of ${countOf(total, 'dataflow')} ${needAttention === 1 ? 'needs' : 'need'} attention`;
	}
	return `None of ${countOf(total, 'dataflow')} needs attention`;
}

function notesOf(facts: readonly Facts[], runsPerDay: number): string[] {
	const suspects = new Map<string, Facts[]>();
	for (const one of facts) {
		const { connectionId } = one.flow;
		if (one.failTogether === undefined || connectionId === undefined) continue;
		const others = suspects.get(connectionId) ?? [];
		suspects.set(connectionId, others);
		others.push(one);
	}
	const credentials = [...suspects].map(
		([connectionId, { length }]) =>
			`${length} dataflows of the connection ${connectionId} began to fail at the source within the same hour: a changed or expired password is likely.`,
	);
	const crowds = facts.map(({ startTogether = 0 }) => startTogether);
	const crowd = crowds.reduce((most, count) => Math.max(most, count), 0);
	return [
		...credentials,
		...(crowd > MAX_STARTS_PER_MINUTE
			? [`Up to ${crowd} dataflows start in the same minute. Spread their start times.`]
			: []),
		...(runsPerDay > 0
			? [
					`Together they are scheduled for ${perDay(runsPerDay)} ${perDay(runsPerDay) === '1' ? 'run' : 'runs'} a day. For datasets that are enabled for Profile, Adobe advises at most ${MAX_BATCHES_PER_DAY} batches a day and sandbox; which datasets are enabled is not known here.`,
				]
			: []),
	];
}

function worstFirst(one: Facts, other: Facts): number {
	const byHealth = HEALTHS.indexOf(one.health) - HEALTHS.indexOf(other.health);
	if (byHealth !== 0) return byHealth;
	const [mine, theirs] = [one.flow.name ?? one.flow.id, other.flow.name ?? other.flow.id];
	return mine < theirs ? -1 : Number(mine > theirs);
}
