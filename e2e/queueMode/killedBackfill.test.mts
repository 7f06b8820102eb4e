import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, test } from 'node:test';
import { backfilled, backfillWorkflow, DAYS, makeDays, ROW_IDS } from './backfill.mts';
import { callWebhook, ended, waitForExecutions, type StoredExecution } from './executions.mts';
import { errorWorkflowOf } from './errorWorkflow.mts';
import { sharedQueue, workerAt, WORKERS, type SharedQueue } from './sharedQueue.mts';

const KILLED_AT = 12;

/** How long the rest may take, on a machine with other things to do as well. */
const RECOVERY_MS = 420_000;

describe(`a worker killed while a backfill of ${DAYS} days loads day ${KILLED_AT}`, () => {
	let queue: SharedQueue;
	let errorWorkflow: string;
	before(async () => {
		queue = await sharedQueue();
		errorWorkflow = await errorWorkflowOf(queue);
	});

	test('every row has arrived exactly once, each day by one run', async (context) => {
		const table = 'backfill_days';
		await makeDays(queue, table);
		await queue.haveWorkers(WORKERS);
		const workflowId = await queue.session.createWorkflow(
			backfillWorkflow(queue, table, errorWorkflow),
		);
		await queue.session.activate(workflowId);

		await callWebhook(queue.main.url, table);
		const worker = await workerAt(queue, workflowId);
		while (backfilled(queue, table).days.length < KILLED_AT) await sleep(5);
		await queue.killWorker(worker);
		const killedMs = Date.now();
		const { days: begun } = backfilled(queue, table);
		// n8n starts the error workflow, which runs it again; on whichever worker is there.
		const isOver = (all: StoredExecution[]) =>
			all.some(({ status }) => status === 'success') && ended(all).length === all.length;
		const [executions] = await Promise.all([
			waitForExecutions(queue.database, workflowId, isOver, RECOVERY_MS),
			queue.haveWorkers(WORKERS),
		]);
		const runs = executions.map(({ mode, status }) => `${mode}: ${status}`).join(', ');
		const seconds = Math.round((Date.now() - killedMs) / 1000);
		context.diagnostic(
			`${worker} killed at run ${begun.length}; over ${seconds} s later (${runs})`,
		);

		const { days, rowIds } = backfilled(queue, table);
		assert.equal(begun.length, KILLED_AT);
		assert.match(String(executions[0]?.status), /^(error|crashed)$/);
		assert.deepEqual(
			days,
			Array.from({ length: DAYS }, (_, index) => index + 1),
		);
		assert.deepEqual(await rowIds(), ROW_IDS);
	});
});
