import { EVENT_ENVELOPES, EVENT_PAYLOADS, JOURNAL_EVENTS } from './ioEvents/payloads.mts';
import type { EmulatorOptions } from './options.mts';
import { TIMES_IN_GET } from './options.mts';

type Switches = Omit<EmulatorOptions, 'postgres' | 'port' | 'cloud' | 'clientSecret'>;
type Choices = { [Name in keyof Switches]-?: ReadonlyArray<NonNullable<Switches[Name]>> };

/**
 * What Adobe may do in more than one way: the values of each switch, the kindest first and the unkindest last.
 * Switches that only slow down, or that ask for a database, are not part of the weather.
 */
const WEATHER = {
	strict: [false, true],
	secretsInGet: ['absent', 'clear', 'placeholder'],
	timesInGet: TIMES_IN_GET,
	unorderedLists: [false, true],
	concurrency: [Infinity, 50, 20],
	listLagMs: [0, 500, 3_000],
	dateSkewMs: [0, -60_000, 300_000],
	dateHeader: [true, false],
	showsMaker: [true, false],
	testFailure: ['error', 'result'],
	runCreateAnswer: ['items', 'full', 'bare'],
	concurrentRuns: ['allowed', 'refused'],
	windowEdge: ['end', 'start'],
	runForm: ['older', 'newer'],
	answerTypes: ['tutorial', 'openapi'],
	bigIntegers: ['texts', 'numbers'],
	rowErrors: ['lines', 'array', 'pretty'],
	sampleErrors: ['row_errors_sample.json', 'row_error_samples.json'],
	batchTags: ['values', 'lists'],
	eventPayload: EVENT_PAYLOADS,
	eventEnvelope: EVENT_ENVELOPES,
	journalEvents: JOURNAL_EVENTS,
	journalLateMs: [0, 500, 5_000],
	journalDoubles: [false, true],
	failureCode: ['sources_flow_run_failure', 'sources_flow_run_failed'],
	challengeBy: ['get', 'post'],
	onceMapping: ['taken', 'refused'],
	previewData: ['both', 'array', 'object'],
	profileTags: ['sent', 'dated'],
} as const satisfies Partial<Choices>;

type Weather = keyof typeof WEATHER;
const NAMES = Object.keys(WEATHER) as Weather[];

/**
 * The options of a weather.
 *
 * @param weather `foul`: all switches at their unkindest; a number: some of them, always the same for it
 * @returns for `foul` times as texts and a `Date` that is wrong: where both were missing, neither could be wrong
 */
export function weatherOptions(weather: 'foul' | number): Switches {
	const random = weather === 'foul' ? undefined : randomOf(weather);
	const chosen = NAMES.map((name) => {
		const values: readonly unknown[] = WEATHER[name];
		const at = random === undefined ? values.length - 1 : Math.floor(random() * values.length);
		return [name, values[at]];
	});
	const options = Object.fromEntries(chosen) as Switches;
	return weather === 'foul' ? { ...options, timesInGet: 'texts', dateHeader: true } : options;
}

/** Everything fair but one switch, each in turn, that is at its unkindest. */
export function unkindSwitches(): Switches[] {
	return NAMES.map((name) => ({ [name]: WEATHER[name].at(-1) }));
}

/** @throws RangeError for what is neither `foul` nor a whole number */
export function readWeather(text: string): 'foul' | number {
	if (text === 'foul') return text;
	if (/^\d{1,9}$/.test(text)) return Number(text);
	throw new RangeError('--weather must be foul or a whole number');
}

/** Numbers from 0 to below 1, always the same for a seed (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
