import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { modelCredential } from '../agentWorkflow.mts';
import { startBrowser, whyNoBrowser, type Browser } from '../browser.mts';
import { canaries } from '../canary/canaries.mts';
import { DEMO_EXAMPLE, MAIN_EXAMPLE, readExample, startOf } from '../n8n/examples.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { timedProgress } from '../n8n/progress.mts';
import { startScriptedModel, type Question } from '../n8n/scriptedModel.mts';
import { ensureSqlite } from '../n8n/sqlite.mts';
import { startWebhookReceiver, type WebhookReceiver } from '../n8n/webhookReceiver.mts';
import { withCredentials, type Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const REASON = 'The column <updated_at> is gone & nothing was read';
const LINK =
	'https://experience.adobe.com/#/sname:prod/platform/source/dataflows/1/activity/2?a=b&c=d';
const FORM_TIMEOUT_MS = 60_000;

/** The examples in which somebody else takes part: who is sent a message, a model, who fills in a form. */
describe('the examples with somebody else in them', () => {
	let stage: SharedStage;

	/** Its own workflow, so that other tests may store the example, too. */
	const read = async (file: string): Promise<Workflow> => {
		const { id: _, ...example } = await readExample(file);
		return withCredentials(example, stage.credentialIds);
	};
	const execute = async (workflow: Workflow): Promise<Execution> => {
		const id = await stage.session.createWorkflow(workflow);
		const execution = await stage.session.execute(id, startOf(workflow));
		assert.equal(execution.status, 'success', execution.error?.message);
		return execution;
	};
	/** Adds a failed run to the dataflow of the demo. */
	const failARun = () => {
		const flow = stage.emulator.flows().find(({ name }) => name === 'Orders from PostgreSQL');
		assert.ok(flow);
		const errors = [{ code: 'CONNECTOR-1001-500', message: REASON }];
		return stage.emulator.seedRun({ flowId: flow.id, status: 'failed', errors });
	};

	before(async () => {
		stage = await sharedStage();
		for (const file of [MAIN_EXAMPLE, DEMO_EXAMPLE]) await execute(await read(file));
	});

	describe('Notify Slack or Teams', () => {
		let receiver: WebhookReceiver;
		before(async () => {
			receiver = await startWebhookReceiver();
		});
		after(async () => await receiver?.stop());

		/** What was posted to Slack and to Teams, both of them switched on. */
		const notify = async (pinData: Workflow['pinData'] = {}) => {
			const workflow = await read('notify-slack-or-teams.json');
			for (const node of workflow.nodes) {
				if (!node.name.startsWith('Notify ')) continue;
				node.disabled = false;
				node.parameters.url = `${receiver.url}/${node.name.replace('Notify ', '')}`;
			}
			receiver.received.length = 0;
			await execute({ ...workflow, pinData });
			const bodyOf = (path: string) =>
				receiver.received.filter((one) => one.path === path).map(({ body }) => body);
			const [slack, ...more] = bodyOf('/Slack') as Array<{ text: string }>;
			const [teams, ...others] = bodyOf('/Teams') as Array<{
				attachments: [
					{ content: { body: Array<{ text: string }>; actions: Array<{ url: string }> } },
				];
			}>;
			assert.deepEqual([...more, ...others], []);
			assert.ok(slack && teams);
			return { slack: slack.text, teams: teams.attachments[0].content };
		};

		test('posts the cause of a run that failed, to either', async () => {
			failARun();
			const { slack, teams } = await notify();
			assert.match(slack, /^\*Orders from PostgreSQL: run failed\*\n/);
			// Slack would take a bare < for a link or a mention.
			assert.ok(slack.includes('&lt;updated_at&gt; is gone &amp; nothing'), slack);
			const texts = teams.body.map(({ text }) => text);
			assert.equal(texts[0], 'Orders from PostgreSQL: run failed');
			assert.ok(texts.join('\n').includes(REASON), texts.join('\n'));
			for (const text of [slack, ...texts]) assert.doesNotMatch(text, /undefined|null/);
		});

		test('links to the run, where Adobe has a page of it', async () => {
			const json = {
				event: 'rejectedRecords',
				flowName: 'Orders',
				summary: '10 records written, 1 record rejected',
				advice: 'Check the mapping.',
				url: LINK,
			};
			const { slack, teams } = await notify({ 'Run failed or rejected rows': [{ json }] });
			assert.equal(
				slack,
				`*Orders: rows rejected*\n${json.summary}\n${json.advice}\n<${LINK}|Open in Experience Platform>`,
			);
			assert.deepEqual(
				teams.body.map(({ text }) => text),
				['Orders: rows rejected', json.summary, json.advice],
			);
			assert.deepEqual(
				teams.actions.map(({ url }) => url),
				[LINK],
			);
		});
	});

	describe('Keep AEP in step with a database', () => {
		let receiver: WebhookReceiver;
		before(async () => {
			receiver = await startWebhookReceiver();
		});
		after(async () => await receiver?.stop());

		/** Executes it, answers the question that it asks in Slack, if it asks, and gives both. */
		const keepInStep = async (answer: 'Apply' | 'leave it') => {
			const workflow = await read('keep-in-step-with-a-database.json');
			for (const { name, parameters } of workflow.nodes) {
				if (name === 'Ask in Slack') parameters.url = receiver.url;
				if (name === 'Plan') {
					// Another example makes dataflows of the same names.
					parameters.dataflow = parameters.datasetName = "={{ 'In step: ' + $json.table }}";
				}
			}
			receiver.received.length = 0;
			const execution = execute(workflow);
			const isOver = execution.then(() => true);
			while (receiver.received.length === 0) {
				if (await Promise.race([isOver, sleep(100, false)])) break;
			}
			const [message] = receiver.received.map(({ body }) => (body as { text: string }).text);
			if (message !== undefined) {
				const link = new RegExp(`<([^|>]+)\\|${answer}>`).exec(message)?.[1];
				assert.ok(link, message);
				await follow(link, execution);
			}
			return { message, execution: await execution };
		};

		/** A person is slower: at the moment of the message n8n has not begun to wait yet. */
		const follow = async (link: string, execution: Promise<Execution>): Promise<void> => {
			const deadlineMs = Date.now() + FORM_TIMEOUT_MS;
			for (;;) {
				const response = await fetch(link.replaceAll('&amp;', '&'));
				if (response.ok) return;
				if (Date.now() > deadlineMs) {
					execution.catch(() => {});
					throw new Error(`n8n answered ${response.status}: ${await response.text()}`);
				}
				await sleep(500);
			}
		};

		test('says what differs, applies it once it is approved, and then has nothing to say', async () => {
			const { message: refused, execution: left } = await keepInStep('leave it');
			assert.match(String(refused), /^\*\d+ tables differ\*\n• \S+: create\. There is/);
			assert.deepEqual(itemsOf(left, 'Apply'), []);

			const { message, execution } = await keepInStep('Apply');
			assert.match(String(message), /public\.orders: create\. There is no dataflow/);
			const plans = itemsOf(execution, 'Does anything differ?');
			const applied = itemsOf(execution, 'Apply').map(({ json }) => json);
			assert.equal(applied.length, plans.length);
			assert.deepEqual([...new Set(applied.map(({ action }) => action))], ['created']);
			for (const { flowId } of applied) {
				const flow = stage.emulator.flows().find(({ id }) => id === flowId);
				assert.equal(flow?.state, 'enabled');
			}

			const again = await keepInStep('Apply');
			assert.equal(again.message, undefined);
			const states = itemsOf(again.execution, 'Plan').map(({ json }) => json.action);
			assert.equal(states.length, plans.length);
			assert.deepEqual([...new Set(states)], ['unchanged']);
		});
	});

	test('AI agent as data steward: the agent tests a connection, reads failed runs, and reports the cause', async () => {
		await ensureSqlite(stage.n8n, timedProgress());
		failARun();
		const told = ({ messages }: Question) =>
			messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
		const model = await startScriptedModel((question) => {
			const [connections, tested, failed] = told(question);
			if (connections === undefined) return { use: 'List_connections', with: {} };
			if (tested === undefined) {
				const listed = JSON.parse(connections) as Array<{ name: string; connectionId: string }>;
				const one = listed.find(({ name }) => name === 'Sales database');
				return { use: 'Test_a_connection', with: { connectionId: String(one?.connectionId) } };
			}
			if (failed === undefined) return { use: 'List_failed_runs', with: {} };
			return { say: `The connection: ${tested}\nThe runs: ${failed}` };
		});
		try {
			const workflow = await read('ai-data-steward.json');
			const credential = modelCredential(model, 'Model of the data steward');
			const id = await stage.session.createCredential(credential);
			for (const node of workflow.nodes) {
				if (node.name === 'Chat model') {
					node.credentials = { openAiApi: { id, name: credential.name } };
				}
			}
			const execution = await execute(workflow);
			const offered = model.questions[0]?.tools?.map(({ function: { name } }) => name) ?? [];
			assert.deepEqual(offered.sort(), [
				'List_connections',
				'List_dataflows',
				'List_failed_runs',
				'Test_a_connection',
			]);
			const report = String(itemsOf(execution, 'Ask the data steward')[0]?.json.output);
			assert.match(report, /^The connection: .*"result":\s*true/);
			assert.ok(report.includes(REASON), report);
			const text = model.received.join('\n');
			assert.deepEqual(await canaries.findIn([{ kind: 'output', where: 'the model', text }]), []);
		} finally {
			await model.stop();
		}
	});

	describe('Onboarding form', { skip: whyNoBrowser }, () => {
		let browser: Browser;
		let form: string;
		before(async () => {
			browser = await startBrowser(stage.n8n);
			const workflow = await read('onboarding-form.json');
			const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger');
			assert.ok(trigger?.webhookId);
			await stage.session.activate(await stage.session.createWorkflow(workflow));
			form = `${stage.session.url}/form/${trigger.webhookId}`;
			const deadlineMs = Date.now() + FORM_TIMEOUT_MS;
			while (!(await fetch(form)).ok) {
				assert.ok(Date.now() < deadlineMs, `n8n does not show the form ${form}`);
				await sleep(200);
			}
		});
		after(async () => await browser?.close());

		/** Fills the form in, and gives what its ending says. */
		const send = async (answers: string[], ending: string): Promise<string> => {
			const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
			page.setDefaultTimeout(FORM_TIMEOUT_MS);
			await page.goto(form);
			for (const [index, answer] of answers.entries()) {
				await page.locator(`#field-${index}`).fill(answer);
			}
			await page.locator('#submit-btn').click();
			await page.getByText(ending).first().waitFor();
			return await page.locator('body').innerText();
		};

		test('creates a connection and a dataflow from its answers, and ends with the dataflow', async () => {
			const answers = ['Database of the form', 'public.customers', 'Customers of the form'];
			const text = await send(answers, 'The dataflow is ready');
			const flow = stage.emulator.flows().find(({ name }) => name === 'Customers of the form');
			assert.ok(flow);
			assert.ok(text.includes(flow.id), text);
			const source = stage.emulator
				.sourceConnections()
				.find(({ id }) => id === flow.sourceConnectionIds[0]);
			assert.equal(source?.params.tableName, 'public.customers');
			const connection = stage.emulator
				.connections()
				.find(({ id }) => id === source?.baseConnectionId);
			assert.equal(connection?.name, 'Database of the form');
		});

		test('says what to do where a table does not exist', async () => {
			const answers = ['Database of the form', 'public.no_such_table', 'Nothing of the form'];
			const text = await send(answers, 'That did not work');
			assert.match(text, /no_such_table/);
			const names = stage.emulator.flows().map(({ name }) => name);
			assert.ok(!names.includes('Nothing of the form'), names.join());
		});
	});
});
