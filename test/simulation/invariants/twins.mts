import type { ExecutedStep, Story } from '../simulation.mts';
import type { ConnectionStep, WantedConnection } from '../steps.mts';
import type { Facts, ItemEnd } from './facts.mts';

/**
 * To what the clocks of two machines agree, and the whole seconds of a `Date`: what is older by no more than
 * that may have come of an attempt.
 */
const CLOCKS_AGREE_MS = 3_000;

type ConnectionEnd = ItemEnd<ConnectionStep>;

/**
 * Whether nothing tells the connections of two items apart: both want the very same, at the same time, for
 * the same client, in processes that know nothing of each other. Adobe takes no mark that would tell, so
 * where an answer is lost, one may take the other's for its own. Both have what they wanted then.
 */
export function areTwins({ story }: Facts, one: ConnectionEnd, other: ConnectionEnd): boolean {
	const [first, second] =
		one.one.beganEpochMs <= other.one.beganEpochMs ? [one, other] : [other, one];
	if (first.one === second.one || !looksAlike(first.wanted, second.wanted, story)) return false;
	const { adobeAheadMs, dateAheadMs, dateHeader, latencyMs } = story.weather;
	// Without a `Date` Adobe's time is not known, and with a wrong one less well.
	const clocksMs = CLOCKS_AGREE_MS + Math.abs(dateHeader ? dateAheadMs : adobeAheadMs);
	const isAtOnce = second.one.beganEpochMs <= first.endedEpochMs + clocksMs + 2 * latencyMs[1];
	return isAtOnce && areStrangers(story, first.one, second.one);
}

/** The names of which two such items have the same connection, each as often as that. */
export function toldTwice(facts: Facts): string[] {
	const ends = facts.endsOfConnections().filter(({ json }) => json !== undefined);
	return ends.flatMap((end, index) =>
		ends
			.slice(index + 1)
			.filter(
				(other) =>
					other.json?.connectionId === end.json?.connectionId && areTwins(facts, end, other),
			)
			.map(() => end.wanted.name),
	);
}

/** Other processes, or the same one with nothing of its memory left. */
function areStrangers({ scenario }: Story, first: ExecutedStep, second: ExecutedStep): boolean {
	if (first.step.process !== second.step.process) return true;
	return scenario.steps.some(
		(step) =>
			step.kind === 'restart' &&
			step.process === first.step.process &&
			step.atMs > first.step.atMs &&
			step.atMs <= second.step.atMs,
	);
}

/** As far as Adobe shows it. */
function looksAlike(one: WantedConnection, other: WantedConnection, { weather }: Story): boolean {
	const isShown = weather.secretsInGet === 'clear';
	const shown = ({ name, description, authMode, database, password }: WantedConnection) =>
		JSON.stringify([
			name,
			(description ?? '').normalize('NFC').trim(),
			authMode,
			authMode === 'basic' || isShown ? database.server : '',
			isShown ? password : '',
		]);
	return shown(one) === shown(other);
}
