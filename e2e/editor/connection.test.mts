import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoBrowser } from '../browser.mts';
import { canaries } from '../canary/canaries.mts';
import { imsCredential, sourceCredential } from '../n8n/adobe.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

const NODE = 'Adobe PostgreSQL Connection';
const NAME = 'Made in the editor';

/** What somebody who looks for the node may type. */
const SEARCHES = ['adobe postgres', 'postgres adobe', 'experience platform', 'cdp', 'aep'];

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe('a user who makes a connection in the editor', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let editor: EditorPage;
	let connectionId = '';
	before(async () => {
		stage = await sharedStage();
		editor = await EditorPage.open(stage);
	});
	after(async () => await editor?.close());

	test('finds the node by what they would type', async () => {
		await editor.openNodePanel();
		for (const text of SEARCHES) await editor.search(text, NODE);
		await editor.picture('connection-1-search');
	});

	test('sees its actions and adds one', async () => {
		const actions = await editor.actionsOf(NODE);
		for (const action of ['Create a connection', 'Preview rows of a table']) {
			assert.ok(actions.includes(action), actions.join());
		}
		await editor.picture('connection-2-actions');
		await editor.addBy('Create a connection');
		await editor.picture('connection-3-node');
	});

	test('is told what is wrong with the Adobe credential, and when it is right', async () => {
		const { data } = imsCredential(stage);
		await editor.newCredential(0);
		for (const field of ['clientId', 'orgId']) {
			await editor.typeCredential(field, String(data[field]));
		}
		await editor.typeCredential('clientSecret', canaries.make('a wrong client secret', 'p8e-'));
		await editor.chooseInCredential('environment', 'Custom');
		for (const field of ['platformUrl', 'imsUrl']) {
			await editor.typeCredential(field, String(data[field]));
		}
		await editor.scrollCredentialTo('Developer Console Project');
		await editor.picture('connection-4-adobe-credential-for-events');
		assert.match(await editor.saveWrongCredential(), /does not accept .*'Client Secret'/);
		await editor.picture('connection-4-adobe-credential-wrong');
		await editor.typeCredential('clientSecret', String(data.clientSecret));
		await editor.saveGoodCredential();
	});

	test('is told what is wrong with the database credential, and when it is right', async () => {
		const { data } = sourceCredential(stage);
		await editor.newCredential(1);
		const whole = String(data.connectionString);
		await editor.typeCredential('connectionString', whole.replace(/^Server=[^;]*;/, ''));
		assert.match(await editor.saveWrongCredential(), /The connection string has no Server/);
		await editor.picture('connection-5-database-credential-wrong');
		await editor.typeCredential('connectionString', whole);
		await editor.saveGoodCredential();
	});

	test('sees the fields that belong to the cloud and the authentication', async () => {
		const BEGIN = ['Resource', 'Operation', 'Name', 'Cloud', 'Authentication', 'Database Details'];
		const BASIC = ['Server', 'Port', 'Database', 'Username', 'Password', 'SSL Mode Name or ID'];
		const END = ['Verify Connection', 'Additional Fields', 'Options'];
		assert.deepEqual(await editor.fields(), [...BEGIN, ...END]);
		await editor.choose('databaseDetails', 'From Parameters');
		assert.deepEqual(await editor.fields(), [...BEGIN, ...BASIC, ...END]);
		await editor.choose('authMode', 'Account Key (Connection String)');
		assert.deepEqual(await editor.fields(), [...BEGIN, 'Connection String', ...END]);
		// There is no connection string on AWS: the choice that is not offered there is marked until
		// another one is made.
		await editor.choose('cloud', 'AWS');
		await editor.choose('authMode', 'Basic');
		assert.deepEqual(await editor.fields(), [...BEGIN, ...BASIC, ...END]);
		await editor.picture('connection-6-aws');
		await editor.choose('cloud', 'Azure');
		await editor.choose('databaseDetails', 'From Credential');
		assert.deepEqual(await editor.fields(), [...BEGIN, ...END]);
	});

	test('executes it and sees the ID of the connection that Adobe now has', async () => {
		await editor.type('name', NAME);
		const output = await editor.execute();
		assert.match(output, UUID);
		connectionId = UUID.exec(output)?.[0] ?? '';
		assert.equal((await new Witness(stage.emulator).connection(connectionId))?.name, NAME);
		await editor.picture('connection-7-created');
		await editor.closeDetails();
	});

	test('picks the connection and a table from their lists, and sees the rows', async () => {
		await editor.openNodePanel();
		await editor.search('aep', NODE);
		await editor.actionsOf(NODE);
		await editor.addBy('Preview rows of a table');
		await editor.chooseFromList('connectionId', NAME);
		await editor.chooseFromList('table', 'public.customers');
		const output = await editor.execute();
		assert.match(output, /customer1@example\.com/);
		await editor.picture('connection-8-rows');
	});

	test('hands the ID on from node to node by an expression', async () => {
		await editor.nameBy('connectionId', 'By ID', '={{ $json.connectionId }}');
		await editor.reads(connectionId);
		assert.match(await editor.execute(), /customer1@example\.com/);
		await editor.guidePictureOfDetails('id-passed-on');
	});

	test('reads what is wrong, and what to do, when something is', async () => {
		await editor.nameBy('table', 'By Name', 'public.nowhere');
		const error = await editor.executeToError();
		assert.match(error, /The table 'public\.nowhere' was not found in the database/);
		assert.match(error, /Use the name that Table: Get Many returns/);
		await editor.guidePictureOfDetails('error');
	});
});
