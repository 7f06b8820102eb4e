import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { exampleFiles, startOf, readExample } from '../n8n/examples.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { withCredentials, type Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const FILE = 'table-to-dataflow.json';
const MAKE = 'Create dataflow';
const RUN = 'Run now and wait';

/** A row of `public.orders`, in the same form on both sides. */
type Row = [
	id: number,
	customer: string,
	total: number,
	status: string,
	tags: string,
	updated: string,
];

/** Of the same rows in whatever order: how many, and a hash over their content. */
function digestOf(rows: Row[]): { count: number; hash: string } {
	const lines = rows.map((row) => JSON.stringify(row)).sort();
	return {
		count: rows.length,
		hash: createHash('sha256').update(lines.join('\n')).digest('hex'),
	};
}

describe('the way from a table to the data lake', () => {
	let stage: SharedStage;
	let database: pg.Client;
	let workflow: Workflow;
	let workflowId: string;
	const inserted: number[] = [];

	before(async () => {
		assert.ok((await exampleFiles()).includes(FILE));
		stage = await sharedStage();
		const { server: host, port, database: name, superuser } = stage.postgres;
		database = new pg.Client({
			host,
			port,
			database: name,
			user: superuser.username,
			password: superuser.password,
		});
		await database.connect();
		// A workflow and a dataflow of its own: other tests execute the example as it is.
		const { id: _, ...example } = await readExample(FILE);
		workflow = withCredentials(example, stage.credentialIds);
		const make = workflow.nodes.find(({ name }) => name === MAKE);
		Object.assign(make?.parameters ?? {}, { name: 'All orders', datasetName: 'All orders' });
		workflowId = await stage.session.createWorkflow(workflow);
	});
	after(async () => {
		await database?.query('delete from orders where id = any($1)', [inserted]);
		await database?.end();
	});

	const execute = async (): Promise<Execution> => {
		const execution = await stage.session.execute(workflowId, startOf(workflow));
		assert.equal(execution.status, 'success', JSON.stringify(execution.error));
		return execution;
	};
	const firstOf = (execution: Execution, node: string) => {
		const json = itemsOf(execution, node)[0]?.json;
		assert.ok(json, node);
		return json;
	};

	const rowsInPostgreSql = async (where = 'true'): Promise<Row[]> => {
		const { rows } = await database.query<Record<string, string>>(
			`select id::text, customer_id::text, total::text, status::text, to_json(tags)::text as tags,
				extract(epoch from updated_at)::text as updated from orders where ${where}`,
		);
		return rows.map(({ id, customer_id, total, status, tags, updated }) => [
			Number(id),
			String(customer_id),
			Number(total),
			String(status),
			JSON.stringify(JSON.parse(String(tags))),
			new Date(Number(updated) * 1000).toISOString(),
		]);
	};

	const rowsInDataLake = async (datasetId: unknown, after = 0): Promise<Row[]> => {
		const records = await stage.emulator.lakeRows(String(datasetId));
		return records.slice(after).map((record) => {
			const [tenant = ''] = Object.keys(record);
			const { id, customerId, total, status, tags, updatedAt } = record[tenant] as Record<
				string,
				unknown
			>;
			return [
				Number(id),
				String(customerId),
				Number(total),
				String(status),
				JSON.stringify(typeof tags === 'string' ? JSON.parse(tags) : tags),
				new Date(String(updatedAt)).toISOString(),
			];
		});
	};

	let first: Execution;
	let before1st: { count: number; hash: string };

	test('is gone in one workflow: connection, dataflow, run, and every row arrives unchanged', async () => {
		before1st = digestOf(await rowsInPostgreSql());
		first = await execute();
		const made = firstOf(first, MAKE);
		assert.equal(made.action, 'created');
		const run = firstOf(first, RUN);
		assert.equal(run.status, 'success', String(run.summary));
		assert.deepEqual(digestOf(await rowsInDataLake(made.datasetId)), before1st);
		assert.equal(run.recordsWritten, before1st.count);
	});

	test('is there already when the workflow is executed again, which takes in exactly the new rows', async () => {
		const { rows } = await database.query<{ id: string }>(
			`insert into orders (customer_id, total, status, tags, updated_at)
			 select customer_id, total + 1, 'paid', array['late', 'quote " comma ,'], clock_timestamp()
			 from orders where id between 1 and 37 returning id`,
		);
		inserted.push(...rows.map(({ id }) => Number(id)));
		// A window ends at a whole second: rows of the second that has just begun are for the next one.
		await sleep(1_100);
		const made = firstOf(first, MAKE);
		const second = await execute();
		const again = firstOf(second, MAKE);
		assert.equal(again.action, 'unchanged');
		for (const member of ['flowId', 'sourceConnectionId', 'targetConnectionId', 'datasetId']) {
			assert.equal(again[member], made[member], member);
		}
		const newRows = await rowsInPostgreSql(`id in (${inserted.join(',')})`);
		assert.equal(newRows.length, 37);
		assert.deepEqual(
			digestOf(await rowsInDataLake(made.datasetId, before1st.count)),
			digestOf(newRows),
		);
		assert.equal(firstOf(second, RUN).recordsWritten, 37);
	});

	test('leaves one chain and nothing beside it', async () => {
		const { flowId, connectionId } = firstOf(first, MAKE);
		const flows = stage.emulator.flows().filter(({ name }) => name === 'All orders');
		assert.deepEqual(
			flows.map(({ id }) => id),
			[flowId],
		);
		const sources = stage.emulator
			.sourceConnections()
			.filter(({ name }) => name?.startsWith('All orders'));
		assert.deepEqual(
			sources.map(({ id, baseConnectionId }) => [id, baseConnectionId]),
			[[flows[0]?.sourceConnectionIds[0], connectionId]],
		);
		const targets = stage.emulator
			.targetConnections()
			.filter(({ name }) => name?.startsWith('All orders'));
		assert.deepEqual(
			targets.map(({ id }) => id),
			flows[0]?.targetConnectionIds,
		);
	});
});
