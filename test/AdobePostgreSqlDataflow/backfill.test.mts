import type { IDataObject } from 'n8n-workflow';

import { thrownBy } from '../support/connectionNode.mts';
import { outputOf, runWorkflow } from '../support/core.mts';
import { executionHints, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';
import { until } from '../support/until.mts';
import {
	BackfillScene,
	dayOf,
	days,
	DAYS,
	EVERY_DAY,
	fillDays,
	FROM,
	TO,
	totalOf,
} from './backfillScene.mts';

const RUNS = '/data/foundation/flowservice/runs';
const { ids, inScene, open } = days();

/** Each waits for what a stopped execution may have in flight, and windows come one after another. */
const PATIENCE_MS = 300_000;

describe('A backfill', () => {
	const three = { from: FROM, to: dayOf(3) };

	it.concurrent(
		'returns one item a window, and one with the sums',
		async () => {
			await inScene({}, async (scene) => {
				const items = await scene.backfill({
					...three,
					expectedCounts: [
						{ windowStart: FROM, count: '4' },
						{ windowStart: new Date(dayOf(2)), count: 5 },
					] as never,
				});
				const schema = schemaOf('AdobePostgreSqlDataflow', 'dataflow', 'run');
				for (const item of items) expectOutput(item, schema);
				const of = (json: IDataObject) => [
					json.part,
					json.window,
					json.recordsRead,
					json.recordsWritten,
					json.recordsRejected,
					json.recordsExpected,
					json.difference,
					json.action,
				];
				expect(items.map(of)).toStrictEqual([
					['window', 1, 4, 4, 0, 4, 0, 'loaded'],
					['window', 2, 4, 4, 0, 0, 4, 'loaded'],
					['window', 3, 4, 4, 0, 5, -1, 'loaded'],
					['total', undefined, 12, 12, 0, 9, 3, 'backfilled'],
				]);
				expect(items[2]).toMatchObject({
					summary: 'Window 3 of 3: 4 records written',
					windowStart: '2026-01-03T00:00:00.000Z',
					windowEnd: '2026-01-04T00:00:00.000Z',
					status: 'success',
					runId: scene.adobe.runs()[2]?.id,
					flowId: scene.flowId,
				});
				expect(totalOf(items)).toMatchObject({
					summary: '3 windows loaded, 12 records written',
					succeeded: true,
				});
				const again = await scene.backfill({ ...three, expectedCounts: 12 });
				expect(again.map(({ action }) => action)).toStrictEqual([
					'alreadyLoaded',
					'alreadyLoaded',
					'alreadyLoaded',
					'backfilled',
				]);
				expect(totalOf(again)).toMatchObject({
					summary: '3 windows loaded, 3 of them before, 12 records written',
					recordsExpected: 12,
					difference: 0,
				});
				expect(again[0]).not.toHaveProperty('recordsExpected');
				expect(scene.days()).toStrictEqual([1, 2, 3]);
			});
		},
		PATIENCE_MS,
	);

	const failing = (scene: BackfillScene, day: number) => {
		const [windowStart, windowEnd] = [dayOf(day - 1), dayOf(day)].map((at) => Date.parse(at));
		return scene.adobe.seedRun({
			flowId: scene.flowId,
			status: 'failed',
			createdAt: Date.now() - 3_600_000,
			windowStart,
			windowEnd,
		});
	};

	it.concurrent(
		'loads a window again whose run has failed before',
		async () => {
			await inScene({}, async (scene) => {
				failing(scene, 2);
				const items = await scene.backfill(three);
				expect(scene.days()).toStrictEqual([2, 1, 2, 3]);
				expect(totalOf(items)).toMatchObject({ windowsLoaded: 3, recordsWritten: 12 });
			});
		},
		PATIENCE_MS,
	);

	describe('of which the second day can’t be written', () => {
		const withBrokenDay = async (
			test: (scene: BackfillScene, repair: () => Promise<unknown>) => Promise<void>,
		) => {
			const own = await makeScratchDatabase();
			await fillDays(own);
			await own.owner.query("update days set score = 'NaN' where id = 6");
			const scene = await BackfillScene.open(own, {}, ['score']);
			try {
				await test(scene, async () => await own.owner.query('update days set score = 2'));
			} finally {
				await scene.adobe.close();
				await own.drop();
			}
		};
		const upTo12 = Array.from({ length: 12 }, (_, index) => index + 1);

		it.concurrent(
			'stops there, and continues there when it is executed again',
			async () => {
				await withBrokenDay(async (scene, repair) => {
					const thrown = await thrownBy(async () => await scene.backfill(three));
					expect(thrown.message).toBe(
						'The backfill stopped at window 2 of 3: The run of the dataflow failed [item 0]',
					);
					expect(thrown.description).toMatch(/Writing to the dataset: .*1 record/);
					expect(thrown.description).toContain('1 window loaded, 4 records written.');
					expect(thrown.context.data).toMatchObject({ runId: scene.adobe.runs()[1]?.id });
					await repair();
					const items = await scene.backfill(three);
					expect(scene.days()).toStrictEqual([1, 2, 2, 3]);
					expect(await scene.ids()).toStrictEqual(upTo12);
					expect(totalOf(items)).toMatchObject({ windowsAlreadyLoaded: 1, windowsLoaded: 2 });
				});
			},
			PATIENCE_MS,
		);

		it.concurrent(
			'goes on behind it where that is wanted, and says so',
			async () => {
				await withBrokenDay(async (scene, repair) => {
					const wanted = {
						...three,
						expectedCounts: 12,
						options: { continueAfterFailedWindow: true },
					};
					const items = await scene.backfill(wanted);
					expect(items.map(({ status, action }) => [status, action])).toStrictEqual([
						['success', 'loaded'],
						['failed', 'failed'],
						['success', 'loaded'],
						['failed', 'backfilled'],
					]);
					expect(items[1]?.summary).toContain('Window 2 of 3: The run failed');
					expect(totalOf(items)).toMatchObject({
						summary: '2 windows loaded, 1 failed, 8 records written',
						succeeded: false,
						recordsWritten: 8,
						recordsExpected: 12,
						difference: -4,
						windowsFailed: 1,
					});
					await repair();
					const again = await scene.backfill(wanted);
					expect(scene.days()).toStrictEqual([1, 2, 3, 2]);
					expect(await scene.ids()).toStrictEqual(upTo12);
					expect(totalOf(again)).toMatchObject({ windowsLoaded: 1, difference: 0 });
				});
			},
			PATIENCE_MS,
		);
	});

	it.concurrent(
		'waits for a run in progress of which it is not known what it loads',
		async () => {
			await inScene({ scheduledMs: 2_000 }, async (scene) => {
				const one = { operation: 'run', load: 'window', windowStart: FROM, windowEnd: dayOf(1) };
				const parameters = scene.parameters({ ...one, waitForCompletion: false });
				await scene.backfill(parameters);
				const items = await scene.backfill(three);
				expect(scene.days()).toStrictEqual([1, 2, 3]);
				expect(totalOf(items)).toMatchObject({ windowsAlreadyLoaded: 1, windowsLoaded: 2 });
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'waits for a run that lists show late, where Adobe allows only one',
		async () => {
			const options = { listLagMs: 23_000, concurrentRuns: 'refused' } as const;
			await inScene(options, async (scene) => {
				const { adobe, flowId } = scene;
				const windowEnd = Date.parse('2025-01-02T00:00:00Z');
				const backfilled = scene.backfill(three);
				await until(() => adobe.journal.length > 3);
				const { id } = adobe.seedRun({
					flowId,
					status: 'inProgress',
					windowStart: windowEnd - 1_000,
					windowEnd,
				});
				await until(() => adobe.journal.some(({ path }) => path.endsWith(id)), 120_000);
				adobe.updateRun(id, { status: 'success', outputRecordCount: 1 });
				expect(totalOf(await backfilled)).toMatchObject({ windowsLoaded: 3, recordsWritten: 12 });
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'says in a hint which windows differ from what was expected',
		async () => {
			await inScene({}, async (scene) => {
				const expectedCounts = [{ windowStart: FROM, count: 4 }];
				const wanted = scene.parameters({ ...three, expectedCounts } as never);
				const { hints } = await executionHints(wireDataflowNode(scene.adobe, wanted));
				expect(hints).toStrictEqual([
					expect.stringMatching(
						/^The records written differ from 'Expected Counts' by 8 in '.+'\. It is in window 2, 3\.$/,
					),
				]);
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'goes on with n8n’s Retry On Fail where one try has stopped',
		async () => {
			await inScene({}, async (scene) => {
				scene.adobe.addFault({ method: 'POST', path: RUNS, kind: 'status', status: 403, skip: 1 });
				const wired = wireDataflowNode(scene.adobe, scene.parameters(three), { retryOnFail: true });
				const run = await runWorkflow(wired);
				expect(scene.days()).toStrictEqual([1, 2, 3]);
				const items = outputOf(run, wired.node.name).map(({ json }) => json);
				expect(totalOf(items)).toMatchObject({ windowsAlreadyLoaded: 1, windowsLoaded: 2 });
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'leaves a span to another execution that is loading it',
		async () => {
			await inScene({ scheduledMs: 700 }, async (scene) => {
				const wanted = { from: FROM, to: TO };
				const first = scene.backfill(wanted);
				await until(() => scene.adobe.runs().length === 2, 120_000);
				const thrown = await thrownBy(async () => await scene.backfill(wanted));
				expect(thrown.message).toContain('Something else loads the same span at the same time');
				expect(totalOf(await first)).toMatchObject({ windowsLoaded: DAYS });
				expect(scene.days()).toStrictEqual(EVERY_DAY);
				expect(await scene.ids()).toStrictEqual(ids());
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'refuses a span of which another run has loaded a part',
		async () => {
			await inScene({}, async (scene) => {
				const { adobe, flowId } = scene;
				const windowStart = Date.parse(dayOf(1)) + 3_600_000;
				const { id } = adobe.seedRun({
					flowId,
					status: 'success',
					createdAt: Date.now() - 3_600_000,
					outputRecordCount: 7,
					windowStart,
					windowEnd: Date.parse(dayOf(2)),
				});
				const thrown = await thrownBy(async () => await scene.backfill(three));
				expect(thrown.message).toContain('Another run has already loaded a part of the span');
				expect(thrown.description).toContain(id);
				expect(thrown.description).toContain('2026-01-02T01:00:00.000Z');
				expect(scene.adobe.runs()).toHaveLength(1);
				const ignoreRunsBefore = new Date(Date.now() - 60_000).toISOString();
				const items = await scene.backfill({ ...three, options: { ignoreRunsBefore } });
				expect(totalOf(items)).toMatchObject({ windowsLoaded: 3 });
				const again = await scene.backfill({ ...three, options: { ignoreRunsBefore } });
				expect(totalOf(again)).toMatchObject({ windowsLoaded: 0, windowsAlreadyLoaded: 3 });
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'refuses to guess what a run has loaded whose window is not shown',
		async () => {
			await inScene({ timesInGet: 'absent' }, async (scene) => {
				const { adobe, flowId } = scene;
				const { id } = adobe.seedRun({ flowId, status: 'success', outputRecordCount: 7 });
				const thrown = await thrownBy(async () => await scene.backfill(three));
				expect(thrown.message).toContain('Adobe does not show the window of an earlier run');
				expect(thrown.description).toContain(id);
				expect(scene.adobe.runs()).toHaveLength(1);
			});
		},
		PATIENCE_MS,
	);

	it.concurrent(
		'ends with Maximum Wait per Window, and names the run',
		async () => {
			await inScene({ runDurationMs: 60_000 }, async (scene) => {
				const thrown = await thrownBy(
					async () => await scene.backfill({ ...three, maxWaitPerWindow: 0.3 }),
				);
				expect(thrown.message).toContain(
					"The backfill stopped at window 1 of 3: The run is still 'inProgress'",
				);
				expect(thrown.description).toContain("Raise 'Maximum Wait per Window'");
				expect(thrown.description).toContain(scene.adobe.runs()[0]?.id);
			});
		},
		PATIENCE_MS,
	);

	describe('refuses', () => {
		let scene: BackfillScene;

		beforeAll(async () => {
			scene = await open();
		});

		afterAll(async () => {
			await scene.adobe.close();
		});

		it.each<[string, Record<string, unknown>, string]>([
			['no start', { from: '' }, "'From' is empty"],
			[
				'a start in the future',
				{ from: '2199-01-01T00:00:00Z', to: '' },
				"'From' is in the future",
			],
			['an end in the future', { to: '2199-01-01T00:00:00Z' }, "'To' is in the future"],
			['a span without time', { to: FROM }, "'To' must be later than 'From'"],
			['an end before the start', { to: dayOf(-1) }, "'To' must be later than 'From'"],
			[
				'more windows than are sensible',
				{ from: '2024-01-01T00:00:00Z', windowUnit: 'hours' },
				"'Window Length' is too short: a backfill has at most 1,000 windows",
			],
			[
				'a span in which no window is over',
				{ from: new Date(Date.now() - 3_600_000).toISOString(), to: '' },
				"Not one window has passed since 'From'",
			],
			['windows of no length', { windowLength: 0 }, "'Window Length' is not a whole number"],
			['half a day', { windowLength: 0.5 }, "'Window Length' is not a whole number"],
			['another unit', { windowUnit: 'weeks' }, "'Window Unit' has a value that does not exist"],
			['no waiting', { maxWaitPerWindow: 0 }, "'Maximum Wait per Window' is not a number"],
			[
				'a count that is none',
				{ expectedCounts: '-1' },
				"'Expected Counts' is neither a number nor a list of windows",
			],
			[
				'a count without a window',
				{ expectedCounts: '[{ "count": 1 }]' },
				"'Expected Counts' is neither a number nor a list of windows",
			],
			[
				'a count for a time within a window',
				{ expectedCounts: '[{ "windowStart": "2026-01-01T01:00:00Z", "count": 1 }]' },
				"'Expected Counts' has a count for a time at which no window starts",
			],
			[
				'two counts for a window',
				{
					expectedCounts: `[{ "windowStart": "${FROM}", "count": 1 }, { "windowStart": "${FROM}", "count": 1 }]`,
				},
				"'Expected Counts' has two counts for the same window",
			],
		])('%s', async (_what, parameters, message) => {
			const { adobe } = scene;
			adobe.journal.length = 0;
			const thrown = await thrownBy(
				async () => await scene.backfill({ to: TO, ...parameters } as never),
			);
			expect(thrown.message).toContain(message);
			expect(adobe.journal).toStrictEqual([]);
		});
	});
});
