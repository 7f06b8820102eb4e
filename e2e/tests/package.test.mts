import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

interface Described {
	name: string;
	displayName: string;
	iconUrl?: string | { light: string; dark: string };
}

describe('the packed package in real n8n', () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	/** What the editor loads at its start. */
	const described = async (kind: 'nodes' | 'credentials'): Promise<Described[]> => {
		const response = await fetch(`${stage.session.url}/types/${kind}.json`, {
			headers: { cookie: `n8n-auth=${stage.session.cookie}` },
		});
		return (await response.json()) as Described[];
	};

	test('is loaded without a warning', () => {
		const complaints = stage.instance.startLog
			.filter(({ level }) => level === 'warn' || level === 'error')
			.filter(({ line }) => line.toLowerCase().includes('adobe'));
		assert.deepEqual(complaints, []);
	});

	test('offers the connection node, with its icons', async () => {
		const type = 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection';
		const node = (await described('nodes')).find(({ name }) => name === type);
		assert.equal(node?.displayName, 'Adobe PostgreSQL Connection');
		await assertIcons(stage.session.url, node);
	});

	for (const name of ['adobeImsApi', 'adobePostgreSqlSourceApi']) {
		test(`offers the credential ${name}, with its icons`, async () => {
			const credential = (await described('credentials')).find((each) => each.name === name);
			assert.ok(credential);
			await assertIcons(stage.session.url, credential);
		});
	}
});

async function assertIcons(url: string, { iconUrl }: Described): Promise<void> {
	assert.ok(iconUrl);
	for (const path of typeof iconUrl === 'string' ? [iconUrl] : Object.values(iconUrl)) {
		const response = await fetch(`${url}/${path}`);
		assert.equal(response.status, 200, path);
		assert.match(await response.text(), /<svg/);
	}
}
