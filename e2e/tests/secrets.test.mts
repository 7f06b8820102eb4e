import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { canaries } from '../canary/canaries.mts';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { withClient } from '../n8n/database.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

/**
 * Its end looks different in JSON, in a URL and in base64. That it is nowhere in n8n, as no other
 * secret either, is what the last look at the whole run shows (`../canary/`).
 */
const canary = `${canaries.make('the canary')};&=%/+<\\'`;
canaries.add('the canary, whole', canary);

describe('a database password', () => {
	let stage: SharedStage;
	const executions: Execution[] = [];
	before(async () => {
		stage = await sharedStage();
		const { superuser, database, server, port } = stage.postgres;
		await withClient({ server, port, database, ...superuser }, async (client) => {
			const password = client.escapeLiteral(canary);
			await client.query(`create role canary login password ${password}`);
		});

		const details = { server, port, database, username: 'canary', sslMode: 'Require' };
		const string = (password: string) =>
			`Server=${server};Database=${database};Port=${port};UID=canary;Password="${password}";EncryptionMethod=1`;
		// Both ways to log in, and both to fail: Adobe's words about a failure may quote what it was given.
		const variants: Array<
			[authMode: string, parameters: Record<string, unknown>, data: Record<string, unknown>]
		> = [
			['connectionString', {}, { connectionString: string(canary) }],
			['basic', {}, { ...details, password: canary }],
			['connectionString', {}, { connectionString: string(`${canary}x`) }],
			['basic', {}, { ...details, password: `${canary}x` }],
			[
				'connectionString',
				{ options: { sandboxName: 'no-such-sandbox' } },
				{ connectionString: string(canary) },
			],
		];
		const { ims } = workingCredentials(stage, stage.credentialIds);
		for (const [index, [authMode, parameters, data]] of variants.entries()) {
			const name = `Canary ${index + 1}`;
			const type = 'adobePostgreSqlSourceApi';
			const id = await stage.session.createCredential({ name, type, data: { authMode, ...data } });
			const workflow = connectionWorkflow({
				name,
				parameters: { authMode, verify: true, ...parameters },
				ims,
				source: { id, name },
			});
			executions.push(await executeWorkflow(stage.session, workflow));
		}
	});

	test('works where it is right and fails where it is wrong', () => {
		assert.deepEqual(
			executions.map(({ status }) => status),
			['success', 'success', 'error', 'error', 'error'],
		);
		for (const execution of executions.slice(0, 2)) {
			assert.equal(itemsOf(execution, CONNECTION).length, 1);
		}
	});

	test('is not in what the nodes put out, nor in their errors', async () => {
		const outputs = executions.map(({ id, text }) => ({
			kind: 'output' as const,
			where: id,
			text,
		}));
		assert.deepEqual(await canaries.findIn(outputs), []);
	});
});
