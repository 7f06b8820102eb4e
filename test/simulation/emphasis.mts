import type { Random } from './engine/randomness.mts';
import type { Weather } from './weather.mts';

/**
 * What some simulations are about: situations that come together by chance too seldom, and that each tell a
 * product with a certain fault from a sound one.
 */
export type Emphasis =
	/** An older connection of ours looks like the one that is wanted, and answers are lost. */
	| 'oldTwin'
	/** The same is wanted again before lists show it. */
	| 'lagging'
	/** Two processes of ours make different connections of the same names at the same time. */
	| 'rivals'
	/** What was there before has another password, which Adobe does not show. */
	| 'hiddenPassword'
	/** Adobe's refusals repeat all that was sent to it. */
	| 'talkative'
	/** Polls that end before they have read all. */
	| 'cutPolls'
	/** The same backfill is executed again and again, stopped and killed on the way. */
	| 'backfills'
	/** Dataflows get one mapping after the other, which Adobe often refuses. */
	| 'mappings';

export function drawEmphasis(random: Random): Emphasis | undefined {
	return random.weighted<Emphasis | undefined>([
		[64, undefined],
		[2, 'mappings'],
		[4, 'backfills'],
		[5, 'lagging'],
		[5, 'oldTwin'],
		[5, 'rivals'],
		[5, 'hiddenPassword'],
		[5, 'talkative'],
		[5, 'cutPolls'],
	]);
}

/** The weather in which it matters. */
export function suited(weather: Weather, emphasis: Emphasis | undefined): Weather {
	const certain = { adobeAheadMs: 0, dateAheadMs: 0, dateHeader: true } as const;
	switch (emphasis) {
		case 'oldTwin':
		case 'rivals':
			return {
				...weather,
				...certain,
				faults: { write: 0.4, read: 0.03, signIn: 0.01 },
				kinds: ['broken'],
				showsMaker: true,
				ratePerSecond: undefined,
				concurrency: undefined,
			};
		case 'hiddenPassword':
			return {
				...weather,
				faults: { write: 0, read: 0, signIn: 0 },
				showsMaker: true,
				secretsInGet: 'absent',
			};
		case 'lagging':
			return {
				...weather,
				...certain,
				faults: { write: 0, read: 0, signIn: 0 },
				latencyMs: [5, 30],
				listLagMs: 15_000,
				ratePerSecond: undefined,
				concurrency: undefined,
			};
		case 'talkative':
			return {
				...weather,
				faults: { write: 0.6, read: 0.05, signIn: 0.02 },
				kinds: ['refusal', 'status'],
			};
		case 'cutPolls':
			return {
				...weather,
				...certain,
				faults: { write: 0, read: 0.5, signIn: 0.1 },
				kinds: ['broken', 'status', 'hang'],
				ratePerSecond: undefined,
				concurrency: undefined,
			};
		case 'backfills':
			return {
				...weather,
				faults: { write: 0.4, read: 0.05, signIn: 0.02 },
				// What is in flight when an execution is stopped comes to light while the next one is at it.
				kinds: [...weather.kinds, 'hang', 'hang', 'slow'],
				maxLateMs: 20_000,
				// Where it is not known what was loaded, nothing is.
				timesInGet: weather.timesInGet === 'absent' ? 'texts' : weather.timesInGet,
				ratePerSecond: undefined,
				concurrency: undefined,
			};
		case 'mappings':
			return {
				...weather,
				faults: { write: 0.4, read: 0.03, signIn: 0.01 },
				kinds: ['refusal', 'broken', 'status'],
				ratePerSecond: undefined,
				concurrency: undefined,
			};
		case undefined:
			return weather;
	}
}
