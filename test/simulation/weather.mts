import type { Random } from './engine/randomness.mts';

/** What becomes of one request on its way. */
export type Fate =
	| { kind: 'fine' }
	/** No connection; it was certainly not processed. */
	| { kind: 'refused' }
	/** The connection breaks, with a code; `when` the work was not done yet, or was done. */
	| { kind: 'broken'; code: string; when: 'before' | 'after' }
	/** An answer with this status, which may repeat the request; the work was not done, or was done. */
	| { kind: 'status'; status: number; when: 'before' | 'after'; echoes: boolean }
	/** An answer with this status at once; the work is done later. */
	| { kind: 'late'; status: number; afterMs: number }
	/** Never an answer; the work is done later, or not at all. */
	| { kind: 'hang'; afterMs?: number }
	/** Adobe refuses it with a 400 that repeats all of it. */
	| { kind: 'refusal' }
	/** The work is done; the answer is no JSON, is cut off, or comes a byte at a time. */
	| { kind: 'malformed' }
	| { kind: 'truncated' }
	| { kind: 'trickle'; everyMs: number }
	/** It only takes its time. */
	| { kind: 'slow'; ms: number };

export type FateKind = Fate['kind'];

/** Under what conditions a simulation runs. */
export interface Weather {
	/** How many requests of a kind meet a fault. */
	faults: { write: number; read: number; signIn: number };
	/** The kinds of fault that happen, for writes and for the rest. */
	kinds: Array<Exclude<FateKind, 'fine'>>;
	/** How late work may end after its answer, at most. */
	maxLateMs: number;
	latencyMs: [least: number, most: number];
	/** How late lists are. */
	listLagMs: number;
	/** What Adobe's clock is ahead of n8n's; that of its gateway, whose `Date` is seen, beyond it. */
	adobeAheadMs: number;
	dateAheadMs: number;
	dateHeader: boolean;
	/** Whether Adobe shows who made a thing. */
	showsMaker: boolean;
	timesInGet: 'numbers' | 'texts' | 'dates' | 'absent';
	secretsInGet: 'absent' | 'placeholder' | 'clear';
	unorderedLists: boolean;
	testFailure: 'error' | 'result';
	cloud: 'azure' | 'aws';
	/** Requests per second, and requests at a time, before Adobe answers 429. */
	ratePerSecond?: number;
	concurrency?: number;
	tokenLifetimeMs: number;
	/** How long a run takes. */
	runMs: number;
}

/** The same, from when the sky is clear. */
export function cleared(weather: Weather): Weather {
	return { ...weather, faults: { write: 0, read: 0, signIn: 0 }, concurrency: undefined };
}

const ALL_KINDS: Weather['kinds'] = [
	'refused',
	'broken',
	'status',
	'late',
	'hang',
	'malformed',
	'truncated',
	'trickle',
	'slow',
];

/** The work is done, and no answer says so. */
const LOST_ANSWERS: Weather['kinds'] = ['broken', 'late', 'malformed', 'truncated'];

const GATEWAY_TIME_OUTS = [504, 408, 499, 524];

export function drawWeather(random: Random): Weather {
	const severity = random.weighted([
		[16, 'none'],
		[18, 'light'],
		[50, 'writes'],
		[16, 'heavy'],
	] as const);
	const isFair = severity === 'none';
	const share = { none: 0, light: 0.08, writes: 0.5, heavy: 0.3 }[severity];
	const onReads = severity === 'writes' ? 0.03 : share;
	return {
		faults: { write: share, read: onReads, signIn: onReads / 2 },
		kinds: random.weighted([
			[3, ALL_KINDS],
			[3, LOST_ANSWERS],
			[2, [random.pick(ALL_KINDS), random.pick(ALL_KINDS)]],
		]),
		maxLateMs: random.pick([500, 3_000, 8_000, 20_000]),
		latencyMs: random.pick([
			[5, 30],
			[40, 200],
			[10, 1_500],
		]),
		listLagMs: random.weighted([
			[3, 0],
			[2, random.between(100, 3_000)],
			[2, random.between(1_000, 10_000)],
		]),
		adobeAheadMs: random.weighted([
			[6, 0],
			[2, random.between(-5_000, 5_000)],
			[1, random.between(-600_000, 600_000)],
		]),
		dateAheadMs: random.weighted([
			[7, 0],
			[2, random.between(-5_000, 5_000)],
		]),
		dateHeader: random.chance(0.9),
		showsMaker: random.chance(0.8),
		timesInGet: random.weighted([
			[6, 'numbers'],
			[1, 'texts'],
			[1, 'dates'],
			[1, 'absent'],
		]),
		secretsInGet: random.weighted([
			[4, 'absent'],
			[1, 'placeholder'],
			[1, 'clear'],
		]),
		unorderedLists: random.chance(0.2),
		testFailure: random.pick(['error', 'result']),
		cloud: random.chance(0.85) ? 'azure' : 'aws',
		ratePerSecond: random.chance(isFair ? 0.5 : 0.08) ? random.pick([1, 2, 5]) : undefined,
		concurrency: random.chance(isFair ? 0.2 : 0.08) ? random.pick([1, 2, 3]) : undefined,
		runMs: random.pick([150, 5_000, 40_000]),
		tokenLifetimeMs: random.chance(0.1) ? random.between(310_000, 400_000) : 86_399_000,
	};
}

/** Nothing is ever lost, although Adobe may ask for fewer requests. */
export function isFaultless({ faults }: Weather): boolean {
	return faults.write + faults.read + faults.signIn === 0;
}

export function isCalm(weather: Weather): boolean {
	const { ratePerSecond, concurrency } = weather;
	return isFaultless(weather) && ratePerSecond === undefined && concurrency === undefined;
}

/** What becomes of a request that meets a fault. */
export function drawFate(
	{ faults, kinds, maxLateMs }: Weather,
	random: Random,
	about: 'write' | 'read' | 'signIn',
): Fate {
	if (!random.chance(faults[about])) return { kind: 'fine' };
	const when = random.pick(['before', 'after'] as const);
	const kind = random.pick(kinds);
	switch (kind) {
		case 'broken':
			return {
				kind,
				when,
				code: random.pick(['ECONNRESET', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH']),
			};
		case 'status':
			return { kind, when, ...drawStatus(random, when, about), echoes: random.chance(0.3) };
		case 'late':
			return {
				kind,
				status: random.pick(GATEWAY_TIME_OUTS),
				afterMs: random.between(1, maxLateMs),
			};
		case 'hang':
			return random.chance(0.3) ? { kind } : { kind, afterMs: random.between(1, maxLateMs) };
		case 'trickle':
			return { kind, everyMs: random.pick([5, 200, 2_000]) };
		case 'slow':
			return { kind, ms: random.between(500, 20_000) };
		default:
			return { kind };
	}
}

/** A refusal (4xx, 429) means that nothing was done, so it is never drawn for work that was. */
function drawStatus(random: Random, when: 'before' | 'after', about: string): { status: number } {
	const afterWork = [500, 502, 503, ...GATEWAY_TIME_OUTS];
	const beforeWork = [...afterWork, 429, 302, ...(about === 'signIn' ? [] : [401])];
	return { status: random.pick(when === 'after' ? afterWork : beforeWork) };
}
