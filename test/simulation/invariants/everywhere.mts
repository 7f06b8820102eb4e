import { SPAN } from '../operations.mts';
import { isCalm, isFaultless } from '../weather.mts';
import type { Facts, Found, ItemEnd } from './facts.mts';
import { isInterrupted, isUnclear, titleOf } from './facts.mts';

/** What a machine and n8n itself may add to an item's time. */
const TIME_ALLOWANCE_MS = 2_000;

/**
 * What comes after the items' own time: what was made is removed again, and all new connections of a run
 * are looked at once more together.
 */
const CLEAN_UP_MS = 30_000;

export function allEndInTime({ story }: Facts): Found[] {
	return story.steps.flatMap((one): Found[] => {
		const { step, executed, isKilled } = one;
		if (isKilled) return [];
		if (executed === undefined) return [['it ends', `${step.title} has not ended`]];
		if (executed.isCancelled) return [];
		const times = executed.tries.map((one) => one.endedEpochMs - one.beganEpochMs);
		const longest = Math.max(0, ...times);
		const isMapped = step.kind === 'updateFlow' && step.items.some(({ mapping }) => mapping);
		const cleansUp = isMapped || ['createFlow', 'create', 'upsert'].includes(step.kind);
		// Starting a run, waiting for its end, and the last look have the same time each.
		const times3 = (step.kind === 'run' || step.kind === 'retry') && step.waits;
		// Each window of a backfill has its own time, and is waited for before.
		const windows = step.kind === 'backfill' ? 4 * SPAN.windows + 2 : 1;
		const itemMs = (times3 ? 3 : windows) * step.timeoutMs;
		const mostMs = itemMs + TIME_ALLOWANCE_MS + (cleansUp ? CLEAN_UP_MS : 0);
		if (longest <= mostMs) return [];
		return [['in time', `${step.title} has taken ${longest} ms, Timeout is ${step.timeoutMs} ms`]];
	});
}

export function noSecretIsTold(facts: Facts): Found[] {
	const { state, emulator } = facts.story.adobe;
	const secrets: Array<[string, string]> = [
		['the client secret', emulator.clientSecret],
		...state.tokens.issued.map((token): [string, string] => ['a token', token]),
		...facts.story.scenario.databases.map(({ password }): [string, string] => [
			'a password',
			password,
		]),
	];
	const texts = [
		...facts.story.steps.map((one) => [one.step.title, facts.textsOf(one, 'all')] as const),
		...facts.story.polls.map(
			({ error = '', events }) => ['a poll', error + JSON.stringify(events)] as const,
		),
	];
	return texts.flatMap(([title, text]) =>
		secrets
			.filter(([, secret]) => text.includes(secret))
			.map(([what]): Found => ['no secret', `${title} shows ${what}`]),
	);
}

const CRASH = /is not a function|Cannot read prop|is not defined|is not iterable|UnexpectedError/;

export function nothingCrashes(facts: Facts): Found[] {
	return facts.story.steps.flatMap((one): Found[] => {
		const [crash] = CRASH.exec(facts.textsOf(one, 'all')) ?? [];
		return crash === undefined ? [] : [['no crash', `${one.step.title}: ${crash}`]];
	});
}

/** A checker that takes an error for an answer would be content with a node that does nothing. */
export function calmWeatherIsNoTrouble(facts: Facts): Found[] {
	const { weather, strangers, steps } = facts.story;
	if (!isCalm(weather) || strangers.length > 0 || steps.length > 1) return [];
	return facts.ends.flatMap((end): Found[] => {
		const { error, step, one } = end;
		if (error === undefined || step.timeoutMs < 60_000 || isInterrupted(one)) return [];
		if (isOwnFault(facts, end)) return [];
		return [['in calm weather all goes well', `${titleOf(end)}: ${error.split('\n')[0] ?? ''}`]];
	});
}

/** Errors that are right in any weather. */
function isOwnFault({ story }: Facts, end: ItemEnd): boolean {
	const { step, wanted, error = '' } = end;
	if (step.onError === 'stopWorkflow' && step.items.length > 1) return true;
	if ('password' in wanted) {
		const there = story.scenario.existing.filter(({ wanted: { name } }) => name === wanted.name);
		// Somebody else's password is not known, and neither is which of two is meant.
		return wanted.password !== wanted.database.password || there.length > 0;
	}
	// A run may take longer than is waited for it.
	return /still '/.test(error) || isWindowUnknowable(story, error);
}

/** Where Adobe shows no window of any run, it is asked for behind one that has succeeded, and only then. */
function isWindowUnknowable({ weather, adobe }: Facts['story'], error: string): boolean {
	if (weather.timesInGet !== 'absent' || !error.includes("'Window Start' is needed")) return false;
	return adobe.state.runs
		.all()
		.some(({ id, state }) => state === 'success' && error.includes(`The run ${id} succeeded`));
}

/**
 * Where no answer is ever lost, what has become of a write is known, unless there was no time to hear it:
 * an eighth of the item's time is kept for that, and again for looking.
 */
export function fairWeatherIsClear(facts: Facts): Found[] {
	const { weather, steps } = facts.story;
	const slowestMs = 2 * weather.latencyMs[1] + 100;
	if (!isFaultless(weather) || steps.length > 1) return [];
	return facts.ends.flatMap((end): Found[] => {
		const { error = '', step, one } = end;
		const isEnough = step.timeoutMs / 8 > slowestMs;
		// What it says of other items at its end may be that a list has not shown them in time.
		const [own = ''] = error.split('Done before, and not on the output');
		if (!isEnough || isInterrupted(one) || !isUnclear(own)) return [];
		return [['what can be known is told', `${titleOf(end)}: ${error.split('\n')[0] ?? ''}`]];
	});
}

/** Without a version, a change would overwrite whatever somebody else has done meanwhile. */
export function changesNameTheirVersion({ story }: Facts): Found[] {
	return story.processed
		.filter(({ method, answer }) => method === 'PATCH' && /If-Match is missing/.test(answer))
		.map(
			({ execution, path }): Found => [
				'a change names its version',
				`${execution} has sent PATCH ${path} without If-Match`,
			],
		);
}

/** A token that ends or is revoked is no reason to fail, as long as Adobe gives new ones. */
export function tokensAreReplaced(facts: Facts): Found[] {
	const { weather } = facts.story;
	if (!isFaultless(weather) && weather.kinds.includes('status')) return [];
	return facts.ends
		.filter(({ error = '' }) => /rejected the access token/.test(error))
		.map((end): Found => ['a token is replaced', titleOf(end)]);
}
