import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { CONNECTION, connectionWorkflow, executeWorkflow } from '../connectionWorkflow.mts';
import { imsCredential } from '../n8n/adobe.mts';
import { itemsOf } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

interface Row extends Record<string, unknown> {
	name: string;
	sandbox?: string;
	server: string;
}

describe('credentials with expressions', () => {
	let stage: SharedStage;
	let ims: { id: string; name: string };
	let source: { id: string; name: string };
	before(async () => {
		stage = await sharedStage();
		const store = async (name: string, type: string, data: Record<string, unknown>) => ({
			id: await stage.session.createCredential({ name, type, data }),
			name,
		});
		ims = await store('A sandbox for each item', 'adobeImsApi', {
			...imsCredential(stage).data,
			sandboxName: '={{ $json.sandbox }}',
		});
		const { port, database, username, password } = stage.postgres;
		source = await store('A database for each item', 'adobePostgreSqlSourceApi', {
			authMode: 'basic',
			server: '={{ $json.server }}',
			port,
			database,
			username,
			password,
			sslMode: 'Prefer',
		});
	});

	const run = async (items: Row[]) =>
		await executeWorkflow(
			stage.session,
			connectionWorkflow({
				name: 'Credentials with expressions',
				items,
				parameters: { authMode: 'basic' },
				onError: 'continueRegularOutput',
				ims,
				source,
			}),
		);
	const rows = (sandboxes: Array<string | undefined>): Row[] =>
		sandboxes.map((sandbox, index) => ({
			name: `Tenant ${index}`,
			server: `db${index}.example.com`,
			...(sandbox !== undefined && { sandbox }),
		}));

	// Twice, because n8n 1 stores what it has resolved for one item when it fetches a token itself.
	for (const sandboxes of [
		['prod', 'dev', 'prod'],
		['dev', 'prod', 'dev'],
	]) {
		test(`give each item its own (${sandboxes.join(', ')})`, async () => {
			const execution = await run(rows(sandboxes));
			assert.equal(execution.status, 'success', execution.error?.message);
			const items = itemsOf(execution, CONNECTION);
			assert.equal(items.length, sandboxes.length);
			for (const [index, { json }] of items.entries()) {
				const witness = new Witness(stage.emulator, sandboxes[index]);
				const held = await witness.connection(String(json.connectionId));
				assert.equal(held?.auth.params.server, `db${index}.example.com`, JSON.stringify(json));
			}
		});
	}

	test('stop the one item for which they give nothing', async () => {
		const execution = await run(rows(['prod', undefined, 'dev']));
		const errors = itemsOf(execution, CONNECTION).map(({ json }) => json.error);
		assert.deepEqual(
			errors.map((error) => error !== undefined),
			[false, true, false],
		);
		assert.match(String(errors[1]), /The credential's 'Sandbox' has no value/);
	});
});
