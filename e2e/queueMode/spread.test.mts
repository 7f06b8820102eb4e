import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { executionsBegunBy } from '../n8n/queue.mts';
import { Witness } from '../n8n/witness.mts';
import { callWebhook, ended, waitForExecutions, type StoredExecution } from './executions.mts';
import { provisionWorkflow, type ProvisionOptions } from './provision.mts';
import { sharedQueue, WORKERS, type SharedQueue } from './sharedQueue.mts';

/** How many executions each workflow gets. */
const EXECUTIONS = 8;

describe('in queue mode with two workers', () => {
	let queue: SharedQueue;
	before(async () => {
		queue = await sharedQueue();
		await queue.haveWorkers(WORKERS);
	});

	/** Stores a workflow and lets it start by its trigger. */
	const activated = async (
		options: Omit<ProvisionOptions, keyof SharedQueue['credentials']>,
	): Promise<string> => {
		const workflow = provisionWorkflow({ ...options, ...queue.credentials });
		const id = await queue.session.createWorkflow(workflow);
		await queue.session.activate(id);
		return id;
	};

	/** Each worker has begun at least one of the executions, and together all of them, each once. */
	const assertSpread = (executions: StoredExecution[]) => {
		const wanted = new Set(executions.map(({ id }) => id));
		const begun = WORKERS.map((name) =>
			executionsBegunBy(queue.workers.get(name)!).filter((id) => wanted.has(id)),
		);
		for (const ids of begun) assert.notEqual(ids.length, 0, JSON.stringify(begun));
		assert.deepEqual(begun.flat().sort(), [...wanted].sort());
	};

	test('every process has the nodes without a warning', () => {
		for (const { startLog } of [queue.main, ...queue.workers.values()]) {
			const complaints = startLog
				.filter(({ level }) => level === 'warn' || level === 'error')
				.filter(({ line }) => line.toLowerCase().includes('adobe'));
			assert.deepEqual(complaints, []);
		}
	});

	test('executions by webhook are run by both, and make one connection each', async () => {
		const name = 'By webhook';
		const workflowId = await activated({
			name,
			connections: [name],
			operation: 'create',
			start: { webhook: 'spread' },
		});
		const signIns = queue.emulator.stats().imsTokensIssued;
		const calls = Array.from({ length: EXECUTIONS }, async () => {
			await callWebhook(queue.main.url, 'spread');
		});
		await Promise.all(calls);
		const executions = await waitForExecutions(
			queue.database,
			workflowId,
			(all) => ended(all).length === EXECUTIONS,
		);
		assert.deepEqual([...new Set(executions.map(({ status }) => status))], ['success']);
		assertSpread(executions);
		assert.equal((await new Witness(queue.emulator).connectionsByName())[name], EXECUTIONS);
		// n8n keeps the token with the credential, where the other worker finds it.
		assert.ok(queue.emulator.stats().imsTokensIssued - signIns <= WORKERS.length);
	});

	test('executions by schedule are run by both, and keep one connection', async () => {
		const name = 'By schedule';
		const workflowId = await activated({
			name,
			connections: [name],
			operation: 'upsert',
			start: 'everySecond',
		});
		await waitForExecutions(queue.database, workflowId, (all) => ended(all).length >= EXECUTIONS);
		await queue.session.deactivate(workflowId);
		const executions = await waitForExecutions(
			queue.database,
			workflowId,
			(all) => ended(all).length === all.length,
		);
		assert.deepEqual([...new Set(executions.map(({ status }) => status))], ['success']);
		assertSpread(executions);
		assert.equal((await new Witness(queue.emulator).connectionsByName())[name], 1);
	});
});
