import { getResource, listResources } from '../../nodes/adobe/collection.ts';
import type { Run } from '../../nodes/adobe/runModel.ts';
import { endOf, hasRejections, RUN } from '../../nodes/adobe/runModel.ts';
import { explainByCode, RUN_ERRORS } from '../../nodes/adobe/errors/errorCatalogue.ts';
import { waitForRun } from '../../nodes/adobe/waitFor.ts';
import { runOutput, summaryOf } from '../../nodes/outputs/run.ts';
import { fakeClient, ODD_BODIES, refusal } from './client.mts';

const read = (raw: Record<string, unknown>): Run => RUN.read({ id: 'run-1', raw });
const withStatus = (status: string, more: object = {}): Run =>
	read({ metrics: { statusSummary: { status }, ...more } });

/** The members of a run as flow-service.md 5.5 shows them, with a nested reason. */
const PARTLY = {
	id: 'run-1',
	flowId: 'flow-1',
	createdAt: 1_596_656_079_576,
	updatedAt: 1_596_656_113_526,
	eTag: '"1"',
	metrics: {
		durationSummary: { startedAtUTC: 1_596_656_058_198, completedAtUTC: 1_596_656_113_306 },
		sizeSummary: { inputBytes: -1, outputBytes: 17_128 },
		recordSummary: { inputRecordCount: 100, outputRecordCount: 99, failedRecordCount: 1 },
		fileSummary: { inputFileCount: 1, outputFileCount: 1 },
		statusSummary: {
			status: 'success',
			errors: [{ code: 'CONNECTOR-2001-500', message: 'Error occurred at promotion activity.' }],
		},
	},
	activities: [
		{
			id: 'copyActivity',
			durationSummary: {
				extensions: { windowStart: 1_596_653_708_000, windowEnd: 1_596_655_508_000 },
			},
			statusSummary: { status: 'success' },
		},
		{
			id: 'promotionActivity',
			statusSummary: {
				status: 'success',
				errors: [{ code: 'CONNECTOR-2001-500', message: 'Error occurred at promotion activity.' }],
				extensions: {
					errors: [
						{ code: 'INGEST-1212-400', message: 'Some records were left out' },
						{ code: 'MAPPER-3700-400', recordCount: 1, message: 'Mapper Transform Error' },
					],
				},
			},
		},
	],
};

const HOUR_MS = 3_600_000;
const PLACE = { platformOrigin: 'https://platform.adobe.io', sandboxName: 'dev' };

