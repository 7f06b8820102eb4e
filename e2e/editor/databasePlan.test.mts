import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoBrowser } from '../browser.mts';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { PLAN, planWorkflow } from '../databaseWorkflow.mts';
import { sourceCredential } from '../n8n/adobe.mts';
import { createDatabase, withClient } from '../n8n/database.mts';
import { itemsOf } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

/** Tables, what happens to them once their dataflows are there, and what a plan has to say then. */
const TABLES: Array<[table: string, change: string | undefined, action: string, because: RegExp]> =
	[
		['sales.orders', 'alter table sales.orders add coupon text', 'update', /'coupon'/],
		['sales.customers', undefined, 'unchanged', /as desired/],
		['crm.contacts', 'alter table crm.contacts drop phone', 'drifted', /'phone'/],
		['crm.leads', undefined, 'unmanaged', /did not make it/],
		['web.visits', undefined, 'create', /There is no dataflow/],
	];
const WITHOUT_MARKER = 'crm.leads';
const NOT_YET_LOADED = 'web.visits';

describe('a user who plans a database in the editor', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let editor: EditorPage;
	before(async () => {
		stage = await sharedStage();
		const { server, port, superuser, username } = stage.postgres;
		// Of its own, because other tests list the tables of the sample database.
		const shop = await createDatabase({ server, port, ...superuser }, 'shop');
		const run = async (statements: string[]) =>
			await withClient(shop, async (client) => {
				for (const statement of statements) await client.query(statement);
			});
		const schemas = [...new Set(TABLES.map(([table]) => table.split('.')[0]))];
		await run([
			...schemas.flatMap((schema) => [
				`create schema ${schema}`,
				`grant usage on schema ${schema} to ${username}`,
			]),
			...TABLES.flatMap(([table]) => [
				`create table ${table} (id int primary key, phone text, updated_at timestamptz not null)`,
				`grant select on ${table} to ${username}`,
			]),
		]);
		const credential = sourceCredential({
			...stage,
			postgres: { ...stage.postgres, database: shop.database },
		});
		const source = {
			id: await stage.session.createCredential({ ...credential, name: 'Shop account' }),
			name: 'Shop account',
		};
		const { ims } = workingCredentials(stage, stage.credentialIds);
		const execute = async (workflow: ReturnType<typeof planWorkflow>) => {
			const execution = await executeWorkflow(stage.session, workflow);
			assert.equal(execution.status, 'success', execution.error?.message);
			return execution;
		};
		const connection = connectionWorkflow({ name: 'Shop', ims, source });
		const [made] = itemsOf(await execute(connection), CONNECTION);
		const connectionId = String(made?.json.connectionId);
		const desired = TABLES.map(([table]) => ({ table }));
		await execute(
			planWorkflow({
				ims,
				connectionId,
				desired: desired.filter(({ table }) => table !== NOT_YET_LOADED),
				isApplied: true,
			}),
		);

		await run(TABLES.flatMap(([, change]) => change ?? []));
		const end = stage.emulator
			.sourceConnections()
			.find(({ name }) => name.startsWith(`${WITHOUT_MARKER} to`));
		assert.ok(end);
		await new Witness(stage.emulator).rename('sourceConnections', end, 'Made by hand');
		const plan = planWorkflow({ ims, connectionId, desired });
		editor = await EditorPage.open(stage, await stage.session.createWorkflow(plan));
	});
	after(async () => await editor?.close());

	test('sees at a glance what will be done to which table, and why', async () => {
		await editor.executeWorkflow();
		await editor.outputOf(PLAN);
		await editor.guidePictureOfDetails('database-plan');
		const { columns, rows } = await editor.outputTable();
		assert.deepEqual(columns.slice(0, 3), [
			{ name: 'table', isSeen: true },
			{ name: 'action', isSeen: true },
			{ name: 'because', isSeen: true },
		]);
		assert.equal(rows.length, TABLES.length);
		for (const [index, [table, , action, because]] of TABLES.entries()) {
			assert.deepEqual(rows[index]?.slice(0, 2), [table, action]);
			assert.match(String(rows[index]?.[2]), because);
		}
	});
});
