import { countOf } from '../../../adobe/runModel';
import type { Facts, Health } from './facts';
import { HEALTHS } from './facts';
import { HEALTH_LABELS, MAX_BATCHES_PER_DAY, MAX_STARTS_PER_MINUTE, perDay } from './words';

/** What a report says of many dataflows, however it is written. */
export interface Report {
	/** E.g. `2 of 12 dataflows need attention`. */
	headline: string;
	/** Those that somebody should look at, worst first. */
	needAttention: Facts[];
	/** All, worst first, then by name. */
	all: Facts[];
	/** Those that there are, worst first. */
	counts: Array<{ health: Health; label: string; count: number }>;
	/** Of all dataflows together, a sentence each. */
	notes: string[];
	/** Of all schedules together. */
	runsPerDay: number;
}

const NEED_ATTENTION: readonly Health[] = ['failing', 'stale', 'rejecting', 'notKnown'];

export function reportOn(facts: readonly Facts[]): Report {
	const all = [...facts].sort(worstFirst);
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
		notes: notesOf(facts, runsPerDay),
		runsPerDay,
	};
}

function headlineOf(total: number, needAttention: number): string {
	if (total === 0) return 'There is no PostgreSQL dataflow';
	if (needAttention > 0) {
		return `${needAttention} of ${countOf(total, 'dataflow')} ${needAttention === 1 ? 'needs' : 'need'} attention`;
	}
	return total === 1
		? 'The only dataflow needs no attention'
		: `None of ${countOf(total, 'dataflow')} needs attention`;
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
