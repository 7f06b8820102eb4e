import { DATAFLOW } from '../../nodes/adobe/dataflows';
import { RUN } from '../../nodes/adobe/runModel';
import type { Facts, Seen } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/facts';
import { factsOf } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/facts';
import {
	summaryOfHealth,
	warningsOf,
} from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/words';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 27, 6, 10);
/** Six in the morning, a month ago. */
const START = Date.UTC(2026, 9, 27, 6);
const DAILY = { frequency: 'day', interval: 1, startTime: START / 1000 };

type Raw = Record<string, unknown>;

interface Case {
	flow?: Raw;
	/** The newest first. */
	runs?: Raw[];
	/** Set where there are no older ones. */
	complete?: boolean;
	/** Of one that fails for longer than its runs tell. */
	firstOfFailures?: Raw;
	lastSuccess?: Raw;
}

/** A run that started so long ago. */
function run(status: string, ago: number, counts: Raw = {}, errors: Raw[] = []): Raw {
	const startedAtUTC = NOW - ago;
	return {
		id: `run ${ago}`,
		createdAt: startedAtUTC,
		metrics: {
			durationSummary: { startedAtUTC },
			recordSummary: counts,
			statusSummary: { status, errors },
		},
	};
}

const lastRun = (state: string, ago: number) => ({
	lastRunDetails: { id: 'last', state, startedAtUTC: NOW - ago },
});

function seen(
	{ flow = {}, runs = [], complete = true, firstOfFailures, lastSuccess }: Case,
	id = 'flow',
): Seen {
	const read = (one: Raw) => RUN.read({ id: String(one.id), raw: one });
	const raw: Raw = { id, state: 'enabled', scheduleParams: DAILY, updatedAt: START, ...flow };
	const state = typeof raw.state === 'string' ? raw.state : undefined;
	return {
		flow: DATAFLOW.read({ id, name: id, state, raw }),
		history: {
			runs: runs.map(read),
			isComplete: complete,
			firstOfFailures: firstOfFailures && read(firstOfFailures),
			lastSuccess: lastSuccess && read(lastSuccess),
		},
	};
}

const factsOfCase = (one: Case): Facts => {
	const [facts] = factsOf([seen(one)], NOW);
	if (facts === undefined) throw new Error('There are no facts');
	return facts;
};

const good = (count: number, newestAgo = 10 * MINUTE) =>
	Array.from({ length: count }, (_run, place) =>
		run('success', newestAgo + place * DAY, { outputRecordCount: 5 }),
	);
const bad = (count: number, newestAgo = 10 * MINUTE) =>
	Array.from({ length: count }, (_run, place) => run('failed', newestAgo + place * DAY));

