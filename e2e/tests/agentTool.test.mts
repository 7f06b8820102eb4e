import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { executeWorkflow, node, TRIGGER, workingCredentials } from '../connectionWorkflow.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { startScriptedModel, type ScriptedModel } from '../n8n/scriptedModel.mts';
import { Witness } from '../n8n/witness.mts';
import type { Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const NAME = 'Made by an agent';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe('an AI agent with the connection node as its tool', () => {
	let stage: SharedStage;
	let model: ScriptedModel;
	let execution: Execution;
	before(async () => {
		stage = await sharedStage();
		// First it uses the tool that it is offered; when it has the result, it tells it.
		model = await startScriptedModel(({ messages, tools }) => {
			const result = messages.find(({ role }) => role === 'tool');
			if (result !== undefined) return { say: `It is there: ${UUID.exec(result.content)?.[0]}` };
			return { use: String(tools[0]?.function.name), with: { name: NAME } };
		});
		const openAi = { name: 'Scripted model', type: 'openAiApi', data: { apiKey: 'none' } };
		const id = await stage.session.createCredential(openAi);
		const { ims, source } = workingCredentials(stage, stage.credentialIds);
		const workflow: Workflow = {
			name: 'Agent',
			nodes: [
				node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
				node('Agent', '@n8n/n8n-nodes-langchain.agent', 2, 1, {
					promptType: 'define',
					text: 'Connect the sales database to Experience Platform',
					options: {},
				}),
				{
					...node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, 1, {
						model: { __rl: true, mode: 'id', value: 'scripted' },
						options: { baseURL: model.url },
					}),
					credentials: { openAiApi: { id, name: openAi.name } },
				},
				{
					...node(
						'Create a connection',
						'n8n-nodes-adobe-postgresql.adobePostgreSqlConnectionTool',
						1,
						2,
						{
							resource: 'connection',
							operation: 'create',
							name: "={{ $fromAI('name', 'Name of the connection', 'string') }}",
							cloud: 'azure',
							authMode: 'connectionString',
							databaseDetails: 'credential',
						},
					),
					credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: source },
				},
			],
			connections: {
				[TRIGGER]: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
				'Create a connection': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
			settings: { executionOrder: 'v1' },
			pinData: { [TRIGGER]: [{ json: {} }] },
		};
		execution = await executeWorkflow(stage.session, workflow);
	});
	after(async () => await model?.stop());

	test('makes the connection, once, and can tell its ID', async () => {
		assert.equal(execution.status, 'success', execution.error?.message);
		const said = String(itemsOf(execution, 'Agent')[0]?.json.output);
		const id = UUID.exec(said)?.[0] ?? said;
		const witness = new Witness(stage.emulator);
		assert.equal((await witness.connection(id))?.name, NAME);
		assert.equal((await witness.connectionsByName())[NAME], 1);
	});

	test('offers the model what it does, and the field that it is to fill in', () => {
		const [tool] = model.questions[0]?.tools ?? [];
		assert.match(JSON.stringify(tool), /Name of the connection/);
		assert.match(String(tool?.function.description), /connection/i);
	});

	test('shows the model no secret', () => {
		assert.equal(model.questions.length, 2);
		const asked = JSON.stringify(model.questions);
		for (const secret of [stage.emulator.clientSecret, stage.postgres.password]) {
			assert.ok(!asked.includes(secret));
		}
	});
});
