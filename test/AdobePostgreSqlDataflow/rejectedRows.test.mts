import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { connectionStringOf, startAdobe } from '../support/adobe.mts';
import { toolOf } from '../support/agent.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectNoSecret } from '../support/operations.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
import type { ScratchDatabase } from '../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';

const META = '/data/foundation/export/batches/{id}/meta';
const BATCH = '/data/foundation/catalog/batches/{id}';
const DAY_MS = 24 * 60 * 60_000;
const ALWAYS = 99;
/** Beyond what JavaScript's own numbers hold. */
const BIG = '9007199254740993';

/** Of 400 rows, every 33rd has no name: 12. */
const MAKE_TABLE = `
	create table people (id int, first_name text, score numeric, points bigint, born date, active boolean, updated_at timestamptz);
	insert into people
		select n, case when n % 33 = 0 then null else 'p' || n end, n + 0.5, ${BIG}, date '2000-01-01' + n, n % 2 = 0,
			timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute'
		from generate_series(1, 400) n;
	grant select on people to public;
`;

/** The same rows as JSON, in PostgreSQL's own words. */
const REJECTED = `
	select id, first_name, score::float8, points::text, born::text, active, to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_at
	from people where first_name is null order by id
`;

let database: ScratchDatabase;
let adobe: Emulator;

beforeAll(async () => {
	database = await makeScratchDatabase();
	await database.owner.query(MAKE_TABLE);
});
afterEach(async () => {
	await adobe.close();
});
afterAll(async () => {
	await database.drop();
});

/** Runs the table into a dataset whose field of the name is required; the run's ID. */
async function runPeople(
	settings: Partial<EmulatorOptions> = {},
	options: INodeParameters = { errorDiagnostics: true, partialIngestionPercent: 5 },
	required: string[] = ['first_name'],
): Promise<string> {
	adobe = await startAdobe({ runDurationMs: 10, scheduledMs: 5, ...settings });
	const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
	const source = { authMode: 'connectionString', connectionString };
	const [connection] = await runConnectionNode(
		adobe,
		{ operation: 'create', name: 'People' },
		{ source },
	);
	const { id: dataset } = adobe.addDataSet({
		name: 'People',
		fields: { id: 'integer', first_name: 'string', score: 'number' },
		required,
	});
	const [flow] = await runDataflowNode(adobe, {
		operation: 'create',
		name: 'People',
		connectionId: String(connection?.json.connectionId),
		table: 'public.people',
		dataset,
		options,
	});
	const flowId = String(flow?.json.flowId);
	const start = { operation: 'run', flowId, deltaColumn: 'updated_at' };
	const [run] = await runDataflowNode(adobe, start);
	await adobe.advanceClock(1_000);
	adobe.journal.length = 0;
	return String(run?.json.runId);
}

const rejectedRows = async (runId: string, parameters: INodeParameters = {}) =>
	(
		await runDataflowNode(adobe, {
			resource: 'run',
			operation: 'getRejectedRows',
			runId,
			...parameters,
		})
	).map(({ json }) => json);
const refusal = async (runId: string, parameters: INodeParameters = {}) =>
	await thrownBy(async () => await rejectedRows(runId, parameters));
const hintsOf = async (runId: string, parameters: INodeParameters = {}) =>
	await executionHints(
		wireDataflowNode(adobe, {
			resource: 'run',
			operation: 'getRejectedRows',
			runId,
			...parameters,
		}),
	);
const rowsOf = (items: IDataObject[]) => items.map(({ row }) => row);
const asked = () =>
	adobe.journal
		.filter(({ path }) => path.includes('/export/'))
		.map(({ path }) => path.split('/meta')[1]);

