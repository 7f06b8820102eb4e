import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AGENT, agentWorkflow, MODEL, modelCredential } from '../agentWorkflow.mts';
import { whyNoBrowser } from '../browser.mts';
import { imsCredential, sourceCredential } from '../n8n/adobe.mts';
import { timedProgress } from '../n8n/progress.mts';
import { startScriptedModel, type ScriptedModel } from '../n8n/scriptedModel.mts';
import { ensureSqlite } from '../n8n/sqlite.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

/** How the panel and the canvas call it as a tool. */
const IN_PANEL = 'Adobe PostgreSQL Connection Tool';
const ON_CANVAS = 'Create or update a connection in Adobe PostgreSQL Connection';

const NAME = 'Made by an agent in the editor';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe(
	'a user who gives an agent the connection node as its tool',
	{ skip: whyNoBrowser },
	() => {
		let stage: SharedStage;
		let model: ScriptedModel;
		let editor: EditorPage;
		before(async () => {
			stage = await sharedStage();
			await ensureSqlite(stage.n8n, timedProgress());
			model = await startScriptedModel(({ messages, tools }) => {
				const told = messages.find(({ role }) => role === 'tool')?.content;
				if (told !== undefined) return { say: `The connection is ${UUID.exec(told)?.[0]}` };
				return { use: String(tools?.[0]?.function.name), with: { Name: NAME } };
			});
			const credential = modelCredential(model, 'Model of the agent in the editor');
			const workflow = agentWorkflow({
				name: 'Let an agent connect a database',
				prompt: 'Connect the sales database to Experience Platform',
				model: { id: await stage.session.createCredential(credential), name: credential.name },
				agentVersion: 3.1,
				tools: [],
			});
			editor = await EditorPage.open(stage, await stage.session.createWorkflow(workflow));
		});
		after(async () => {
			await editor?.close();
			await model?.stop();
		});

		test('finds it among the tools by what they would type', async () => {
			await editor.openToolPanel(AGENT);
			for (const text of ['postgres', 'aep', 'adobe']) await editor.search(text, IN_PANEL);
			await editor.picture('agent-1-search');
		});

		test('adds it, and lets the model define the name', async () => {
			await editor.add(IN_PANEL);
			await editor.chooseCredential(0, imsCredential(stage).name);
			await editor.chooseCredential(1, sourceCredential(stage).name);
			assert.match(await editor.letModelDefine('name'), /Defined automatically by the model/);
			const fields = await editor.fields();
			for (const field of ['Tool Description', 'Operation', 'Name', 'Database Details']) {
				assert.ok(fields.includes(field), fields.join());
			}
			await editor.picture('agent-2-tool');
			await editor.closeDetails();
		});

		test('executes the workflow and sees that the tool has made the connection', async () => {
			await editor.executeWorkflow();
			for (const node of [AGENT, MODEL, ON_CANVAS])
				assert.ok(await editor.hasSucceeded(node), node);
			const output = await editor.outputOf(ON_CANVAS);
			const id = UUID.exec(output)?.[0] ?? output;
			assert.equal((await new Witness(stage.emulator).connection(id))?.name, NAME);
			await editor.guidePictureOfDetails('agent-tool');
			await editor.closeDetails();
			await editor.picture('agent-4-executed');
			// The model had to be told the ID to say it.
			assert.match(await editor.outputOf(AGENT), new RegExp(`The connection is ${id}`));
		});
	},
);
