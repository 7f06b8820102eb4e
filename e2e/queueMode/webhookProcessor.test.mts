import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { N8nInstance } from '../n8n/instance.mts';
import { dataflowWithRuns, eventsCredential, until, webhookWorkflow } from '../webhookWorkflow.mts';
import { ended, waitForExecutions } from './executions.mts';
import { sharedQueue, WORKERS, type SharedQueue } from './sharedQueue.mts';

const RUNS = 10;

describe('the webhook trigger in queue mode, with a webhook processor', () => {
	let queue: SharedQueue;
	let processor: N8nInstance;
	let workflowId: string;
	let flowId: string;

	before(async () => {
		queue = await sharedQueue();
		await queue.haveWorkers(WORKERS.slice(0, 1));
		processor = await queue.startProcessor();
		flowId = await dataflowWithRuns(queue);
		const credential = eventsCredential(queue);
		const id = await queue.session.createCredential(credential);
		workflowId = await queue.session.createWorkflow(webhookWorkflow({ id, name: credential.name }));
	});
	after(async () => {
		await processor?.stop();
	});

	const registrations = () => queue.emulator.registrations();
	const executionsAre = async (count: number) =>
		await waitForExecutions(queue.database, workflowId, (all) => ended(all).length >= count);

	test('publishing registers the address of the processor, which Adobe has asked', async () => {
		await queue.session.activate(workflowId);
		const registration = await until('a registration', () => registrations()[0]);
		await until('its challenge', () =>
			registration.webhookStatus === 'verified' ? true : undefined,
		);
		assert.equal(new URL(String(registration.webhookUrl)).origin, processor.url);
	});

	test('each event starts one execution, in a worker', async () => {
		for (let count = 0; count < RUNS; count++) {
			queue.emulator.seedRun({ flowId, status: 'failed' });
		}
		const executions = await executionsAre(RUNS);
		assert.equal(executions.length, RUNS);
		assert.deepEqual(
			executions.filter(({ status }) => status !== 'success'),
			[],
		);
	});

	test('what one process has seen, the other knows', async () => {
		const run = queue.emulator.seedRun({ flowId, status: 'failed' });
		await executionsAre(RUNS + 1);
		const body = JSON.stringify({
			event_id: 'again',
			event: {
				id: run.id,
				flowId,
				header: { _adobeio: { eventCode: 'sources_flow_run_failure' } },
			},
			recipient_client_id: queue.emulator.clientId,
		});
		const path = new URL(String(registrations()[0]?.webhookUrl)).pathname;
		const answer = await fetch(queue.main.url + path, {
			method: 'POST',
			headers: queue.emulator.signedHeaders(body),
			body,
		});
		assert.equal(answer.status, 200);
		queue.emulator.seedRun({ flowId, status: 'failed' });
		const executions = await executionsAre(RUNS + 2);
		assert.equal(executions.length, RUNS + 2);
	});

	test('unpublishing removes the registration', async () => {
		await queue.session.deactivate(workflowId);
		await until('its removal', () => (registrations().length === 0 ? true : undefined));
	});
});
