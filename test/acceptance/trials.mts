import type { Weather } from '../simulation/weather.mts';

/** Many items in one execution, and what they meet. */
export interface Trial {
	operation: 'create' | 'upsert';
	items: number;
	/** Of each item. */
	timeoutMs: number;
	/** The same items are executed so many times, with a restart of n8n in between. */
	executions: number;
	/** Each list is late by its own time, up to this. */
	maxListLagMs: number;
	/** How long a request takes Adobe, where the number at a time is limited. */
	serviceMs: number;
	/** Whether a write meets its fault when it is sent for the first time alone, or each time. */
	faultsStrike: 'first' | 'each';
	weather: Partial<Weather>;
}

const BASE: Trial = {
	operation: 'create',
	items: 1_000,
	timeoutMs: 300_000,
	executions: 1,
	maxListLagMs: 0,
	serviceMs: 20,
	faultsStrike: 'first',
	weather: {},
};

/**
 * One write in ten has no answer that says what came of it: most end with a 504 and go on for up to 20 s, others
 * with a 500 or a line that is cut, before or after the work.
 */
const LOST_ANSWERS: Partial<Weather> = {
	faults: { write: 0.1, read: 0, signIn: 0 },
	kinds: ['late', 'late', 'late', 'status', 'broken'],
	maxLateMs: 20_000,
};

/** The same, and look-ups meet faults as well. */
const LOST_LOOK_UPS = { ...LOST_ANSWERS, faults: { write: 0.1, read: 0.02, signIn: 0 } };

const LATE = { ...BASE, maxListLagMs: 10_000, weather: LOST_ANSWERS };
const LATE_AGAIN_AND_AGAIN = { ...LATE, faultsStrike: 'each', weather: LOST_LOOK_UPS } as const;
const NOT_ENOUGH_TIME = { ...BASE, items: 400, timeoutMs: 12_000 };

export const TRIALS = {
	creates: LATE,
	upserts: { ...LATE, operation: 'upsert', executions: 2 },
	createsLostAgain: LATE_AGAIN_AND_AGAIN,
	upsertsLostAgain: { ...LATE_AGAIN_AND_AGAIN, operation: 'upsert' },
	tenPerSecond: { ...NOT_ENOUGH_TIME, weather: { ratePerSecond: 10 } },
	tenPerSecondLost: {
		...NOT_ENOUGH_TIME,
		faultsStrike: 'each',
		maxListLagMs: 3_000,
		weather: { ...LOST_LOOK_UPS, ratePerSecond: 10 },
	},
	threeAtATime: { ...BASE, items: 400, serviceMs: 50, weather: { concurrency: 3 } },
} as const satisfies Record<string, Trial>;

export type TrialName = keyof typeof TRIALS;

export function isTrial(name: string): name is TrialName {
	return Object.hasOwn(TRIALS, name);
}

/** What has come of a trial, by what Adobe holds. */
export interface Outcome {
	/** Connections at Adobe. */
	held: number;
	/** Names of which there are several, or which nobody has asked for. */
	tooMany: string[];
	succeeded: number;
	/** Outputs whose ID is not that of a connection of the item's name. */
	wrongIds: string[];
	/** Several outputs with the same ID. */
	sharedIds: string[];
	/** Connections whose ID is in no output and in no error of the item of that name. */
	unnamed: string[];
	/** Those of them whose item does not say either that it is not clear what has come of it. */
	unaccounted: string[];
	/** The errors, each once, without IDs and names, with how often they came. */
	errors: Record<string, number>;
	/** Connections that are named in the error of their item. */
	namedInErrors: number;
	/** Requests to the platform and to IMS. */
	requests: number;
	/** Of virtual time. */
	tookMs: number;
	/** What it would take a client that knows the limit: as many requests as items, none refused. */
	idealMs?: number;
	/** Of the last execution, what was done to the items. */
	actions: Record<string, number>;
}