describe('The health of a dataflow', () => {
	it.each<[string, Case, Facts['health'], string]>([
		[
			'whose runs succeed is good',
			{ runs: good(3) },
			'healthy',
			'5 records written. 3 runs in a row succeeded.',
		],
		[
			'says only what it knows where older runs were not read',
			{ runs: good(3), complete: false },
			'healthy',
			'5 records written. At least 3 runs in a row succeeded.',
		],
		[
			'counts a run that is in progress neither as good nor as bad',
			{ runs: [run('inProgress', MINUTE), ...good(2)] },
			'healthy',
			'5 records written. 2 runs in a row succeeded. A run is in progress.',
		],
		[
			'whose first run is in progress is good',
			{ runs: [run('inProgress', MINUTE)] },
			'healthy',
			'A run is in progress.',
		],
		[
			'is not known where only a run in progress was read',
			{ runs: [run('inProgress', MINUTE)], complete: false },
			'notKnown',
			"How its last run ended is not known: it is 'inProgress'.",
		],
		[
			'that failed once says when, and when Adobe would disable it',
			{ runs: [...bad(1), ...good(2, DAY)] },
			'failing',
			'The last run failed at 2026-11-27 06:00 UTC. If all runs go on failing, Adobe disables it by 2026-12-27 06:00 UTC.',
		],
		[
			'that fails for days says since when',
			{ runs: [...bad(4), ...good(2, 4 * DAY)] },
			'failing',
			'4 runs in a row failed, since 2026-11-24 06:00 UTC. If all runs go on failing, Adobe disables it by 2026-12-24 06:00 UTC.',
		],
		[
			'that fails for longer than was read says so',
			{ runs: bad(4), complete: false },
			'failing',
			'At least 4 runs in a row failed, since 2026-11-24 06:00 UTC or longer. If all runs go on failing, Adobe disables it by 2026-12-24 06:00 UTC.',
		],
		[
			'that fails for longer than was read knows since when where its first failure was found',
			{
				runs: bad(4),
				complete: false,
				firstOfFailures: run('failed', 9 * DAY),
				lastSuccess: run('success', 10 * DAY),
			},
			'failing',
			'At least 4 runs in a row failed, since 2026-11-18 06:10 UTC. If all runs go on failing, Adobe disables it by 2026-12-18 06:10 UTC.',
		],
		[
			'that fails for longer than was read says when it last succeeded',
			{ runs: bad(4), complete: false, lastSuccess: run('success', 10 * DAY) },
			'failing',
			'At least 4 runs in a row failed, since 2026-11-24 06:00 UTC or longer. The last success was at 2026-11-17 06:10 UTC. If all runs go on failing, Adobe disables it by 2026-12-24 06:00 UTC.',
		],
		[
			'is taken from the list of dataflows where no run was read',
			{ flow: lastRun('failed', HOUR), complete: false },
			'failing',
			'At least the last run failed, since 2026-11-27 05:10 UTC or longer. If all runs go on failing, Adobe disables it by 2026-12-27 05:10 UTC.',
		],
		[
			'that has failed for more than 30 days may be disabled at any time',
			{ runs: bad(31) },
			'failing',
			'31 runs in a row failed, since 2026-10-28 06:00 UTC. Adobe disables dataflows that fail for 30 days in a row: this one may be disabled at any time.',
		],
		[
			'that runs once is not said to be disabled by Adobe',
			{ flow: { scheduleParams: { ...DAILY, frequency: 'once' } }, runs: bad(1, DAY) },
			'failing',
			'The last run failed at 2026-11-26 06:10 UTC.',
		],
		[
			'gives the cause that Adobe gives',
			{
				runs: [
					run('failed', DAY, {}, [{ code: 'CONNECTOR-1001-500', message: 'No such table.' }]),
					...good(1, 2 * DAY),
				],
			},
			'failing',
			'The last run failed at 2026-11-26 06:10 UTC. No such table (CONNECTOR-1001-500). If all runs go on failing, Adobe disables it by 2026-12-26 06:10 UTC.',
		],
		[
			'that rejects records says what share',
			{
				runs: [
					run('success', HOUR, {
						inputRecordCount: 5000,
						outputRecordCount: 4988,
						failedRecordCount: 12,
					}),
				],
			},
			'rejecting',
			'4,988 records written, 12 records rejected. That is 0.24 % of the records of the last run.',
		],
		[
			'without any run for more than two of its periods is stale',
			{ runs: good(2, 49 * HOUR) },
			'stale',
			'No run since 2026-11-25 05:10 UTC, although it is scheduled every day.',
		],
		[
			'is not stale as long as only one run is missing',
			{ runs: good(2, 47 * HOUR) },
			'healthy',
			'5 records written. 2 runs in a row succeeded.',
		],
		[
			'is not stale where it was changed, or enabled, meanwhile',
			{ flow: { updatedAt: NOW - HOUR }, runs: good(2, 9 * DAY) },
			'healthy',
			'5 records written. 2 runs in a row succeeded.',
		],
		[
			'is not stale where it only runs on demand',
			{ flow: { scheduleParams: { ...DAILY, frequency: 'once' } }, runs: good(1, 60 * DAY) },
			'healthy',
			'5 records written.',
		],
		[
			'that fails and has stopped running fails first of all',
			{ runs: bad(1, 9 * DAY), complete: false },
			'failing',
			'At least the last run failed, since 2026-11-18 06:10 UTC or longer. No run since then, although it is scheduled every day. If all runs go on failing, Adobe disables it by 2026-12-18 06:10 UTC.',
		],
		[
			'that has never run says when it will',
			{ flow: { scheduleParams: { ...DAILY, startTime: (NOW + HOUR) / 1000 } } },
			'neverRan',
			'It has never run. The next run starts at 2026-11-27 07:10 UTC.',
		],
		[
			'that has never run though it should have is stale',
			{},
			'stale',
			'It has never run, although it has been scheduled every day since 2026-10-27 06:00 UTC.',
		],
		[
			'that is for runs on demand and never ran has no next run',
			{
				flow: {
					scheduleParams: { frequency: 'once', startTime: (Date.now() + 3650 * DAY) / 1000 },
				},
			},
			'neverRan',
			'It has never run.',
		],
		[
			'is not known where Adobe shows no run, and runs were not read to the end',
			{ flow: { scheduleParams: { ...DAILY, frequency: 'once' } }, complete: false },
			'notKnown',
			'Adobe shows no run of it.',
		],
		[
			'is not known where the last run is in a state that nobody knows',
			{ flow: lastRun('dreaming', HOUR), complete: false },
			'notKnown',
			"How its last run ended is not known: it is 'dreaming'.",
		],
		[
			'that is disabled says how its last run ended',
			{ flow: { state: 'disabled' }, runs: bad(3, 40 * DAY) },
			'disabled',
			'It is disabled and does not run. Its last run failed at 2026-10-18 06:10 UTC.',
		],
		[
			'that is a draft does not run',
			{ flow: { state: 'draft' } },
			'notReady',
			"It is 'draft' and does not run.",
		],
		[
			'without a state is not known',
			{ flow: { state: undefined } },
			'notKnown',
			'Adobe shows no run of it.',
		],
	])('%s', (_what, one, health, summary) => {
		const facts = factsOfCase(one);
		expect([facts.health, summaryOfHealth(facts)]).toStrictEqual([health, summary]);
	});

	it('compares no time where Adobe does not tell its own', () => {
		const [facts] = factsOf([seen({ runs: good(1, 60 * DAY) })], undefined);
		expect(facts).toMatchObject({ health: 'healthy', isStale: false, runsPerDay: 1 });
		expect(facts?.nextRunEpochMs).toBeUndefined();
		expect(facts?.startTogether).toBeUndefined();
	});

	it('takes no run in the list for none where the list shows those of others', () => {
		const once = { scheduleParams: { ...DAILY, frequency: 'once' } };
		const [mine] = factsOf(
			[
				seen({ flow: once, complete: false }),
				seen({ flow: lastRun('success', HOUR), complete: false }, 'other'),
			],
			NOW,
		);
		expect(mine?.health).toBe('neverRan');
	});
});

