import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { canaries } from '../canary/canaries.mts';
import { imsCredential, sourceCredential } from '../n8n/adobe.mts';
import type { CredentialTestResult } from '../n8n/session.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

describe('the test of the credential', () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	/** Stores a changed copy of a working credential and tests it, as *Save* in the editor does. */
	const result = async (
		kind: typeof imsCredential | typeof sourceCredential,
		changes: Record<string, unknown>,
	): Promise<CredentialTestResult> => {
		const { type, data } = kind(stage);
		const name = `Changed: ${Object.keys(changes).join(', ')}`;
		const credential = { name, type, data: { ...data, ...changes } };
		return await stage.session.testCredential(
			await stage.session.createCredential(credential),
			credential,
		);
	};

	test('Adobe IMS succeeds', async () => {
		const { status, message } = await result(imsCredential as typeof sourceCredential, {});
		assert.equal(status, 'OK', message);
	});

	const WRONG: Array<[field: string, value: string, text: RegExp]> = [
		['clientSecret', canaries.make('a wrong client secret', 'p8e-'), /client secret/i],
		['clientId', 'nobody', /client id/i],
		['orgId', 'not-an-organization', /organization id/i],
		['sandboxName', 'no-such-sandbox', /sandbox/i],
	];
	for (const [field, value, text] of WRONG) {
		test(`Adobe IMS fails with a wrong ${field}, and says that it is that`, async () => {
			const { status, message } = await result(imsCredential, { [field]: value });
			assert.equal(status, 'Error');
			assert.match(message, text);
		});
	}

	test('PostgreSQL source succeeds', async () => {
		const { status, message } = await result(sourceCredential, {});
		assert.equal(status, 'OK', message);
	});

	test('PostgreSQL source fails without a server in the connection string', async () => {
		const password = canaries.make('the password beside no server');
		const connectionString = `Database=sales;Port=5432;UID=reader;Password=${password}`;
		const { status, message } = await result(sourceCredential, { connectionString });
		assert.equal(status, 'Error');
		assert.match(message, /server/i);
		assert.ok(!message.includes(password));
	});
});
