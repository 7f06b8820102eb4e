import { isCalm } from '../weather.mts';
import type { Facts, Found } from './facts.mts';
import { isInterrupted, titleOf } from './facts.mts';

/** What a machine and n8n itself may add to an item's time. */
const TIME_ALLOWANCE_MS = 2_000;

/** What was made is removed again although the item's own time is up, by documents. */
const CLEAN_UP_MS = 30_000;

export function allEndInTime({ story }: Facts): Found[] {
	return story.steps.flatMap(({ step, executed, isKilled }): Found[] => {
		if (isKilled) return [];
		if (executed === undefined) return [['it ends', `${step.title} has not ended`]];
		if (executed.isCancelled) return [];
		const times = executed.tries.map((one) => one.endedEpochMs - one.beganEpochMs);
		const longest = Math.max(0, ...times);
		const cleansUp = step.kind === 'createFlow';
		const mostMs = step.timeoutMs + TIME_ALLOWANCE_MS + (cleansUp ? CLEAN_UP_MS : 0);
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
	const { weather, scenario, strangers, steps } = facts.story;
	const isSimple =
		isCalm(weather) && strangers.length === 0 && steps.length === 1 && !steps.some(isInterrupted);
	if (!isSimple) return [];
	return facts.ends.flatMap((end): Found[] => {
		const { error, wanted, step } = end;
		if (error === undefined || step.timeoutMs < 30_000 || step.onError === 'stopWorkflow')
			return [];
		const isWrong = 'password' in wanted && wanted.password !== wanted.database.password;
		const isTaken = scenario.existing.length > 0 && step.kind === 'upsert';
		if (isWrong || isTaken || step.waits) return [];
		return [['in calm weather all goes well', `${titleOf(end)}: ${error.split('\n')[0] ?? ''}`]];
	});
}
