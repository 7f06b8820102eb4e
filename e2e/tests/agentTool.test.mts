import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AGENT, agentWorkflow, modelCredential } from '../agentWorkflow.mts';
import { canaries } from '../canary/canaries.mts';
import {
	connectionWorkflow,
	executeWorkflow,
	node,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { sourceCredential } from '../n8n/adobe.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { timedProgress } from '../n8n/progress.mts';
import { startScriptedModel, type Message, type OfferedTool } from '../n8n/scriptedModel.mts';
import { ensureSqlite } from '../n8n/sqlite.mts';
import { Witness } from '../n8n/witness.mts';
import type { WorkflowNode } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const TOOL = 'Create a connection';
const NAME = 'Made by an agent';
const TWINS = 'Two of that name';

/** A password that the database does not take; what is said of that may not repeat it. */
const wrongPassword = canaries.make('a wrong password');

/** Lets an agent use the connection node as its tool. */
interface Task {
	title: string;
	/** What the model fills in. */
	filledIn: Record<string, unknown>;
	/** Parameters of the tool beside, or instead of, those of a Create. */
	parameters?: Record<string, unknown>;
	onError?: WorkflowNode['onError'];
	/** ID and name of a database credential other than the one that works. */
	source?: { id: string; name: string };
}

/** What became of it. */
interface Outcome {
	execution: Execution;
	/** What the model was offered. */
	offered: OfferedTool | undefined;
	/** What the model was told about its one use of the tool; undefined when it was not told. */
	told: string | undefined;
	/** What the agent said in the end. */
	said: string;
}

/** Everything that any model was sent. */
const sent: string[] = [];

const toldIn = (messages: Message[]) => messages.find(({ role }) => role === 'tool')?.content;

/** The model uses the tool that it is offered, and then repeats what it was told. */
async function runAgent(stage: SharedStage, task: Task): Promise<Outcome> {
	const { title, filledIn, parameters, onError } = task;
	const model = await startScriptedModel(({ messages, tools }) => {
		const told = toldIn(messages);
		if (told !== undefined) return { say: `I was told: ${told}` };
		return { use: String(tools?.[0]?.function.name), with: filledIn };
	});
	try {
		const { ims, source } = workingCredentials(stage, stage.credentialIds);
		const type = 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnectionTool';
		const tool: WorkflowNode = {
			...node(TOOL, type, 1, 2, {
				resource: 'connection',
				operation: 'create',
				name: "={{ $fromAI('name', 'Name of the connection', 'string') }}",
				cloud: 'azure',
				authMode: 'connectionString',
				databaseDetails: 'credential',
				verify: true,
				...parameters,
			}),
			credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: task.source ?? source },
			...(onError && { onError }),
		};
		const credential = modelCredential(model, `Model of ${title}`);
		const workflow = agentWorkflow({
			name: title,
			prompt: 'Connect the sales database to Experience Platform',
			model: { id: await stage.session.createCredential(credential), name: credential.name },
			agentVersion: stage.n8n.line.major === 1 ? 3 : 3.1,
			tools: [tool],
		});
		const execution = await executeWorkflow(stage.session, workflow);
		return {
			execution,
			offered: model.questions[0]?.tools?.[0]?.function,
			told: toldIn(model.questions.at(-1)?.messages ?? []),
			said: String(itemsOf(execution, AGENT)[0]?.json.output),
		};
	} finally {
		await model.stop();
		sent.push(...model.received);
	}
}