describe('The next run', () => {
	it.each<[string, Raw, string | undefined]>([
		['of a daily dataflow is tomorrow', DAILY, '2026-11-28T06:00:00.000Z'],
		[
			'of an hourly one is within the hour',
			{ ...DAILY, frequency: 'hour', interval: '1' },
			'2026-11-27T07:00:00.000Z',
		],
		[
			'every 15 minutes is at the next quarter',
			{ ...DAILY, frequency: 'minute', interval: 15 },
			'2026-11-27T06:15:00.000Z',
		],
		[
			'every two weeks is counted from the start',
			{ ...DAILY, frequency: 'week', interval: 2 },
			'2026-12-08T06:00:00.000Z',
		],
		[
			'is the start where that is ahead',
			{ ...DAILY, startTime: NOW / 1000 + 60 },
			'2026-11-27T06:11:00.000Z',
		],
		['does not come where it was the only one', { ...DAILY, frequency: 'once' }, undefined],
		['is not known for a frequency that nobody knows', { ...DAILY, frequency: 'moon' }, undefined],
		['is not known without an interval', { ...DAILY, interval: undefined }, undefined],
		['is not known for an interval of nothing', { ...DAILY, interval: 0 }, undefined],
		['is not known without a start', { ...DAILY, startTime: undefined }, undefined],
	])('%s', (_what, scheduleParams, expected) => {
		const { nextRunEpochMs } = factsOfCase({ flow: { scheduleParams } });
		const shown = nextRunEpochMs === undefined ? undefined : new Date(nextRunEpochMs);
		expect(shown?.toISOString()).toBe(expected);
	});
});

