import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { node, TRIGGER, workingCredentials } from '../connectionWorkflow.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import type { Workflow, WorkflowNode } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

/** Of 5,000 people every 450th, from the third on, has no name: twelve. */
const MAKE_TABLE = `
	create table people (id int, first_name text, score numeric, points bigint, born date, active boolean, updated_at timestamptz);
	insert into people
		select n, case when n % 450 = 3 then null else 'p' || n end, n + 0.5, 9007199254740993, date '2000-01-01' + n % 9000, n % 2 = 0,
			timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute'
		from generate_series(1, 5000) n;
`;

/** The same rows in PostgreSQL's own words. */
const NAMELESS = `
	select id, first_name, score::float8, points::text, born::text, active, to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_at
	from people where first_name is null order by id
`;

const TYPE = 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflow';
const CONNECTION = 'Connection';
const PREVIEW = 'Preview';
const CREATE = 'Create dataflow';
const RUN = 'First run';
const REJECTED = 'Rejected rows';
const MAPPING = 'Mapping as it is';
const CORRECT = 'Correct the mapping';
const RUN_AGAIN = 'Next run';

describe('a mapping that rejects rows', () => {
	let stage: SharedStage;
	let database: pg.Client;
	let execution: Execution;
	let datasetId: string;

	before(async () => {
		stage = await sharedStage();
		const { server: host, port, database: name, superuser, username } = stage.postgres;
		const { username: user, password } = superuser;
		database = new pg.Client({ host, port, database: name, user, password });
		await database.connect();
		await database.query(MAKE_TABLE);
		await database.query(`grant select on people to ${database.escapeIdentifier(username)}`);
		const dataset = stage.emulator.addDataSet({
			name: 'People',
			fields: { id: 'integer', first_name: 'string', score: 'number', born: 'date' },
			required: ['first_name'],
		});
		datasetId = dataset.id;
		execution = await stage.session.execute(
			await stage.session.createWorkflow(workflow()),
			TRIGGER,
		);
		assert.equal(execution.status, 'success', JSON.stringify(execution.error));
	});
	after(async () => {
		await database?.query('drop table people');
		await database?.end();
	});

	const first = (name: string) => itemsOf(execution, name)[0]?.json ?? {};

	/** From the connection to the run with the corrected mapping, in one go. */
	function workflow(): Workflow {
		const { ims, source } = workingCredentials(stage, stage.credentialIds);
		const byId = (value: string) => ({ __rl: true, mode: 'id', value });
		const flowId = byId(`={{ $('${CREATE}').first().json.flowId }}`);
		const wanted = {
			resource: 'dataflow',
			name: 'People',
			connectionId: byId(`={{ $('${CONNECTION}').first().json.connectionId }}`),
			table: { __rl: true, mode: 'name', value: 'public.people' },
			dataset: byId(datasetId),
			options: { errorDiagnostics: true, partialIngestionPercent: 5 },
		};
		const run = {
			resource: 'dataflow',
			operation: 'run',
			flowId,
			windowStart: '2019-01-01T00:00:00Z',
			waitForCompletion: true,
		};
		/** Mappings like those that are there, the name apart. */
		const corrected = `={{ $('${MAPPING}').all().map(({ json }) =>
			json.destination === '_emulator.first_name'
				? { source: 'iif(first_name == null, "unknown", first_name)', destination: json.destination, sourceType: 'EXPRESSION' }
				: { source: json.source, destination: json.destination, sourceType: json.sourceType }) }}`;
		const steps: Array<[name: string, parameters: Record<string, unknown>]> = [
			[PREVIEW, { ...wanted, operation: 'preview', returnRows: 'rejected' }],
			[CREATE, { ...wanted, operation: 'create' }],
			[RUN, { ...run, deltaColumn: 'updated_at' }],
			[
				REJECTED,
				{
					resource: 'run',
					operation: 'getRejectedRows',
					runId: byId('={{ $json.runId }}'),
					returnAll: true,
				},
			],
			[MAPPING, { resource: 'dataflow', operation: 'getMapping', flowId }],
			[
				CORRECT,
				{
					resource: 'dataflow',
					operation: 'update',
					flowId,
					newMapping: 'json',
					mappings: corrected,
				},
			],
			[RUN_AGAIN, run],
		];
		const names = [TRIGGER, CONNECTION, ...steps.map(([name]) => name)];
		const nodes: WorkflowNode[] = [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
			{
				...node(CONNECTION, 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection', 1, 1, {
					resource: 'connection',
					operation: 'upsert',
					name: 'People',
					authMode: 'connectionString',
					verify: false,
				}),
				credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: source },
			},
			...steps.map(([name, parameters], index) => ({
				...node(name, TYPE, 1, index + 2, parameters),
				credentials: { adobeImsApi: ims },
				// The rejected rows are items, and what comes after them is about the dataflow.
				...(name === REJECTED ? {} : { executeOnce: true }),
			})),
		];
		const connections = Object.fromEntries(
			names.slice(0, -1).map((name, index) => {
				const next = { node: names[index + 1] ?? '', type: 'main' as const, index: 0 };
				return [name, { main: [[next]] }];
			}),
		);
		const settings = { executionOrder: 'v1' };
		return { name: 'A mapping that rejects rows', nodes, connections, settings };
	}

	test('is told by Preview before the dataflow is there', () => {
		const [plan, ...rows] = itemsOf(execution, PREVIEW).map(({ json }) => json);
		assert.equal(plan?.wouldBe, 'created');
		assert.equal(plan?.rowsRejected, 1);
		assert.deepEqual(
			rows.map(({ row }) => (row as { id: number }).id),
			[3],
		);
	});

	test('loads 4,988 of 5,000 rows; the twelve others come as items, as PostgreSQL holds them', async () => {
		assert.equal(first(RUN).recordsWritten, 4_988);
		assert.equal(first(RUN).hasRejectedRecords, true);
		const { rows } = await database.query(NAMELESS);
		assert.equal(rows.length, 12);
		assert.deepEqual(
			itemsOf(execution, REJECTED).map(({ json }) => json.row),
			rows,
		);
	});

	test('is corrected by Update, which keeps the old one', () => {
		const { previousMappingId, mappingId, action } = first(CORRECT);
		assert.equal(action, 'updated');
		assert.equal(previousMappingId, first(CREATE).mappingId);
		const sets = stage.emulator.mappingSets().map(({ id }) => id);
		assert.ok(sets.includes(String(previousMappingId)) && sets.includes(String(mappingId)));
	});

	test('rejects none in the next run', async () => {
		assert.equal(first(RUN_AGAIN).recordsWritten, 5_000);
		assert.equal(first(RUN_AGAIN).hasRejectedRecords, false);
		const records = await stage.emulator.lakeRows(datasetId);
		const names = records
			.slice(4_988)
			.map(({ _emulator }) => (_emulator as { first_name: string }).first_name);
		assert.equal(names.length, 5_000);
		assert.equal(names.filter((name) => name === 'unknown').length, 12);
	});
});
