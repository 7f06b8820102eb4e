import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, test } from 'node:test';
import {
	addColumns,
	applyWorkflow,
	desiredOf,
	makeConnection,
	makeTables,
	partsOf,
	planTables,
	writesSince,
	type Json,
} from './databasePlan.mts';
import { callWebhook, ended, waitForExecutions, type StoredExecution } from './executions.mts';
import { errorWorkflowOf } from './errorWorkflow.mts';
import { sharedQueue, workerAt, WORKERS, type SharedQueue } from './sharedQueue.mts';

/** `KILL_AT=1,2,3` sets others: after so many writes of an apply its worker is killed. */
const KILL_AT = (process.env.KILL_AT ?? '2,7,12,18').split(',').map(Number);

/** How long the rest may take, on a machine with other things to do as well. */
const RECOVERY_MS = 300_000;

const UNDISTURBED = 0;

describe('a worker killed while it applies a plan of four tables', () => {
	let queue: SharedQueue;
	let errorWorkflow: string;
	let connectionId: string;
	let plans: Json[];
	/** What the plan comes to where nobody disturbs it. */
	let wanted: object;
	let writes: number;

	before(async () => {
		queue = await sharedQueue();
		await queue.haveWorkers(WORKERS);
		errorWorkflow = await errorWorkflowOf(queue);
		const rounds = [UNDISTURBED, ...KILL_AT];
		await makeTables(queue, rounds);
		connectionId = await makeConnection(queue);
		const desired = rounds.flatMap(desiredOf);
		const there = desired.filter(({ table }) => /_(more|gone)$/.test(String(table)));
		await planTables(
			queue,
			connectionId,
			there.map(({ table }) => ({ table })),
			{ isApplied: true },
		);
		await addColumns(queue, rounds);
		plans = await planTables(queue, connectionId, desired);
	});

	const plansOf = (round: number) => {
		const tables = desiredOf(round).map(({ table }) => table);
		return plans.filter(({ table }) => tables.includes(table));
	};
	const actionsOf = (items: Json[]) => items.map(({ action }) => action);

	/** Starts the application of a plan; gives its workflow, and since when what is sent is its own. */
	const begin = async (round: number) => {
		const name = `apply-${round}`;
		const workflow = applyWorkflow(queue, name, plansOf(round), errorWorkflow);
		const workflowId = await queue.session.createWorkflow(workflow);
		await queue.session.activate(workflowId);
		const sinceMs = Date.now();
		await callWebhook(queue.main.url, name);
		return { workflowId, sinceMs };
	};
	const isOver = (all: StoredExecution[]) =>
		all.some(({ status }) => status === 'success') && ended(all).length === all.length;

	test('undisturbed, it makes two dataflows, changes one and deletes one', async (context) => {
		assert.deepEqual(actionsOf(plansOf(UNDISTURBED)), ['create', 'create', 'update', 'delete']);
		const { workflowId, sinceMs } = await begin(UNDISTURBED);
		await waitForExecutions(queue.database, workflowId, isOver);
		const sent = writesSince(queue, sinceMs);
		context.diagnostic(`${sent.length} writes: ${sent.join(', ')}`);
		writes = sent.length;
		wanted = await partsOf(queue, UNDISTURBED);
		const made = {
			dataflows: ['enabled'],
			columns: [['id', 'label', 'updated_at']],
			targets: 1,
			mappedFields: [3],
			datasets: 1,
			schemas: [false],
			fieldGroups: 1,
		};
		assert.deepEqual(wanted, {
			new: made,
			other: made,
			more: {
				...made,
				columns: [['id', 'label', 'updated_at', 'coupon']],
				mappedFields: [3, 4],
				schemas: [true],
			},
			gone: { ...made, dataflows: [], columns: [], targets: 0, mappedFields: [] },
		});
	});

	for (const step of KILL_AT) {
		test(`after ${step} writes: applied again, all is there once, and nothing is left to do`, async (context) => {
			await queue.haveWorkers(WORKERS);
			const { workflowId, sinceMs } = await begin(step);
			const worker = await workerAt(queue, workflowId);
			while (writesSince(queue, sinceMs).length < step) await sleep(2);
			await queue.killWorker(worker);
			const killedMs = Date.now();
			const begun = writesSince(queue, sinceMs).length;
			// n8n starts the error workflow, which runs it again; on whichever worker is there.
			const [executions] = await Promise.all([
				waitForExecutions(queue.database, workflowId, isOver, RECOVERY_MS),
				queue.haveWorkers(WORKERS),
			]);
			const runs = executions.map(({ mode, status }) => `${mode}: ${status}`).join(', ');
			const seconds = Math.round((Date.now() - killedMs) / 1000);
			context.diagnostic(
				`${worker} killed at write ${begun}, ${writesSince(queue, sinceMs).length} in all; over ${seconds} s later (${runs})`,
			);

			assert.ok(begun < writes, 'it was killed too late to prove anything');
			assert.match(String(executions[0]?.status), /^(error|crashed)$/);
			assert.deepEqual(await partsOf(queue, step), wanted);
			const again = await planTables(queue, connectionId, desiredOf(step));
			assert.deepEqual(actionsOf(again), Array(4).fill('unchanged'));
		});
	}
});
