import { node } from '../connectionWorkflow.mts';
import { withClient } from '../n8n/database.mts';
import type { Workflow } from '../n8n/workflow.mts';
import type { SharedQueue } from './sharedQueue.mts';

const FROM = '2026-01-01T00:00:00Z';
const DAY_MS = 24 * 60 * 60_000;

/** The days of a table, each with rows in its first and in its last moment and between. */
export const DAYS = 30;
const ROWS_PER_DAY = 4;

/** The rows' IDs; there is none in the first moment of the span, which would be in no window. */
export const ROW_IDS = Array.from({ length: DAYS * ROWS_PER_DAY - 1 }, (_, index) => index + 1);

/** Makes the table in the sample database. */
export async function makeDays({ postgres }: SharedQueue, table: string): Promise<void> {
	const { server, port, database, superuser, username } = postgres;
	await withClient({ server, port, database, ...superuser }, async (client) => {
		await client.query(`create table ${table} (id int primary key, updated_at timestamptz)`);
		await client.query(
			`insert into ${table} select row_number() over (order by time), time
			 from generate_series(0, ${DAYS - 1}) day,
				(values (interval '0'), ('1 millisecond'), ('12 hours'), ('1 day' - interval '1 microsecond')) at (after),
				lateral (select timestamptz '${FROM}' + day * interval '1 day' + at.after as time) row
			 where time > timestamptz '${FROM}'`,
		);
		await client.query(`grant select on ${table} to ${username}`);
	});
}

/** Connection, dataflow and a backfill day by day; started by a webhook, or again from another workflow. */
export function backfillWorkflow(
	{ credentials }: SharedQueue,
	table: string,
	errorWorkflow: string,
): Workflow {
	const { ims, source } = credentials;
	const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
	const dataflow = 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflow';
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	return {
		name: table,
		nodes: [
			{
				...node('Start', 'n8n-nodes-base.webhook', 2, 0, {
					httpMethod: 'POST',
					path: table,
					options: {},
				}),
				webhookId: table,
			},
			node('Start again', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, 0, {
				inputSource: 'passthrough',
			}),
			{
				...node('Connection', 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection', 1, 1, {
					resource: 'connection',
					operation: 'upsert',
					name: table,
					cloud: 'azure',
					authMode: 'connectionString',
					verify: false,
					databaseDetails: 'credential',
				}),
				credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: source },
			},
			{
				...node('Dataflow', dataflow, 1, 2, {
					resource: 'dataflow',
					operation: 'create',
					name: table,
					connectionId: byId('={{ $json.connectionId }}'),
					table: { __rl: true, mode: 'name', value: `public.${table}` },
					datasetSource: 'create',
					datasetName: table,
					schemaClass: 'profile',
					schedule: 'onDemand',
				}),
				credentials: { adobeImsApi: ims },
			},
			{
				...node('Backfill', dataflow, 1, 3, {
					resource: 'dataflow',
					operation: 'run',
					flowId: byId('={{ $json.flowId }}'),
					load: 'backfill',
					from: FROM,
					to: new Date(Date.parse(FROM) + DAYS * DAY_MS).toISOString(),
					windowUnit: 'days',
					deltaColumn: 'updated_at',
					expectedCounts: ROW_IDS.length,
					options: { timeZone: 'utc' },
				}),
				credentials: { adobeImsApi: ims },
			},
		],
		connections: {
			Start: to('Connection'),
			'Start again': to('Connection'),
			Connection: to('Dataflow'),
			Dataflow: to('Backfill'),
		},
		settings: { executionOrder: 'v1', errorWorkflow },
	};
}

/** What has come of it at Adobe so far. */
export function backfilled({ emulator }: SharedQueue, table: string) {
	const flow = emulator.flows().find(({ name }) => name === table);
	const runs = emulator.runs().filter(({ flowId }) => flowId === flow?.id);
	return {
		/** The days of the runs, counted from 1, in the order in which they were started. */
		days: runs.map(({ facts }) => (facts.window.start - Date.parse(FROM)) / DAY_MS + 1),
		/** The IDs of the rows in the dataset, each as often as it has arrived. */
		rowIds: async () => {
			const { id = '' } = emulator.dataSets().find(({ name }) => name === table) ?? {};
			const rows = await emulator.lakeRows(id);
			const ids = rows.map((row) => Number(/"id":"?(\d+)/.exec(JSON.stringify(row))?.[1]));
			return ids.sort((a, b) => a - b);
		},
	};
}
