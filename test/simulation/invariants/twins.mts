import type { Processed } from '../engine/network.mts';
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

/**
 * Whether the execution that has made something could not know of it: its answer was lost, and another
 * execution made the very same meanwhile, which it took for what it had made itself.
 */
export function isMistakenFor(facts: Facts, id: string): boolean {
	const { processed, steps } = facts.story;
	const creations = processed.filter(({ method, status }) => method === 'POST' && status < 300);
	const creation = creations.find(({ answer }) => answer.includes(id));
	const maker = steps.find(({ step }) => step.title === creation?.execution);
	if (creation === undefined || maker === undefined) return false;
	const told = facts.textsOf(maker, 'all');
	const name = nameIn(creation);
	const ends = facts.endsOfConnections().filter(({ wanted }) => wanted.name === name);
	return creations.some((other) => {
		if (other.execution === creation.execution || nameIn(other) !== name) return false;
		const { id: otherId } = JSON.parse(other.answer) as { id?: string };
		if (otherId === undefined || !told.includes(otherId)) return false;
		const ours = ends.filter(({ step }) => step.title === creation.execution);
		const theirs = ends.filter(({ step }) => step.title === other.execution);
		return ours.some((one) => theirs.some((another) => areTwins(facts, one, another)));
	});
}

function nameIn({ body }: Processed): string | undefined {
	return body === '' ? undefined : (JSON.parse(body) as { name?: string }).name;
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