describe('A run', () => {
	it.each([
		['scheduled', 'scheduled', undefined, false],
		['QUEUED', 'scheduled', undefined, false],
		['inProgress', 'inProgress', undefined, false],
		['IN_PROGRESS', 'inProgress', undefined, false],
		['success', 'success', 'success', false],
		['Success', 'success', 'success', false],
		['COMPLETED', 'success', 'success', false],
		['PARTIAL_SUCCESS', 'success', 'success', true],
		['Failed', 'failed', 'failed', false],
		['PARTIAL_FAILURE', 'failed', 'failed', true],
		['constructor', undefined, undefined, false],
		['cancelled', undefined, undefined, false],
	])('that Adobe calls %s is %s', (word, status, end, partial) => {
		const run = withStatus(word);
		expect([run.status, run.statusWord, endOf(run), run.partial]).toStrictEqual([
			status,
			word,
			end,
			partial,
		]);
	});

	it('that is over, in a state nobody knows, has not succeeded', () => {
		const durationSummary = { completedAtUTC: 5 };
		expect(endOf(withStatus('cancelled', { durationSummary }))).toBe('failed');
		expect(endOf(withStatus('inProgress', { durationSummary }))).toBeUndefined();
		expect(endOf(read({}))).toBeUndefined();
	});

	it('is put out with every error once, those of its activities with their names', () => {
		const output = runOutput(PLACE, read(PARTLY));
		expect(output).toMatchObject({
			summary:
				'99 records written, 1 record rejected. Writing to the dataset: Mapper Transform Error (MAPPER-3700-400, 1 record)',
			succeeded: true,
			hasRejectedRecords: true,
			recordsRead: 100,
			recordsWritten: 99,
			recordsRejected: 1,
			bytesWritten: 17_128,
			durationSeconds: 55,
			windowStart: '2020-08-05T18:55:08.000Z',
			windowEnd: '2020-08-05T19:25:08.000Z',
		});
		expect(output).not.toHaveProperty('bytesRead');
		expect((output.errors as Array<{ text: string }>).map(({ text }) => text)).toStrictEqual([
			// The cause first; those that only say that something failed last.
			'Writing to the dataset: Mapper Transform Error (MAPPER-3700-400, 1 record)',
			'Writing to the dataset: Some records were left out (INGEST-1212-400)',
			'Writing to the dataset: Error occurred at promotion activity (CONNECTOR-2001-500)',
		]);
		expect(read(PARTLY).etag).toBe('"1"');
	});

	it('tells in the newer form what the backend said, once each, by the names of its activities', () => {
		const run = read({
			metrics: {
				recordSummary: { failedInfo: [{ code: '2200', message: 'Copy failed' }] },
				statusSummary: { status: 'partialSuccess', errors: [{ code: 'A', message: 'General' }] },
			},
			activities: [
				{
					id: '4f008a00-3a04-11eb-adc1-0242ac120002',
					name: 'PostgreSQL Copy Activity',
					statusSummary: {
						extensions: {
							errorDetail:
								"ErrorCode=NetworkIssue,'Type=Some.Exception,Message=Meet network issue, at once,Source=Some.Client,'",
							errors: [{ code: '2200', message: 'Copy failed', recordCount: '3' }],
						},
					},
				},
			],
		});
		expect([run.status, run.partial]).toStrictEqual(['success', true]);
		expect(run.errors.map(({ text }) => text)).toStrictEqual([
			// The backend's own words are the cause.
			'PostgreSQL Copy Activity: Meet network issue, at once (NetworkIssue)',
			'PostgreSQL Copy Activity: Copy failed (2200, 3 records)',
			'General (A)',
		]);
	});

	const failedCopy = (errorDetail: unknown, more: object = {}) =>
		read({
			metrics: {
				recordSummary: { failedInfo: [{ code: '2200', message: 'The copy failed' }] },
				statusSummary: {
					status: 'failed',
					errors: [{ code: 'CONNECTOR-1001-500', message: 'Error occurred at copy activity.' }],
				},
			},
			activities: [{ id: 'copyActivity', statusSummary: { extensions: { errorDetail, ...more } } }],
		});
	const detailOf = (...messages: string[]) =>
		`ErrorCode=UserErrorOdbcOperationFailed,${messages
			.map((message) => `'Type=Some.Exception,Message=${message},Source=Some.Client,'`)
			.join('')}`;

	it.each<[string, string, string]>([
		[
			'one exception',
			detailOf('the source has no field first_name'),
			'the source has no field first_name',
		],
		[
			'the inner one of two',
			detailOf('The query failed.', 'ERROR [42703] column "first_name" does not exist'),
			'ERROR [42703] column "first_name" does not exist',
		],
		[
			'the one that says more',
			detailOf('Failed: no route to host', 'no route to host'),
			'Failed: no route to host',
		],
		['the same said twice', detailOf('no route to host', 'no route to host'), 'no route to host'],
		['a plain sentence', 'the table is gone', 'the table is gone'],
		[
			'one that is cut off',
			"ErrorCode=X,'Type=Some.Exception,Message=the table is gone",
			'the table is gone',
		],
	])('has as its cause what the backend said: %s', (_what, errorDetail, message) => {
		const run = failedCopy(errorDetail, { errors: [{ code: '2200', message: 'The copy failed' }] });
		expect(run.errors[0]).toMatchObject({ activity: 'copyActivity', message });
		// What only says that something failed is last, and nothing is said twice.
		expect(run.errors.at(-1)?.code).toBe('CONNECTOR-1001-500');
		const texts = run.errors.map(({ message: said }) => said);
		expect(new Set(texts).size).toBe(texts.length);
		expect(runOutput(PLACE, run)).toMatchObject({
			summary: expect.stringContaining(message),
		});
	});

	it('names another cause first where the backend has no words for it', () => {
		const vague = failedCopy(detailOf('An unknown error occurred'));
		expect(vague.errors.map(({ message }) => message)).toStrictEqual([
			'The copy failed',
			'An unknown error occurred',
			'Error occurred at copy activity.',
		]);
	});

	it('masks passwords in the words of the backend, and cuts what is too long between two words', () => {
		const secret = failedCopy(detailOf('login failed: Server=db;UID=ana;PWD=hunter2hunter2;'));
		expect(JSON.stringify(secret.errors)).not.toContain('hunter2');
		const long = failedCopy(`the statement was: ${'select_column, '.repeat(500)}`);
		const [cause] = long.errors;
		expect(cause?.message.length).toBeLessThanOrEqual(1_002);
		expect(cause?.message).toMatch(/^the statement was: .*select_column, …$/);
		const oneWord = 'x'.repeat(1_500);
		expect(failedCopy(oneWord).errors[0]?.message).toBe(oneWord);
	});

	it('is read where Adobe spells its activities as its API description does', () => {
		const { activities, ...rest } = PARTLY;
		expect(read({ ...rest, activites: activities }).errors).toStrictEqual(read(PARTLY).errors);
	});

	it('keeps what it says itself and no activity repeats, numbers as codes, and nested reasons', () => {
		const errors = [
			{ code: 1001, message: 'Outer', extensions: { errors: [{ message: 'Inner.' }] } },
			{ code: '', message: ' ' },
			null,
			'text',
		];
		expect(read({ metrics: { statusSummary: { status: 'failed', errors } } }).errors).toStrictEqual(
			[
				{ activity: undefined, code: '1001', message: 'Outer', text: 'Outer (1001)' },
				{ activity: undefined, code: undefined, message: 'Inner.', text: 'Inner' },
			],
		);
	});

	it.each([
		['scheduled', 'The run has not started yet'],
		['inProgress', 'The run is in progress'],
		['failed', 'The run failed'],
		['success', 'The run succeeded'],
		['cancelled', "The run is 'cancelled'"],
	])('says in one sentence what became of it: %s', (status, summary) => {
		expect(summaryOf(withStatus(status))).toBe(summary);
	});

	it('that is called partly successful has rejections even when Adobe counts none', () => {
		const run = withStatus('PARTIAL_SUCCESS');
		expect(hasRejections(run)).toBe(true);
		expect(summaryOf(run)).toBe('The run succeeded, with errors');
	});

	it.each<[string, unknown]>([
		['numbers', 5],
		['texts', 'x'],
		['null', null],
		['lists', [[5]]],
		['empty objects', {}],
		['prototype keys', JSON.parse('{"__proto__":{"status":"failed"}}')],
	])('is read without a stumble where its members are %s', (_what, odd) => {
		const raws = [
			{ metrics: odd, activities: odd, createdAt: odd, flowId: odd },
			{
				metrics: { statusSummary: odd, durationSummary: odd, recordSummary: odd, sizeSummary: odd },
				activities: [odd, { id: odd, statusSummary: odd, durationSummary: { extensions: odd } }],
			},
			{ metrics: { statusSummary: { errors: odd, extensions: { errors: odd } } } },
		];
		for (const raw of raws) {
			expect(endOf(read(raw))).toBeUndefined();
			expect(runOutput(PLACE, read(raw))).toMatchObject({ runId: 'run-1', sandboxName: 'dev' });
		}
	});
});