describe('an AI agent with the connection node as its tool', () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
		await ensureSqlite(stage.n8n, timedProgress());
	});

	describe('that makes a connection', () => {
		let outcome: Outcome;
		before(async () => {
			outcome = await runAgent(stage, { title: 'Agent', filledIn: { name: NAME } });
		});

		test('offers its model the operation, and the field that it is to fill in', () => {
			const { offered } = outcome;
			assert.equal(offered?.name, TOOL.replaceAll(' ', '_'));
			assert.match(offered.description, /Create a connection/);
			assert.deepEqual(offered.parameters.properties, {
				name: { type: 'string', description: 'Name of the connection' },
			});
		});

		test('makes it once, under the name that the model has chosen', async () => {
			assert.equal(outcome.execution.status, 'success', outcome.execution.error?.message);
			const [made] = JSON.parse(outcome.told ?? '[]') as Array<{ connectionId: string }>;
			const witness = new Witness(stage.emulator);
			assert.equal((await witness.connection(String(made?.connectionId)))?.name, NAME);
			assert.equal((await witness.connectionsByName())[NAME], 1);
		});

		test('says what the model says of the result', () => {
			const [made] = JSON.parse(outcome.told ?? '[]') as Array<{ connectionId: string }>;
			assert.ok(outcome.said.startsWith('I was told:'), outcome.said);
			assert.ok(outcome.said.includes(String(made?.connectionId)), outcome.said);
		});
	});

	const FAILURES: Array<{
		what: string;
		/** What the model has to read. */
		names: RegExp;
		/** What it has to read about a way out. */
		advises: RegExp;
		task: () => Promise<Omit<Task, 'title'>>;
	}> = [
		{
			what: 'a wrong password',
			names: /Adobe could not log in to the database/,
			advises: /Check 'Username' and 'Password'.* The connection was removed again/,
			task: async () => {
				const { type, data, name } = sourceCredential(stage);
				const connectionString = String(data.connectionString).replace(
					stage.postgres.password,
					wrongPassword,
				);
				const wrong = {
					type,
					name: `${name} with a wrong password`,
					data: { ...data, connectionString },
				};
				const id = await stage.session.createCredential(wrong);
				return { filledIn: { name: 'Never made' }, source: { id, name: wrong.name } };
			},
		},
		{
			what: 'a sandbox that there is not',
			names: /The sandbox 'no-such-sandbox' does not exist/,
			advises: /Check .*'Sandbox Name or ID'/,
			task: async () => ({
				filledIn: { name: 'Never made', sandbox: 'no-such-sandbox' },
				parameters: {
					options: { sandboxName: "={{ $fromAI('sandbox', 'Name of the sandbox') }}" },
				},
			}),
		},
		{
			what: 'a name that two connections have',
			names: /There are 2 connections with this 'Name'/,
			advises: /Rename or delete all but one/,
			task: async () => {
				const twins = connectionWorkflow({
					name: 'Twins',
					items: [{ name: TWINS }, { name: TWINS }],
					...workingCredentials(stage, stage.credentialIds),
				});
				assert.equal((await executeWorkflow(stage.session, twins)).status, 'success');
				return { filledIn: { name: TWINS }, parameters: { operation: 'upsert' } };
			},
		},
	];

	for (const { what, names, advises, task } of FAILURES) {
		describe(`that is given ${what}`, () => {
			let given: Omit<Task, 'title'>;
			before(async () => {
				given = await task();
			});

			test('tells its model so and what to do about it, or in n8n 1 its user', async () => {
				const { execution, told, said } = await runAgent(stage, { title: what, ...given });
				if (stage.n8n.line.major === 1) {
					assert.equal(execution.status, 'error');
					assert.match(String(execution.error?.message), names);
					return;
				}
				assert.equal(execution.status, 'success', execution.error?.message);
				assert.match(String(told), names);
				assert.match(String(told), advises);
				assert.equal(said, `I was told: ${told}`);
			});

			test('on "Continue" tells its model so, and what to do about it', async () => {
				const title = `${what}, on "Continue"`;
				const onError = 'continueRegularOutput';
				const { execution, told, said } = await runAgent(stage, { title, onError, ...given });
				assert.equal(execution.status, 'success', execution.error?.message);
				assert.match(String(told), names);
				assert.match(String(told), advises);
				assert.equal(said, `I was told: ${told}`);
			});
		});
	}

	test('has made no other connection', async () => {
		const {
			[NAME]: made,
			[TWINS]: twins,
			'Never made': never,
		} = await new Witness(stage.emulator).connectionsByName();
		assert.deepEqual([made, twins, never], [1, 2, undefined]);
	});

	test('has shown no secret to any model', async () => {
		const text = sent.join('\n');
		const findIn = async (searched: string) =>
			await canaries.findIn([{ kind: 'output', where: 'what models were sent', text: searched }]);
		// The text would hold one if it were there: it holds what was made, and what went wrong.
		for (const part of [NAME, TWINS, 'could not log in']) assert.ok(text.includes(part), part);
		assert.notDeepEqual(await findIn(`${text}${wrongPassword}`), []);
		assert.deepEqual(await findIn(text), []);
	});
});
