import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { connectionStringOf, sharedAdobe, startAdobe, withAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import type { ScratchDatabase } from '../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';

const RUNS = '/data/foundation/flowservice/runs';
const RUN = `${RUNS}/{id}`;
const FIELDS = {
	id: 'integer',
	email: 'string',
	score: 'number',
	updated_at: 'date-time',
} as const;

describe('Run Now', () => {
	const adobe = sharedAdobe({ runDurationMs: 20, scheduledMs: 10 });
	let database: ScratchDatabase;
	let flowId: string;
	let dataSetId: string;

	beforeAll(async () => {
		database = await makeScratchDatabase();
	});

	afterAll(async () => {
		await database.drop();
	});

	beforeEach(async () => {
		adobe.reset();
		await database.owner.query(`
			drop table if exists people;
			create table people (id int, email text, score numeric, updated_at timestamptz);
			grant select on people to public;
		`);
		[flowId, dataSetId] = await makeFlow();
		adobe.journal.length = 0;
	});

	/** A dataflow that was scheduled once and has not run yet. */
	async function makeFlow(
		name = 'People',
		options: INodeParameters = {},
		required: string[] = [],
	): Promise<[flowId: string, dataSetId: string]> {
		const source = {
			authMode: 'connectionString',
			connectionString: connectionStringOf({ ...adobe.postgres, database: database.name }),
		};
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', name: 'People' },
			{ source },
		);
		const { id } = adobe.addDataSet({ name: 'People', fields: FIELDS, required });
		const [flow] = await runDataflowNode(adobe, {
			operation: 'create',
			name,
			connectionId: String(made?.json.connectionId),
			table: 'public.people',
			dataset: id,
			options,
		});
		return [String(flow?.json.flowId), id];
	}

	const insert = async (first: number, last: number, score = '1.5') =>
		await database.owner.query(
			"insert into people select n, 'p' || n || '@example.com', $3, now() - interval '1 second' from generate_series($1::int, $2::int) n",
			[first, last, score],
		);

	const runNow = async (parameters: INodeParameters = {}): Promise<IDataObject> =>
		(await runDataflowNode(adobe, { operation: 'run', flowId, ...parameters }))[0]?.json ?? {};

	const andWait = { waitForCompletion: true };
	const firstTime = { ...andWait, deltaColumn: 'updated_at' };
	const ids = async () =>
		(await adobe.lakeRows(dataSetId))
			.map((row) => Number(fieldOf(row, 'id')))
			.sort((a, b) => a - b);
	const upTo = (first: number, last: number) =>
		Array.from({ length: last - first + 1 }, (_, index) => first + index);

	it('takes everything in at first, and then exactly the rows that are new', async () => {
		await insert(1, 30);
		const first = await runNow(firstTime);
		expect(first).toMatchObject({
			flowId,
			status: 'success',
			action: 'started',
			deltaColumn: 'updated_at',
			summary: '30 records written',
			succeeded: true,
			hasRejectedRecords: false,
			recordsRead: 30,
			recordsWritten: 30,
			recordsRejected: 0,
			flowName: 'People',
			windowStart: '1970-01-01T00:00:00.000Z',
			windowEnd: expect.any(String),
			errors: [],
		});
		expect(await ids()).toStrictEqual(upTo(1, 30));

		await new Promise((resolve) => setTimeout(resolve, 2_100));
		await insert(31, 35);
		const second = await runNow(andWait);
		expect(second).toMatchObject({ status: 'success', recordsWritten: 5 });
		expect(second.windowStart).toBe(first.windowEnd);
		expect(await ids()).toStrictEqual(upTo(1, 35));

		const third = await runNow(andWait);
		expect(third).toMatchObject({ status: 'success', recordsWritten: 0 });
		expect(await ids()).toStrictEqual(upTo(1, 35));
	}, 30_000);

	describe('with Overlap', () => {
		const overlap = (minutes: unknown) => ({ options: { overlap: minutes } }) as INodeParameters;
		const startOf = (json: IDataObject) => Date.parse(String(json.windowStart));
		const endOf = (json: IDataObject) => Date.parse(String(json.windowEnd));

		it('reaches back behind the end of the last run, and takes a late row in', async () => {
			const first = await runNow(firstTime);
			await database.owner.query(
				"insert into people values (1, 'late@example.com', 1, now() - interval '90 seconds')",
			);
			const second = await runNow({ ...andWait, ...overlap(2) });
			expect(startOf(second)).toBe(endOf(first) - 120_000);
			expect(await ids()).toStrictEqual([1]);
			const third = await runNow({ ...andWait, ...overlap(0) });
			expect(startOf(third)).toBe(endOf(second));
		});

		it('has nothing to reach back from at the first run', async () => {
			const first = await runNow({ ...firstTime, ...overlap(5) });
			expect(startOf(first)).toBe(0);
		});

		it.each<[string, unknown, string]>([
			['less than nothing', -1, "'Overlap' is not a whole number from 0 to 527040"],
			['half a minute', 0.5, "'Overlap' is not a whole number from 0 to 527040"],
			['more than a year', 600_000, "'Overlap' is not a whole number from 0 to 527040"],
			['an expression that gives nothing', '={{ null }}', "'Overlap' has no value"],
		])('refuses %s', async (_case, minutes, message) => {
			const thrown = await thrownBy(
				async () => await runNow({ ...firstTime, ...overlap(minutes) }),
			);
			expect(thrown.message).toContain(message);
			expect(requestsBy(adobe, 'POST')).toStrictEqual([]);
		});

		it('refuses a start beside it, which would be ignored', async () => {
			const windowStart = '2026-01-01T00:00:00Z';
			const thrown = await thrownBy(
				async () => await runNow({ ...firstTime, windowStart, ...overlap(5) }),
			);
			expect(thrown.message).toContain("'Overlap' is for a window that begins where the last one");
		});
	});

	it('goes back behind a run that failed, so that its rows are not lost', async () => {
		[flowId, dataSetId] = await makeFlow('Strict', {}, ['score']);
		await insert(1, 3);
		const good = await runNow(firstTime);
		await new Promise((resolve) => setTimeout(resolve, 2_100));
		await insert(4, 5, 'NaN');
		const thrown = await thrownBy(async () => await runNow(andWait));
		expect(thrown.message).toBe('The run of the dataflow failed [item 0]');
		await database.owner.query("update people set score = 2 where score = 'NaN'");
		const again = await runNow(andWait);
		expect(again.windowStart).toBe(good.windowEnd);
		expect(await ids()).toStrictEqual(upTo(1, 5));
	}, 30_000);

	it('with wait makes an error of a run that failed, with the run and every reason', async () => {
		[flowId, dataSetId] = await makeFlow('Strict', {}, ['score']);
		await insert(1, 3);
		await insert(4, 5, 'NaN');
		const thrown = await thrownBy(async () => await runNow(firstTime));
		const [run] = adobe.runs();
		expect(thrown.message).toBe('The run of the dataflow failed [item 0]');
		expect(thrown.description).toContain(`the run ${run?.id}`);
		expect(thrown.description).toMatch(/Writing to the dataset: .*2 records/);
		expect(thrown.description).toContain('operation Retry');
		expect(thrown.context.data).toMatchObject({ runId: run?.id, code: 'MAPPER-3700-400' });
		expect(await ids()).toStrictEqual([]);
	});

	it('with wait tells of the records that a successful run has rejected', async () => {
		[flowId, dataSetId] = await makeFlow('Tolerant', { partialIngestionPercent: 50 }, ['score']);
		await insert(1, 3);
		await insert(4, 5, 'NaN');
		const item = await runNow(firstTime);
		expect(item).toMatchObject({
			status: 'success',
			succeeded: true,
			hasRejectedRecords: true,
			recordsRead: 5,
			recordsWritten: 3,
			recordsRejected: 2,
		});
		const { summary } = item;
		expect(summary).toMatch(
			/^3 records written, 2 records rejected\. Writing to the dataset: .*score.*2 records/,
		);
		expect(item.errors).toContainEqual(
			expect.objectContaining({ activity: 'promotionActivity', recordCount: 2 }),
		);
		expect(await ids()).toStrictEqual([1, 2, 3]);
	});

	it('without wait puts the run out at once, with the window that was asked for', async () => {
		const item = await runNow({
			deltaColumn: 'updated_at',
			windowStart: '2026-01-01T00:00:00Z',
			windowEnd: '2026-02-01T00:00:00Z',
		});
		expect(item).toMatchObject({
			flowId,
			action: 'started',
			windowStart: '2026-01-01T00:00:00.000Z',
			windowEnd: '2026-02-01T00:00:00.000Z',
		});
		expect(['scheduled', 'inProgress', 'success']).toContain(item.status);
		const [sent] = requestsBy(adobe, 'POST');
		expect(JSON.parse(sent?.body ?? '')).toStrictEqual({
			flowId,
			params: {
				startTime: expect.stringMatching(/^\d{10}$/),
				windowStartTime: '1767225600',
				windowEndTime: '1769904000',
				deltaColumn: { name: 'updated_at' },
			},
		});
	});

	it.each(['items', 'bare', 'full'] as const)('reads the answer of the form %s', async (form) => {
		const other = await startAdobe({ runCreateAnswer: form });
		try {
			const [made] = await runConnectionNode(other, { operation: 'create', name: 'Sales' });
			const [flow] = other.markInUse(String(made?.json.connectionId), ['Orders']);
			const [item] = await runDataflowNode(other, {
				operation: 'run',
				flowId: flow?.id ?? '',
				deltaColumn: 'updated_at',
			});
			expect(item?.json.runId).toBe(other.runs()[0]?.id);
		} finally {
			await other.close();
		}
	});

	it.each<[string, INodeParameters, string]>([
		[
			'a window that ends before it starts',
			{ windowStart: '2026-02-01', windowEnd: '2026-01-01' },
			"'Window End' is before 'Window Start'",
		],
		['no time', { windowStart: 'yesterday' }, "'Window Start' is not a date and time"],
		['no ID', { flowId: 'My people' }, "'Dataflow' needs an ID, not a name"],
		['neither true nor false', { waitForCompletion: 'maybe' }, 'is neither true nor false'],
	])('refuses %s before it starts anything', async (_what, parameters, says) => {
		const thrown = await thrownBy(async () => await runNow(parameters));
		expect(thrown.message).toContain(says);
		expect(thrown.description).not.toBe('');
		expect(adobe.runs()).toHaveLength(0);
	});

	it('refuses another delta column than that of the first run, and names it', async () => {
		await runNow(firstTime);
		const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'id' }));
		expect(thrown.message).toBe(
			"This dataflow runs by the delta column 'updated_at', not by 'id' [item 0]",
		);
		expect(adobe.runs()).toHaveLength(1);
	});

	it.each(['texts', 'dates'] as const)(
		'goes on behind the last run where Adobe shows its window as %s',
		async (timesInGet) => {
			await withAdobe({ timesInGet, runDurationMs: 20, scheduledMs: 10 }, async (other) => {
				const [made] = await runConnectionNode(other, { operation: 'create', name: 'Sales' });
				const [flow] = other.markInUse(String(made?.json.connectionId), ['Orders']);
				const windowEnd = Date.parse('2026-11-01T00:00:00Z');
				other.seedRun({ flowId: flow?.id ?? '', status: 'success', windowEnd });
				await runDataflowNode(other, {
					operation: 'run',
					flowId: flow?.id ?? '',
					deltaColumn: 'updated_at',
				});
				const [sent] = requestsBy(other, 'POST').slice(-1);
				expect(JSON.parse(sent?.body ?? '')).toMatchObject({
					params: { windowStartTime: String(windowEnd / 1000) },
				});
			});
		},
	);

	it('asks for Window Start where Adobe does not show the window of a run that succeeded', async () => {
		await withAdobe({ timesInGet: 'absent' }, async (other) => {
			const [made] = await runConnectionNode(other, { operation: 'create', name: 'Sales' });
			const [flow] = other.markInUse(String(made?.json.connectionId), ['Orders']);
			const run = other.seedRun({ flowId: flow?.id ?? '', status: 'success' });
			const parameters = { operation: 'run', flowId: flow?.id ?? '', deltaColumn: 'updated_at' };
			const thrown = await thrownBy(async () => await runDataflowNode(other, parameters));
			expect(thrown.message).toContain("'Window Start' is needed");
			expect(thrown.description).toContain(run.id);
			expect(other.runs()).toHaveLength(1);
			await runDataflowNode(other, { ...parameters, windowStart: '2026-11-01' });
			expect(other.runs()).toHaveLength(2);
		});
	});

	it('asks for Window Start where the newest of several runs does not show its window', async () => {
		adobe.seedRun({ flowId, status: 'success', createdAt: Date.now() - 120_000 });
		const createdAt = Date.now() - 60_000;
		const newest = adobe.seedRun({ flowId, status: 'success', createdAt, windowEnd: 0 });
		const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'updated_at' }));
		expect(thrown.message).toContain("'Window Start' is needed");
		expect(thrown.description).toContain(newest.id);
	});

	it('goes on behind a run that is newer than one without a window', async () => {
		const createdAt = Date.now() - 120_000;
		adobe.seedRun({ flowId, status: 'success', createdAt, windowEnd: 0 });
		const windowEnd = Date.now() - 60_000;
		adobe.seedRun({ flowId, status: 'success', createdAt: windowEnd, windowEnd });
		const item = await runNow({ deltaColumn: 'updated_at' });
		const start = new Date(Math.floor(windowEnd / 1000) * 1000).toISOString();
		expect(item.windowStart).toBe(start);
	});

	it.each([
		['is none', 'nope', "The table has no column 'nope' ('Delta Column')", 'updated_at'],
		[
			'has no time',
			'email',
			"'Delta Column' must be a date-time column; 'email' is not",
			'updated_at',
		],
	])(
		'at first looks whether the delta column %s, since Adobe would keep it for ever',
		async (_case, column, says, names) => {
			const thrown = await thrownBy(async () => await runNow({ deltaColumn: column }));
			expect(thrown.message).toContain(says);
			expect(thrown.description).toContain(names);
			expect(thrown.description).toContain('No run was started');
			expect(adobe.runs()).toHaveLength(0);
			await insert(1, 3);
			expect(await runNow(firstTime)).toMatchObject({ recordsWritten: 3 });
		},
	);

	it('refuses to guess a window while a run is under way', async () => {
		const { id } = adobe.seedRun({ flowId, status: 'inProgress' });
		const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'updated_at' }));
		expect(thrown.message).toContain("Another run of this dataflow is still 'inProgress'");
		expect(thrown.description).toContain(id);
		expect(thrown.description).toContain("set 'Window Start'");
	});

	it('of two items for one dataflow never starts two runs over the same rows', async () => {
		const items = [{ json: {} }, { json: {} }];
		const out = await runDataflowNode(
			adobe,
			{ operation: 'run', flowId, deltaColumn: 'updated_at' },
			{ onError: 'continueRegularOutput' },
			items,
		);
		expect(adobe.runs()).toHaveLength(1);
		expect(out.map(({ json }) => json.action ?? json.error)).toStrictEqual([
			'started',
			// The run may have begun meanwhile.
			expect.stringMatching(/^Another run of this dataflow is still '(scheduled|inProgress)'$/),
		]);
	});

	it.each([
		['CONNECTOR-1381-400', "'Window End' is before"],
		['CONNECTOR-1382-400', "'Delta Column' is not the one"],
		['CONNECTOR-1383-400', "'Delta Column' is needed"],
		['CONNECTOR-1384-400', 'does not accept the window'],
		['CONNECTOR-1386-400', 'scheduled On Demand or Once'],
		['FLOW-1444-400', 'is not enabled'],
	])('says in words what Adobe means by %s', async (code, says) => {
		adobe.addFault({
			method: 'POST',
			path: RUNS,
			kind: 'status',
			status: 400,
			body: {
				type: `https://ns.adobe.com/aep/errors/${code}`,
				report: { 'detailed-message': 'Adobe has said this.' },
			},
		});
		const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'updated_at' }));
		expect(thrown.message).toContain(says);
		expect(thrown.description).toContain(code);
		expect(thrown.description).toContain('Adobe has said this.');
	});

	it('of a dataflow with a schedule says that it must be scheduled otherwise', async () => {
		const flow = adobe.flows().find(({ id }) => id === flowId);
		Object.assign(flow ?? {}, {
			scheduleParams: { frequency: 'day', interval: 1, startTime: '1' },
		});
		const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'updated_at' }));
		expect(thrown.message).toContain(
			'Only dataflows scheduled On Demand or Once can be run on demand',
		);
		expect(thrown.description).toContain('CONNECTOR-1386-400');
	});

	describe('whose answer is lost', () => {
		it.each(['reset', 'truncated', 'malformed'] as const)(
			'finds the run that was started nevertheless (%s)',
			async (kind) => {
				adobe.addFault({ method: 'POST', path: RUNS, kind, when: 'after' });
				const item = await runNow({ deltaColumn: 'updated_at' });
				expect(adobe.runs().map(({ id }) => id)).toStrictEqual([item.runId]);
				expect(requestsBy(adobe, 'POST')).toHaveLength(1);
			},
		);

		it('sends it again when no run was started', async () => {
			adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() - 60_000 });
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'status', status: 502, when: 'before' });
			const item = await runNow({ deltaColumn: 'updated_at' });
			expect(adobe.runs().map(({ id }) => id)).toContain(item.runId);
			expect(adobe.runs()).toHaveLength(2);
		});

		it('says that it is not clear where a second try was refused', async () => {
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'reset', when: 'before' });
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'status', status: 403 });
			const thrown = await thrownBy(async () => await runNow({ deltaColumn: 'updated_at' }));
			expect(thrown.message).toContain('not clear whether Adobe has started the run');
			expect(thrown.description).toContain('not allowed to do this');
		});

		it('lists the runs when it is not clear which one it is', async () => {
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'delay', delayMs: 100, when: 'after' });
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'reset', when: 'after' });
			adobe.addFault({ method: 'POST', path: RUNS, kind: 'status', status: 500, when: 'after' });
			const window = { windowStart: '2026-01-01', windowEnd: '2026-01-02' };
			const ends = await Promise.allSettled(
				[1, 2].map(async () => await runNow({ deltaColumn: 'updated_at', ...window })),
			);
			// One execution can't know what another has started; none may take both for its own.
			const started = ends.flatMap((end) =>
				end.status === 'fulfilled' ? [String(end.value.runId)] : [],
			);
			expect(new Set(started).size).toBe(started.length);
			for (const end of ends) {
				if (end.status === 'rejected') expect(String(end.reason)).toContain('not clear');
			}
		});
	});

	it('ends its waiting when the time is up, with the last state and the run', async () => {
		adobe.addFault({
			method: 'GET',
			path: RUN,
			kind: 'status',
			status: 200,
			times: 99,
			body: {
				items: [{ id: 'a-run', flowId, metrics: { statusSummary: { status: 'inProgress' } } }],
			},
		});
		const thrown = await thrownBy(async () => await runNow({ ...firstTime, maxWait: 0.05 }));
		expect(thrown.message).toBe("The run is still 'inProgress' after 0.05 minutes [item 0]");
		expect(thrown.description).toContain("Raise 'Maximum Wait'");
	});

	it('names the run when it can’t be followed', async () => {
		adobe.addFault({ method: 'GET', path: RUN, kind: 'status', status: 403, times: 99 });
		const thrown = await thrownBy(async () => await runNow(firstTime));
		expect(thrown.message).toContain('The run was started but could not be followed');
		expect(thrown.description).toContain(adobe.runs()[0]?.id);
	});

	it('without wait does not fail over a run that can’t be read yet', async () => {
		adobe.addFault({ method: 'GET', path: RUN, kind: 'status', status: 404, times: 99 });
		const item = await runNow({ deltaColumn: 'updated_at' });
		expect(item).toMatchObject({
			summary: 'The run was started',
			runId: adobe.runs()[0]?.id,
			flowId,
		});
		expect(item).not.toHaveProperty('status');
	});

	it('ends its waiting within a second when the execution is cancelled', async () => {
		adobe.addFault({
			method: 'GET',
			path: RUN,
			kind: 'status',
			status: 200,
			times: 99,
			body: { items: [{ id: 'a-run', state: 'inProgress' }] },
		});
		const controller = new AbortController();
		const wired = wireDataflowNode(adobe, { operation: 'run', flowId, ...firstTime });
		const ended = executeNode(wired, [{ json: {} }], controller.signal).catch(
			(error: unknown) => error,
		);
		while (adobe.runs().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
		await new Promise((resolve) => setTimeout(resolve, 700));
		controller.abort(new Error('cancelled by the user'));
		const cancelledAt = Date.now();
		await ended;
		expect(Date.now() - cancelledAt).toBeLessThan(1_000);
	});
});

/** A field of the tenant's own. */
function fieldOf(row: Record<string, unknown>, name: string): unknown {
	const own = Object.entries(row).find(([key]) => key.startsWith('_') && key !== '_id')?.[1];
	return (own as Record<string, unknown> | undefined)?.[name];
}