describe('Get Rejected Rows', () => {
	it.each(['lines', 'array', 'pretty'] as const)(
		'gives the twelve rows of four hundred that the run rejected, as PostgreSQL holds them (%s)',
		async (rowErrors) => {
			const runId = await runPeople({ rowErrors });
			const items = await rejectedRows(runId);
			const { rows } = await database.owner.query(REJECTED);
			expect(rows).toHaveLength(12);
			expect(rowsOf(items)).toStrictEqual(rows);
			for (const item of items) {
				expectOutput(item, schemaOf('AdobePostgreSqlDataflow', 'run', 'getRejectedRows'));
				expect(item).toMatchObject({
					runId,
					code: 'INGEST-1212-400',
					message: expect.stringContaining('first_name'),
				});
				expect(item.errors).toStrictEqual([{ message: item.message, code: item.code }]);
			}
			expect(new Set(items.map(({ file }) => file))).toStrictEqual(
				new Set(['row_errors/conversion_errors_0.json', 'row_errors/conversion_errors_1.json']),
			);
			// By path and not by the links of the list, which lead elsewhere.
			expect(asked()).toStrictEqual([
				'?path=row_errors',
				'?path=row_errors%2Fconversion_errors_0.json',
				'?path=row_errors%2Fconversion_errors_1.json',
			]);
			expectNoSecret(JSON.stringify(items), adobe);
		},
	);

	it('reads no further than Limit, and no second file that it does not need', async () => {
		const runId = await runPeople();
		const items = await rejectedRows(runId, { limit: 3 });
		expect(rowsOf(items)).toMatchObject([{ id: 33 }, { id: 66 }, { id: 99 }]);
		expect(asked()).toHaveLength(2);
		expect(await rejectedRows(runId, { returnAll: true })).toHaveLength(12);
	});

	it.each(['row_errors_sample.json', 'row_error_samples.json'] as const)(
		'with Sample Only reads the small file alone, under either name (%s)',
		async (sampleErrors) => {
			const runId = await runPeople({ sampleErrors });
			const items = await rejectedRows(runId, { sample: true });
			expect(rowsOf(items)).toMatchObject([33, 66, 99, 132, 165].map((id) => ({ id })));
			expect(items[0]?.file).toBe(sampleErrors);
			expect(asked().at(-1)).toBe(`?path=${sampleErrors}`);
			expect(asked().join()).not.toContain('row_errors%2F');
		},
	);

	it('gives the rows of a run that failed by their number', async () => {
		const runId = await runPeople({}, { errorDiagnostics: true });
		expect(await rejectedRows(runId)).toHaveLength(12);
	});

	it('asks nothing of a run that has rejected none, and says so', async () => {
		const runId = await runPeople({}, { errorDiagnostics: true }, []);
		const { items, hints } = await hintsOf(runId);
		expect(items).toStrictEqual([]);
		expect(hints).toStrictEqual([`The run '${runId}' has rejected no rows.`]);
		expect(asked()).toStrictEqual([]);
	});

	it('says that a run failed before it wrote', async () => {
		await runPeople();
		const flowId = adobe.flows()[0]?.id ?? '';
		const { id } = adobe.seedRun({ flowId, status: 'failed', errorDetail: 'no route to host' });
		const { items, hints } = await hintsOf(id);
		expect(items).toStrictEqual([]);
		expect(hints).toStrictEqual([
			`The run '${id}' has rejected no rows: it failed before it wrote any.`,
		]);
	});

	it('says that the run has not ended', async () => {
		await runPeople();
		const flowId = adobe.flows()[0]?.id ?? '';
		const { id } = adobe.seedRun({ flowId, status: 'inProgress' });
		expect((await refusal(id)).message).toContain(
			"The rejected rows of the run are not known yet: it is 'inProgress'",
		);
	});

	it.each([
		['by its batch, with values as tags', { batchTags: 'values' }, undefined],
		['by its batch, with lists as tags', { batchTags: 'lists' }, undefined],
		['by its dataflow', {}, { kind: 'status', status: 403, path: BATCH, times: ALWAYS }],
	] as const)('says that error diagnostics were off: %s', async (_how, settings, fault) => {
		const runId = await runPeople(settings, { partialIngestionPercent: 5 });
		if (fault !== undefined) adobe.addFault(fault);
		const { message, description } = await refusal(runId);
		expect(message).toContain("'Error Diagnostics' was off for its dataflow");
		expect(description).toContain("Switch on 'Error Diagnostics' (Dataflow: Update");
	});

	it('says that they are older than Adobe keeps them', async () => {
		await runPeople();
		const errors = [{ code: '1555', message: 'A required field is missing' }];
		const { id } = adobe.seedRun({
			flowId: adobe.flows()[0]?.id ?? '',
			status: 'success',
			createdAt: adobe.now() - 43.5 * DAY_MS,
			rejectedRows: [{ row: { id: 1 }, errors }],
		});
		const { message } = await refusal(id);
		expect(message).toContain(
			'Adobe keeps rejected rows for 30 days, and the run ended 43 days ago',
		);
	});

	it('says that Adobe lists none, or too few', async () => {
		const runId = await runPeople();
		const nothing = { data: [], _page: { limit: 100, count: 0 } };
		adobe.addFault({ kind: 'status', status: 200, body: nothing, path: META });
		expect(await refusal(runId)).toMatchObject({
			message: expect.stringContaining('Adobe lists no rejected rows of the run'),
			description: expect.stringContaining('some minutes'),
		});
		adobe.addFault({
			kind: 'status',
			status: 200,
			body: { data: [{ name: 'conversion_errors_0.json', length: 1_000 }] },
			path: META,
		});
		const { items, hints } = await hintsOf(runId);
		expect(items).toHaveLength(10);
		expect(hints).toStrictEqual([
			`Adobe keeps 10 of the 12 rows that the run '${runId}' has rejected.`,
		]);
	});

	it('does not begin to read a file that is too large, and says what to do', async () => {
		const runId = await runPeople();
		const file = { name: 'conversion_errors_0.json', length: '200000000' };
		adobe.addFault({ kind: 'status', status: 200, body: { data: [file] }, path: META });
		const { message, description } = await refusal(runId);
		expect(message).toContain(
			"The file 'row_errors/conversion_errors_0.json' with rejected rows is larger than 128 MB",
		);
		expect(description).toContain("'Sample Only'");
		expect(asked()).toHaveLength(1);
	});

	it('reads a thousand rows in more files than one list holds, each once', async () => {
		await runPeople();
		const flowId = adobe.flows()[0]?.id ?? '';
		const errors = [{ code: '1555', message: 'A required field is missing' }];
		const rejected = Array.from({ length: 1_055 }, (_, id) => ({ row: { id }, errors }));
		const { id } = adobe.seedRun({
			flowId,
			status: 'success',
			outputRecordCount: 5_000,
			rejectedRows: rejected,
		});
		const items = await rejectedRows(id, { returnAll: true });
		expect(rowsOf(items)).toStrictEqual(rejected.map(({ row }) => row));
		expect(asked().filter((path) => path?.includes('start='))).toStrictEqual([
			'?path=row_errors&start=100',
		]);
		// Where a list repeats itself, as it takes no `start`, nothing comes twice.
		const names = Array.from({ length: 100 }, (_, n) => ({ name: `conversion_errors_${n}.json` }));
		const body = { data: names, _page: { limit: 100, count: 100 } };
		adobe.addFault({ kind: 'status', status: 200, body, path: META });
		adobe.addFault({ kind: 'status', status: 200, body, path: META, skip: 100 });
		expect(await rejectedRows(id, { returnAll: true })).toHaveLength(1_000);
	});

	it('leaves the user’s rows alone, and masks secrets in Adobe’s words about them', async () => {
		await runPeople();
		const flowId = adobe.flows()[0]?.id ?? '';
		const note = 'Server=db;UID=ana;PWD=hunter2;';
		const row = { id: 1, password: 'of the user', note, message: adobe.clientSecret };
		const message = `Not written: ${note} ${adobe.clientSecret}`;
		const { id } = adobe.seedRun({
			flowId,
			status: 'success',
			rejectedRows: [
				{ row, errors: [{ code: '1555', message }] },
				// A name that is no column's, as no column is called like that.
				{ row: { [`of ${adobe.clientSecret}`]: 1 }, errors: [] },
				{
					row: { _corrupt_record: '{a:"b"}' },
					errors: [{ code: '1401', message: 'Row is corrupted' }],
				},
			],
		});
		const [first, named, second] = await rejectedRows(id);
		expect(first?.row).toStrictEqual(row);
		const { row: _row, ...rest } = first ?? {};
		expect(JSON.stringify(rest)).not.toContain('hunter2');
		expect(JSON.stringify(rest)).not.toContain(adobe.clientSecret);
		expect(rest.message).toContain('Not written: Server=db;UID=ana;PWD=***');
		expect(named).toMatchObject({ errors: [] });
		expect(named).not.toHaveProperty('code');
		expect(named).not.toHaveProperty('message');
		expect(Object.keys(named?.row as object)).toStrictEqual(['of ***']);
		expect(second).toMatchObject({
			code: '1401',
			row: { _corrupt_record: '{a:"b"}' },
			file: 'row_errors/parsing_errors_0.json',
		});
	});

	it('does not take the page of a proxy for rows', async () => {
		const runId = await runPeople();
		adobe.addFault({ kind: 'status', status: 200, body: '<html>', path: META, skip: 1 });
		expect((await refusal(runId)).message).toContain('in a form this node does not know');
	});

	it.each([
		['is cut', { kind: 'reset' }],
		['breaks off', { kind: 'truncated' }],
		['fails', { kind: 'status', status: 503 }],
		['is throttled', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
		['is refused for its token', { kind: 'status', status: 401 }],
	] as const)('gives each row once when a file %s in between', async (_what, fault) => {
		const runId = await runPeople();
		adobe.addFault({ ...fault, path: META, skip: 2 });
		const items = await rejectedRows(runId);
		expect(new Set(items.map(({ row }) => (row as IDataObject).id)).size).toBe(12);
		expect(items).toHaveLength(12);
		expect(asked()).toHaveLength(4);
	});

	it('explains the refusal of a file in Adobe’s words', async () => {
		const runId = await runPeople();
		const body = { title: 'ForbiddenError', status: 403, detail: 'Not this file.' };
		adobe.addFault({ kind: 'status', status: 403, body, path: META, skip: 1 });
		const { message, description } = await refusal(runId);
		expect(message).toContain('The credential is not allowed to do this ("Get rejected rows")');
		expect(description).toContain('Not this file.');
	});

	it('names the permission of the files, which is not that of runs', async () => {
		const runId = await runPeople();
		const client = adobe.addClient({ dataPermissions: ['View Schemas'] });
		const thrown = await thrownBy(
			async () =>
				await runDataflowNode(
					adobe,
					{ resource: 'run', operation: 'getRejectedRows', runId },
					{ ims: { clientId: client.clientId, clientSecret: client.clientSecret } },
				),
		);
		expect(thrown.description).toContain("'View Datasets'");
	});

	it('works as the tool of an AI agent, which chooses run and limit', async () => {
		const runId = await runPeople();
		const tool = await toolOf(
			wireDataflowNode(adobe, {
				resource: 'run',
				operation: 'getRejectedRows',
				runId: { __rl: true, mode: 'id', value: "={{ $fromAI('runId', 'The ID', 'string') }}" },
				limit: "={{ $fromAI('limit', 'How many', 'number') }}",
			}),
		);
		const items = JSON.parse(await tool.invoke({ runId, limit: 2 })) as IDataObject[];
		expect(rowsOf(items)).toMatchObject([{ id: 33 }, { id: 66 }]);
	});
});

describe('Rejected rows', () => {
	it('are in no output but that of this operation', async () => {
		const runId = await runPeople({ runForm: 'newer' });
		const others: INodeParameters[] = [
			{ operation: 'get', runId, simplify: false },
			{ operation: 'getAll', of: 'all', simplify: false },
		];
		for (const parameters of others) {
			const items = await runDataflowNode(adobe, { resource: 'run', ...parameters });
			expect(items).toHaveLength(1);
			expect(JSON.stringify(items)).not.toContain('2000-02-03');
		}
		expect(JSON.stringify(await rejectedRows(runId))).toContain('2000-02-03');
	});
});

describe('Get Many of runs by Partial Success', () => {
	it.each(['older', 'newer'] as const)(
		'gives those that rejected records, in the %s form of runs',
		async (runForm) => {
			const runId = await runPeople({ runForm });
			const flowId = adobe.flows()[0]?.id ?? '';
			adobe.seedRun({ flowId, status: 'success', outputRecordCount: 5 });
			adobe.seedRun({ flowId, status: 'failed' });
			const items = await runDataflowNode(adobe, {
				resource: 'run',
				operation: 'getAll',
				flowId,
				filters: { status: 'partialSuccess' },
				limit: 1,
			});
			expect(items.map(({ json }) => json.runId)).toStrictEqual([runId]);
		},
	);
});
