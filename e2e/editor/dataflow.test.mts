import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyNoBrowser } from '../browser.mts';
import { imsCredential } from '../n8n/adobe.mts';
import { readExample, startOf } from '../n8n/examples.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

const NODE = 'Adobe PostgreSQL Dataflow';
const NAME = 'Watched in the editor';

describe('a user who watches a dataflow in the editor', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let editor: EditorPage;
	before(async () => {
		stage = await sharedStage();
		// A dataflow with a run that has ended well.
		const { id: _, ...example } = await readExample('table-to-dataflow.json');
		const workflow = withCredentials(example, stage.credentialIds);
		const make = workflow.nodes.find(({ name }) => name === 'Create dataflow');
		Object.assign(make?.parameters ?? {}, { name: NAME, datasetName: NAME });
		const workflowId = await stage.session.createWorkflow(workflow);
		const execution = await stage.session.execute(workflowId, startOf(workflow));
		assert.equal(execution.status, 'success', execution.error?.message);
		editor = await EditorPage.open(stage);
	});
	after(async () => await editor?.close());

	test('finds the trigger, and executes it by hand: the last run of the dataflow comes', async () => {
		await editor.openNodePanel();
		for (const text of ['postgres adobe', 'adobe dataflow']) await editor.search(text, NODE);
		const actions = await editor.actionsOf(NODE);
		assert.ok(actions.includes('On run failed'), actions.join());
		await editor.picture('trigger-1-events');
		await editor.addBy('On run succeeded');
		await editor.chooseCredential(0, imsCredential(stage).name);
		await editor.chooseFromList('flowId', NAME);
		const output = await editor.execute();
		assert.match(output, /succeeded/);
		await editor.guidePictureOfDetails('trigger');
	});

	test('may have it told by the journal of events, whose endpoint has a field then', async () => {
		const before = await editor.fields();
		assert.ok(!before.includes('Journaling Endpoint'), before.join());
		await editor.choose('delivery', 'Adobe I/O Events Journal');
		const fields = await editor.fields();
		assert.equal(fields[fields.indexOf('Delivery') + 1], 'Journaling Endpoint', fields.join());
		await editor.scrollTo('Journaling Endpoint');
		await editor.picture('trigger-2-journal');
		await editor.closeDetails();
	});

	test('adds the node behind it, picks the dataflow from the list, and sees its runs', async () => {
		await editor.openNodePanel();
		await editor.search('adobe dataflow', NODE);
		const actions = await editor.actionsOf(NODE);
		assert.ok(actions.includes('Create a dataflow'), actions.join());
		await editor.picture('dataflow-1-actions');
		await editor.addBy('Get many runs');
		await editor.chooseCredential(0, imsCredential(stage).name);
		await editor.chooseFromList('flowId', NAME);
		const output = await editor.execute();
		assert.match(output, /success/);
		await editor.picture('dataflow-2-runs');
		await editor.closeDetails();
	});

	test('maps a table to a dataset field by field, and finds the columns filled in', async () => {
		await editor.openNodePanel();
		await editor.search('adobe dataflow', NODE);
		await editor.actionsOf(NODE);
		await editor.addBy('Create a dataflow');
		await editor.chooseCredential(0, imsCredential(stage).name);
		await editor.pickFromList('connectionId', 'Sales database');
		await editor.pickFromList('table', 'public.orders');
		await editor.pickFromList('dataset', 'Orders (schema Orders schema)', 'Orders');
		await editor.choose('mapping', 'Field by Field');
		await editor.reads('Column for each field');
		for (const column of ['customer_id', 'updated_at']) {
			assert.ok((await editor.values()).includes(column), column);
		}
		await editor.scrollTo('Schedule');
		await editor.guidePictureOfDetails('field-by-field');
	});
});