describe('Adobe’s answers about runs', () => {
	it.each(ODD_BODIES)('that are %s are not taken for runs', async (_what, body) => {
		await expect(getResource(fakeClient({ body }), RUN, 'run-1')).rejects.toThrow(/does not know/);
		await expect(listResources(fakeClient({ body }), RUN, { limit: 5 })).rejects.toThrow(
			/does not know/,
		);
	});
});

describe('Waiting for a run', () => {
	const as = (status: string) => ({ body: { items: [{ id: 'run-1', state: status }] } });

	it('asks again, less and less often, until it has ended', async () => {
		const client = fakeClient(as('scheduled'), as('inProgress'), as('inProgress'), as('success'));
		expect(await waitForRun(() => client, 'run-1', HOUR_MS)).toMatchObject({ status: 'success' });
		expect(client.pauses).toStrictEqual([500, 750, 1_125]);
	});

	it('ends when the time is up, with the last state in the message and the run in the details', async () => {
		const client = fakeClient(as('inProgress'));
		let now = 0;
		const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 5_000));
		await expect(waitForRun(() => client, 'run-1', HOUR_MS)).rejects.toMatchObject({
			message: "The run is still 'inProgress' after 60 minutes",
			description: expect.stringContaining('The run run-1 continues at Adobe'),
			details: { runId: 'run-1' },
		});
		clock.mockRestore();
		expect(Math.max(...client.pauses)).toBe(15_000);
	});
});

describe('A refusal to start a run', () => {
	it('that is not known stays as it came', async () => {
		const client = fakeClient(refusal('FLOW-9999-400'));
		const error = await client
			.request({ method: 'POST', path: ['runs'], operation: 'x', permission: 'Manage Sources' })
			.catch((caught: unknown) => caught);
		expect(explainByCode(error, RUN_ERRORS)).toBe(error);
		const other = new Error('another');
		expect(explainByCode(other, RUN_ERRORS)).toBe(other);
	});
});
