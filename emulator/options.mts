import type { ProfileTags } from './catalog/profileTags.mts';
import type { BatchTags } from './dataAccess/batchView.mts';
import type { RowErrorFiles } from './dataAccess/rowErrorFiles.mts';
import type { EventEnvelope, EventPayload, JournalEvents } from './ioEvents/payloads.mts';
import type { DeliveryWeather } from './ioEvents/delivery.mts';
import type { PostgresServer } from './postgresql/postgresServer.mts';

/** How the emulator behaves where Adobe's documents leave a choice, and what it simulates. */
export interface EmulatorOptions {
	/** The real database; its `caPem` is trusted by connection tests, see `trustSampleCa`. */
	postgres: PostgresServer;
	/** Port on 127.0.0.1; default: a free one. */
	port?: number;
	/** Added to every answer, milliseconds; default 0. */
	latencyMs?: number;
	/** Requests per second and client before the gateway answers 429; default: no limit. */
	ratePerSecond?: number;
	/** Requests that may arrive at once before the rate applies; default: one second's worth. */
	rateBurst?: number;
	/** Platform requests in flight before the gateway answers 429; default: no limit. ⚠UNV */
	concurrency?: number;
	/** Reject requests without `x-sandbox-name` instead of using the default sandbox. */
	strict?: boolean;
	/** Which cloud the organization is on, flow-service.md 2.4; default `azure`. */
	cloud?: 'azure' | 'aws';
	/** What GET shows of secrets in `auth.params`, flow-service.md 4.3; default `absent`. */
	secretsInGet?: 'absent' | 'placeholder' | 'clear';
	/**
	 * How GET shows when something was created or changed, and the window of a run. Adobe's samples have
	 * numbers of milliseconds; ⚠UNV that they always do. Default `numbers`.
	 */
	timesInGet?: TimesInGet;
	/**
	 * Whether every other list without `orderby` is returned in reverse. ⚠UNV in which order
	 * Adobe gives them; the emulator's is that of creation. Default false.
	 */
	unorderedLists?: boolean;
	/**
	 * How long lists do not show yet what was created, milliseconds. ⚠UNV; reads by ID always do.
	 * Default 0.
	 */
	listLagMs?: number;
	/** How far `Date` is ahead of the times of entities, milliseconds, negative for behind; default 0. ⚠UNV */
	dateSkewMs?: number;
	/** Whether answers have a `Date`; default true. ⚠UNV */
	dateHeader?: boolean;
	/** Whether GET shows who created and changed something (`createdBy`, `createdClient`); default true. ⚠UNV */
	showsMaker?: boolean;
	/** How a failed connection test is answered, flow-service.md 4.5; default `error`. */
	testFailure?: 'error' | 'result';
	/** Log in to the database before `auth` is created or changed, flow-service.md 4.2. */
	validateOnCreate?: boolean;
	/** How many GETs see a new connection as `initializing`; default 0 on Azure, 2 on AWS. */
	initializingPolls?: number;
	/** Life of an IMS token, milliseconds; default 24 hours less a second, flow-service.md 1.2. */
	tokenLifetimeMs?: number;
	/** Let connection tests trust the sample database's own authority; default true. */
	trustSampleCa?: boolean;
	/** Secret of the first client; default: a random one. */
	clientSecret?: string;
	/** How long a run stays scheduled once it is due, milliseconds; default 50. */
	scheduledMs?: number;
	/** Minimum time that a run is in progress, milliseconds; default 150. */
	runDurationMs?: number;
	/** How long a flow is `updating` after a PATCH, flow-service.md 5.4, milliseconds; default 0. */
	updatingMs?: number;
	/** How a run on demand is answered, flow-service.md 5.5; default `items`. */
	runCreateAnswer?: 'items' | 'bare' | 'full';
	/**
	 * Whether a run on demand is refused while another run of its flow has not ended. Adobe's documents say
	 * nothing of it. Default `allowed`. ⚠UNV
	 */
	concurrentRuns?: 'allowed' | 'refused';
	/**
	 * Which edge of its window a run loads; either way no row is in two windows that follow each other.
	 * Default `end`. ⚠UNV
	 */
	windowEdge?: 'end' | 'start';
	/**
	 * `newer`: runs have the form of flow-service-more.md 1 (activities with IDs and names of their own,
	 * `errorDetail`, `failedInfo`, `partialSuccess`). Default `older`, as in flow-service.md 5.5.
	 */
	runForm?: 'older' | 'newer';
	/**
	 * `openapi`: numbers, booleans and texts as Adobe's API description has them where the tutorials differ, see
	 * `answerTypes.mts`. Default `tutorial`.
	 */
	answerTypes?: 'tutorial' | 'openapi';
	/** How explore shows an integer that a double cannot hold; default `texts`. ⚠UNV */
	bigIntegers?: 'texts' | 'numbers';
	/** How files with rejected rows are written, see `rowErrorFiles.mts`; default `lines`. ⚠UNV */
	rowErrors?: RowErrorFiles;
	/** Where the sample of rejected rows is; Adobe's documents have both. Default `row_errors_sample.json`. */
	sampleErrors?: 'row_errors_sample.json' | 'row_error_samples.json';
	/**
	 * Whether a flow with the frequency once takes another mapping; Adobe's own pages refuse it, ⚠UNV whether its
	 * API does: flow-service-more.md 4. Default `taken`.
	 */
	onceMapping?: 'taken' | 'refused';
	/** Which form of `data` a preview of a mapping takes, flow-service-more.md 3 ⚠CONFLICT; default `both`. */
	previewData?: 'both' | 'array' | 'object';
	/** How the tags of a batch are shown; default `values`. ⚠UNV */
	batchTags?: BatchTags;
	/** Which of the three printed forms events of runs have; default `run`. ⚠UNV which comes when */
	eventPayload?: EventPayload;
	/** What they are wrapped in; default `adobe`, as in every printed sample. ⚠UNV */
	eventEnvelope?: EventEnvelope;
	/** Whether the journal shows events in their envelope, or what is in it; default `enveloped`. ⚠UNV */
	journalEvents?: JournalEvents;
	/** How much later than the others every fifth event is in the journal, milliseconds; default 0. */
	journalLateMs?: number;
	/** Whether every third event is in the journal twice; default false. */
	journalDoubles?: boolean;
	/** Every event with a number that this divides is missing in the journal; default 0 for none. */
	journalLost?: number;
	/** What the code of a failed run is; Adobe prints both. Default `sources_flow_run_failure`. */
	failureCode?: 'sources_flow_run_failure' | 'sources_flow_run_failed';
	/** How a webhook is asked whether it wants events, flow-service-more.md 9.2; default `get`. */
	challengeBy?: 'get' | 'post';
	/** What deliveries to webhooks are like besides good ones, see `delivery.mts`; default none. */
	deliveries?: readonly DeliveryWeather[];
	/** How a dataset shows that it is enabled for Profile; default `sent`. ⚠UNV */
	profileTags?: ProfileTags;
	/** Login timeout of connection tests and runs, milliseconds; default 10 seconds. */
	connectTimeoutMs?: number;
}

