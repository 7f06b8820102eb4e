import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoBrowser } from '../browser.mts';
import { imsCredential, sourceCredential } from '../n8n/adobe.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

const CONNECTION_NODE = 'Adobe PostgreSQL Connection';
const DATAFLOW_NODE = 'Adobe PostgreSQL Dataflow';
const CONNECTION = 'From an empty canvas';
const DATASET = 'Customers from an empty canvas';
const TABLE = 'public.customers';

/** From the opened details of Create to a dataflow; what is typed needs no mouse but to get there. */
const MAX_CLICKS = 6;

describe('a user with an empty canvas', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let editor: EditorPage;
	before(async () => {
		stage = await sharedStage();
		editor = await EditorPage.open(stage);
	});
	after(async () => await editor?.close());

	test('types in both credentials, and connects the database', async (context) => {
		const startedAt = Date.now();
		await editor.openNodePanel();
		await editor.search('adobe postgres', CONNECTION_NODE);
		await editor.actionsOf(CONNECTION_NODE);
		await editor.addBy('Create or update a connection');
		const ims = imsCredential(stage).data;
		await editor.newCredential(0);
		for (const field of ['clientId', 'clientSecret', 'orgId']) {
			await editor.typeCredential(field, String(ims[field]));
		}
		await editor.chooseInCredential('environment', 'Custom');
		for (const field of ['platformUrl', 'imsUrl']) {
			await editor.typeCredential(field, String(ims[field]));
		}
		await editor.saveGoodCredential();
		await editor.newCredential(1);
		const { connectionString } = sourceCredential(stage).data;
		await editor.chooseInCredential('authMode', 'Account Key (Connection String)');
		await editor.typeCredential('connectionString', String(connectionString));
		await editor.saveGoodCredential();
		await editor.type('name', CONNECTION);
		const output = await editor.execute();
		assert.match(output, /created/);
		assert.match(output, /enabled/);
		await editor.guidePictureOfDetails('first-connection');
		await editor.closeDetails();
		context.diagnostic(`${editor.clicks} clicks, ${secondsSince(startedAt)} s to a connection`);
	});

	test(`creates a dataflow for a table in at most ${MAX_CLICKS} clicks`, async (context) => {
		await editor.openNodePanel();
		await editor.search('adobe dataflow', DATAFLOW_NODE);
		await editor.actionsOf(DATAFLOW_NODE);
		await editor.addBy('Create a dataflow');
		const startedAt = Date.now();
		const clicksBefore = editor.clicks;
		await editor.pickFromList('connectionId', CONNECTION);
		await editor.pickFromList('table', TABLE);
		await editor.choose('datasetSource', 'Create From Table');
		await editor.type('datasetName', DATASET);
		const output = await editor.execute();
		assert.match(output, /created/);
		const clicks = editor.clicks - clicksBefore;
		context.diagnostic(`${clicks} clicks, ${secondsSince(startedAt)} s to a dataflow`);
		assert.ok(clicks <= MAX_CLICKS, `${clicks} clicks`);
		await editor.guidePictureOfDetails('dataflow-created');
		await editor.closeDetails();
	});

	test('runs it, and reads how many rows were written', async () => {
		await editor.openNodePanel();
		await editor.search('adobe dataflow', DATAFLOW_NODE);
		await editor.actionsOf(DATAFLOW_NODE);
		await editor.addBy('Run a dataflow now');
		await editor.nameBy('flowId', 'By ID', '={{ $json.flowId }}');
		await editor.switchOn('waitForCompletion');
		const output = await editor.execute();
		assert.match(output, /records written/);
		await editor.guidePictureOfDetails('run-now');
		await editor.closeDetails();
		await editor.guidePictureOfCanvas('table-to-dataflow');
	});

	test('has the connection at Adobe, once', async () => {
		const held = (await new Witness(stage.emulator).connectionsByName())[CONNECTION];
		assert.equal(held, 1);
	});
});

function secondsSince(epochMs: number): number {
	return Math.round((Date.now() - epochMs) / 1000);
}
