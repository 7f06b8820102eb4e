import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { imsCredential, sourceCredential } from '../n8n/adobe.mts';
import type { Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const TRIGGER = 'A run failed';
const SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext,adobeio_api';

/** What a webhook has to keep: from the end of a run to the start of the workflow. */
const MAX_DELAY_MS = 2_000;

interface Started {
	id: string;
	startedAt: string;
	status: string;
	mode: string;
}

async function until<T>(
	what: string,
	find: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const deadlineMs = Date.now() + 30_000;
	for (;;) {
		const found = await find();
		if (found !== undefined) return found;
		assert.ok(Date.now() < deadlineMs, `not in time: ${what}`);
		await sleep(50);
	}
}

describe('the webhook trigger in n8n', () => {
	let stage: SharedStage;
	let workflowId: string;
	let flowId: string;

	before(async () => {
		stage = await sharedStage();
		const credential = imsCredential(stage);
		const name = 'Adobe with events';
		const { platformUrl } = stage.emulator;
		const id = await stage.session.createCredential({
			...credential,
			name,
			data: {
				...credential.data,
				scopes: SCOPES,
				ioUrl: platformUrl,
				projectSecretJson: stage.emulator.projectJson(),
			},
		});
		flowId = await makeFlow(stage);
		const workflow: Workflow = {
			name: 'Webhook trigger',
			nodes: [
				{
					id: '1d6c8a54-8c1b-4c2c-9f6a-0a6d0d7d9c01',
					name: TRIGGER,
					type: 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflowWebhookTrigger',
					typeVersion: 1,
					position: [0, 0],
					parameters: { triggerOn: ['failed'], watch: 'all' },
					credentials: { adobeImsApi: { id, name } },
					webhookId: '5f0f4c0e-2f3c-4b65-8d5c-7c8c5a1d2e03',
				},
				{
					id: '1d6c8a54-8c1b-4c2c-9f6a-0a6d0d7d9c02',
					name: 'Next',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					position: [220, 0],
					parameters: {},
				},
			],
			connections: { [TRIGGER]: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		};
		workflowId = await stage.session.createWorkflow(workflow);
	});
	after(async () => {
		if (workflowId !== undefined) await stage.session.deactivate(workflowId).catch(() => undefined);
	});

	const executions = async (): Promise<Started[]> => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await stage.session.request<{ results: Started[] }>(
			'GET',
			`/rest/executions?filter=${filter}`,
		);
		return results;
	};
	const registrations = () => stage.emulator.registrations();
	const failRun = () => stage.emulator.seedRun({ flowId, status: 'failed', failedRecordCount: 3 });

	/** Fails a run and waits for the execution; the milliseconds between. */
	const failAndWait = async (): Promise<number> => {
		const known = (await executions()).length;
		const endedAtMs = Date.now();
		failRun();
		const { startedAt } = await until('an execution', async () => {
			const all = await executions();
			const [newest] = all;
			return all.length > known && newest?.status === 'success' ? newest : undefined;
		});
		return Date.parse(startedAt) - endedAtMs;
	};

	/** n8n 2 publishes after it has answered. */
	const publish = async () => {
		await stage.session.activate(workflowId);
		return await until('a registration', () => registrations()[0]);
	};
	const unpublish = async () => {
		await stage.session.deactivate(workflowId);
		await until('its removal', () => (registrations().length === 0 ? true : undefined));
	};

	test('publishing registers it, and Adobe has asked it', async () => {
		const registration = await publish();
		await until('its challenge', () =>
			registration.webhookStatus === 'verified' ? true : undefined,
		);
		assert.match(String(registration.webhookUrl), /^http:\/\/127\.0\.0\.1:\d+\/webhook\//);
	});

	test('an event starts the workflow within two seconds', async () => {
		const delays: number[] = [];
		for (let count = 0; count < 5; count++) delays.push(await failAndWait());
		process.stdout.write(`from the end of a run to the start: ${delays.join(', ')} ms\n`);
		assert.ok(Math.max(...delays) < MAX_DELAY_MS, delays.join(', '));
		assert.ok(stage.emulator.deliveries().every(({ status }) => status === 200));
	});

	test('a registration that Adobe has switched off is made again', async () => {
		const [registration] = registrations();
		Object.assign(registration ?? {}, { enabled: false, webhookStatus: 'disabled' });
		await unpublish();
		const again = await publish();
		assert.notEqual(again.registrationId, registration?.registrationId);
		await until('its challenge', () => (again.webhookStatus === 'verified' ? true : undefined));
		await failAndWait();
	});

	test('unpublishing removes it, and nothing starts any more', async () => {
		await unpublish();
		const known = (await executions()).length;
		failRun();
		await sleep(1_000);
		assert.equal((await executions()).length, known);
	});

	test('the test URL is registered while n8n listens, and removed after the first event', async () => {
		const body =
			stage.n8n.line.major === 1
				? { workflowData: await stage.session.request('GET', `/rest/workflows/${workflowId}`) }
				: {};
		const { waitingForWebhook } = await stage.session.request<{ waitingForWebhook?: boolean }>(
			'POST',
			`/rest/workflows/${workflowId}/run`,
			{ ...body, triggerToStartFrom: { name: TRIGGER } },
		);
		assert.equal(waitingForWebhook, true);
		const registration = await until('the registration', () => registrations()[0]);
		assert.match(String(registration.webhookUrl), /\/webhook-test\//);
		failRun();
		await until('a manual execution', async () =>
			(await executions()).find(({ mode, status }) => mode === 'manual' && status === 'success'),
		);
		await until('its removal', () => (registrations().length === 0 ? true : undefined));
	});
});

/** A dataflow that exists to have runs. */
async function makeFlow({ emulator, postgres }: SharedStage): Promise<string> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: emulator.clientId,
		client_secret: emulator.clientSecret,
		scope: SCOPES,
	});
	const token = await fetch(`${emulator.imsUrl}/ims/token/v3`, { method: 'POST', body: form });
	const { access_token: bearer } = (await token.json()) as { access_token: string };
	const { connectionString } = sourceCredential({ emulator, postgres }).data;
	const made = await fetch(`${emulator.platformUrl}/data/foundation/flowservice/connections`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${bearer}`,
			'x-api-key': emulator.clientId,
			'x-gw-ims-org-id': emulator.orgId,
			'x-sandbox-name': 'prod',
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			name: 'Of events',
			auth: {
				specName: 'Connection String Based Authentication',
				params: { connectionString },
			},
			connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' },
		}),
	});
	const { id } = (await made.json()) as { id: string };
	const [flow] = emulator.markInUse(id, ['Orders by events']);
	assert.ok(flow);
	return flow.id;
}