export const TIMES_IN_GET = ['numbers', 'texts', 'dates', 'absent'] as const;

/** Epoch milliseconds as numbers or as strings, ISO dates, or nothing at all. */
export type TimesInGet = (typeof TIMES_IN_GET)[number];

/** The smallest number that an option takes, where that is not 0. */
const LEAST: Record<string, number> = {
	ratePerSecond: 0.001,
	concurrency: 1,
	dateSkewMs: -Infinity,
};

/** The options with all defaults filled in. */
export type Settings = Required<Omit<EmulatorOptions, 'clientSecret'>>;

/**
 * Fills in the defaults.
 *
 * @throws RangeError for a number that is too small
 */
export function settle(options: EmulatorOptions): Settings {
	// An option that is present but undefined must not replace a default.
	const { clientSecret: _, ...given } = Object.fromEntries(
		Object.entries(options).filter(([, value]) => value !== undefined),
	) as unknown as EmulatorOptions;
	const cloud = given.cloud ?? 'azure';
	const ratePerSecond = given.ratePerSecond ?? Infinity;
	const settings: Settings = {
		port: 0,
		latencyMs: 0,
		strict: false,
		secretsInGet: 'absent',
		timesInGet: 'numbers',
		unorderedLists: false,
		concurrency: Infinity,
		listLagMs: 0,
		dateSkewMs: 0,
		dateHeader: true,
		showsMaker: true,
		testFailure: 'error',
		validateOnCreate: false,
		tokenLifetimeMs: 86_399_000,
		trustSampleCa: true,
		connectTimeoutMs: 10_000,
		scheduledMs: 50,
		runDurationMs: 150,
		updatingMs: 0,
		runCreateAnswer: 'items',
		concurrentRuns: 'allowed',
		windowEdge: 'end',
		runForm: 'older',
		answerTypes: 'tutorial',
		bigIntegers: 'texts',
		rowErrors: 'lines',
		sampleErrors: 'row_errors_sample.json',
		batchTags: 'values',
		eventPayload: 'run',
		eventEnvelope: 'adobe',
		journalEvents: 'enveloped',
		journalLateMs: 0,
		journalDoubles: false,
		journalLost: 0,
		failureCode: 'sources_flow_run_failure',
		challengeBy: 'get',
		deliveries: [],
		profileTags: 'sent',
		onceMapping: 'taken',
		previewData: 'both',
		rateBurst: Math.max(1, Math.ceil(ratePerSecond)),
		// Only AWS shows `initializing` in the documents' samples: flow-service.md 2.4.
		initializingPolls: cloud === 'aws' ? 2 : 0,
		...given,
		cloud,
		ratePerSecond,
	};
	for (const [name, value] of Object.entries(settings)) {
		const least = LEAST[name] ?? 0;
		const wrong = typeof value === 'number' && !(value >= least);
		if (wrong) throw new RangeError(`${name} must not be ${value}`);
	}
	return settings;
}
