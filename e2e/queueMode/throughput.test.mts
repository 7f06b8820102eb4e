import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startEmulator } from '../../emulator/emulator.mts';
import { canaries } from '../canary/canaries.mts';
import { imsCredential } from '../n8n/adobe.mts';
import { teardown } from '../sharedStage.mts';
import { callWebhook, ended, waitForExecutions } from './executions.mts';
import { provisionWorkflow } from './provision.mts';
import {
	CONCURRENCY,
	keepFigures,
	sharedQueue,
	WORKERS,
	type SharedQueue,
} from './sharedQueue.mts';

/** Long against what an execution costs n8n itself, so that the load is bound by the waiting. */
const LATENCY_MS = 4_000;

/** Three rounds for two workers, six for one. */
const EXECUTIONS = 6 * CONCURRENCY;

const EXPECTED_RATIO = 1.6;

describe('two workers against one', () => {
	let queue: SharedQueue;
	let run: (workers: string[]) => Promise<number>;
	before(async () => {
		queue = await sharedQueue();
		const { postgres } = queue;
		const emulator = await startEmulator({ postgres, latencyMs: LATENCY_MS });
		canaries.watch(emulator);
		await teardown.add('stopping the slow emulator', emulator.close);
		const credential = { ...imsCredential({ emulator, postgres }), name: 'Slow Adobe' };
		const ims = { id: await queue.session.createCredential(credential), name: credential.name };

		/** Milliseconds from the first call of a webhook to the end of the last execution. */
		run = async (workers) => {
			await queue.haveWorkers(workers);
			const webhook = `load-${workers.length}`;
			const workflow = provisionWorkflow({
				name: webhook,
				connections: [webhook],
				operation: 'create',
				start: { webhook },
				...queue.credentials,
				ims,
			});
			const workflowId = await queue.session.createWorkflow(workflow);
			await queue.session.activate(workflowId);
			const execute = async (count: number, before: number) => {
				const calls = Array.from({ length: count }, async () => {
					await callWebhook(queue.main.url, webhook);
				});
				await Promise.all(calls);
				const executions = await waitForExecutions(
					queue.database,
					workflowId,
					(all) => ended(all).length === before + count,
				);
				assert.deepEqual([...new Set(executions.map(({ status }) => status))], ['success']);
			};
			// A first round warms every worker up: its nodes are loaded, the token is there.
			const warmUp = CONCURRENCY * workers.length;
			await execute(warmUp, 0);
			const startedMs = Date.now();
			await execute(EXECUTIONS, warmUp);
			return Date.now() - startedMs;
		};
	});

	test(`do a load bound by Adobe's latency at least ${EXPECTED_RATIO} times as fast`, async (context) => {
		const oneMs = await run(WORKERS.slice(0, 1));
		const twoMs = await run(WORKERS);
		const ratio = oneMs / twoMs;
		const figures = { executions: EXECUTIONS, latencyMs: LATENCY_MS, oneMs, twoMs, ratio };
		await keepFigures(`two-workers-n8n-${queue.n8n.line.major}`, {
			n8n: queue.n8n.version,
			...figures,
		});
		context.diagnostic(`one ${oneMs} ms, two ${twoMs} ms: ${ratio.toFixed(2)} times`);
		assert.ok(ratio >= EXPECTED_RATIO, `${ratio.toFixed(2)}`);
	});
});
