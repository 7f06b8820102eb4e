import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import {
	dataflowWithRuns,
	eventsCredential,
	TRIGGER,
	until,
	webhookWorkflow,
} from '../webhookWorkflow.mts';

/** What a webhook has to keep: from the end of a run to the start of the workflow. */
const MAX_DELAY_MS = 2_000;

interface Started {
	id: string;
	startedAt: string;
	status: string;
	mode: string;
}

describe('the webhook trigger in n8n', () => {
	let stage: SharedStage;
	let workflowId: string;
	let flowId: string;

	before(async () => {
		stage = await sharedStage();
		flowId = await dataflowWithRuns(stage);
		const credential = eventsCredential(stage);
		const id = await stage.session.createCredential(credential);
		const workflow = webhookWorkflow({ id, name: credential.name });
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
	const registrations = () =>
		stage.emulator.registrations().filter(({ deliveryType }) => deliveryType === 'webhook');
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