describe('The share of rejected records', () => {
	it.each<[string, Raw, number | undefined]>([
		['is rounded to two digits', { inputRecordCount: 3, failedRecordCount: 1 }, 33.33],
		['is never rounded to nothing', { inputRecordCount: 1e9, failedRecordCount: 1 }, 0.01],
		['is 0 where none was rejected', { inputRecordCount: 3, failedRecordCount: 0 }, 0],
		[
			'goes by what was written where Adobe does not say what was read',
			{ outputRecordCount: 75, failedRecordCount: 25 },
			25,
		],
		['is not known without a count', { inputRecordCount: 3 }, undefined],
		[
			'is not known where nothing was read',
			{ inputRecordCount: 0, failedRecordCount: 0 },
			undefined,
		],
		[
			'is not known where the counts contradict each other',
			{ inputRecordCount: 1, failedRecordCount: 2 },
			undefined,
		],
	])('%s', (_what, counts, percent) => {
		expect(factsOfCase({ runs: [run('success', HOUR, counts)] }).rejectedPercent).toBe(percent);
	});
});

describe('Several dataflows together', () => {
	const atSource = [{ code: 'CONNECTOR-1001-500', message: 'Login failed' }];
	const ofConnection = (id: string) => ({
		inheritedAttributes: { sourceConnections: [{ baseConnection: { id } }] },
	});
	const failing = (connection: string, ago: number, errors = atSource): Case => ({
		flow: ofConnection(connection),
		runs: [run('failed', ago, {}, errors), ...good(1, ago + DAY)],
	});

	it.each<[string, Case[], Array<number | undefined>]>([
		[
			'point to the credential where they began to fail within an hour',
			[failing('sales', HOUR), failing('sales', 2 * HOUR)],
			[2, 2],
		],
		[
			'do not where one began to fail hours before',
			[failing('sales', HOUR), failing('sales', 3 * HOUR)],
			[undefined, undefined],
		],
		[
			'do not where they are of two connections',
			[failing('sales', HOUR), failing('stock', HOUR)],
			[undefined, undefined],
		],
		[
			'do not where one fails when it writes to the dataset',
			[
				failing('sales', HOUR),
				failing('sales', HOUR, [{ code: 'CONNECTOR-2001-500', message: 'No' }]),
			],
			[undefined, undefined],
		],
		[
			'do not where it is not known since when one fails',
			[failing('sales', HOUR), { ...failing('sales', HOUR), runs: bad(1, HOUR), complete: false }],
			[undefined, undefined],
		],
	])('%s', (_what, cases, expected) => {
		const facts = factsOf(
			cases.map((one, place) => seen(one, `flow ${place}`)),
			NOW,
		);
		expect(facts.map(({ failTogether }) => failTogether)).toStrictEqual(expected);
		const [warning] = facts.flatMap(warningsOf);
		if (expected[0] !== undefined)
			expect(warning).toContain('a changed or expired password is likely');
	});

	it.each<[string, Case[], number]>([
		['that are daily start together at the same minute', [{}, {}], 2],
		[
			'do not start together an hour apart',
			[{}, { flow: { scheduleParams: { ...DAILY, startTime: (START + HOUR) / 1000 } } }],
			1,
		],
		[
			'start together where one runs every 15 minutes',
			[{}, { flow: { scheduleParams: { ...DAILY, frequency: 'minute', interval: 15 } } }],
			2,
		],
		['do not count one that is disabled', [{}, { flow: { state: 'disabled' } }], 1],
		[
			'do not count one that runs once',
			[{}, { flow: { scheduleParams: { ...DAILY, frequency: 'once' } } }],
			1,
		],
	])('%s', (_what, cases, expected) => {
		const [first] = factsOf(
			cases.map((one, place) => seen(one, `flow ${place}`)),
			NOW,
		);
		expect(first?.startTogether).toBe(expected);
	});

	it('are warned of a crowded minute from eleven on, and of more than 90 batches a day', () => {
		const crowd = (count: number) =>
			factsOf(
				Array.from({ length: count }, (_flow, place) => seen({ runs: good(1) }, `flow ${place}`)),
				NOW,
			).flatMap(warningsOf);
		expect(crowd(10)).toStrictEqual([]);
		expect(new Set(crowd(11))).toStrictEqual(
			new Set(['11 dataflows start in the same minute as its next run. Spread their start times.']),
		);
		const often = (interval: number) =>
			warningsOf(
				factsOfCase({
					flow: { scheduleParams: { ...DAILY, frequency: 'minute', interval } },
					runs: good(1),
				}),
			);
		expect(often(16)).toStrictEqual([]);
		expect(often(15)).toStrictEqual([
			'It runs 96 times a day. If its dataset is enabled for Profile: Adobe advises at most 90 such batches a day for the whole sandbox.',
		]);
	});
});
