import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { dumpDatabase, withClient } from '../n8n/database.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

/** A password that occurs nowhere else, so that finding it anywhere means that it got out. */
const canary = `canary${randomBytes(12).toString('hex')}`;

describe('a database password', () => {
	let stage: SharedStage;
	const executions: Execution[] = [];
	before(async () => {
		stage = await sharedStage();
		const { superuser, database, server, port } = stage.postgres;
		await withClient({ server, port, database, ...superuser }, async (client) => {
			await client.query(`create role canary login password '${canary}'`);
		});

		const details = { server, port, database, username: 'canary', sslMode: 'Require' };
		const string = (password: string) =>
			`Server=${server};Database=${database};Port=${port};UID=canary;Password=${password};EncryptionMethod=1`;
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
				parameters: { authMode, options: { verify: true }, ...parameters },
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

	test('is not in what the nodes put out, nor in their errors', () => {
		for (const { text } of executions) assert.ok(!text.includes(canary));
	});

	test('is not in any table of n8n’s database', async () => {
		const dump = await dumpDatabase(stage.database);
		// The dump would hold it if it were there: it holds the name of the credential.
		assert.ok(dump.some(({ row }) => row.includes('Canary 1')));
		assert.ok(dump.some(({ table }) => table.includes('execution_data')));
		const found = dump.filter(({ row }) => row.includes(canary)).map(({ table }) => table);
		assert.deepEqual([...new Set(found)], []);
	});

	test('is not in n8n’s log', () => {
		assert.ok(stage.instance.log.text.length > 0);
		assert.ok(!stage.instance.log.text.includes(canary));
	});

	test('is not in any file of n8n’s user folder', async () => {
		const folder = join(stage.userFolder, '.n8n');
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		const files = entries.filter((entry) => entry.isFile());
		assert.ok(files.length > 0);
		for (const file of files) {
			const path = join(file.parentPath, file.name);
			assert.ok(!(await readFile(path, 'latin1')).includes(canary), path);
		}
	});
});
