import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, test } from 'node:test';
import { callWebhook, ended, waitForExecutions, type StoredExecution } from './executions.mts';
import { errorWorkflowOf } from './errorWorkflow.mts';
import { provisionWorkflow } from './provision.mts';
import { keepFigures, sharedQueue, workerAt, WORKERS, type SharedQueue } from './sharedQueue.mts';

const ITEMS = 200;

/** Requests in flight at a time; few, because whatever is in flight may still end after the kill. */
const IN_FLIGHT = 10;

/** `KILL_ROUNDS` sets another number; a round takes half a minute, or more on a busy machine. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);

/** How long a round may take after the kill, on a machine with other things to do as well. */
const RECOVERY_MS = 300_000;

/** What happened in a round. */
interface Round {
	/** Connections that there were when the worker was killed. */
	madeBefore: number;
	/** Milliseconds from then until all were there and the second run had ended. */
	recoveredMs: number;
	lost: number;
	duplicates: number;
}

describe(`a worker killed while it makes ${ITEMS} connections by Create or Update`, () => {
	let queue: SharedQueue;
	let errorWorkflow: string;
	const rounds: Round[] = [];
	before(async () => {
		queue = await sharedQueue();
		errorWorkflow = await errorWorkflowOf(queue);
	});

	for (let round = 1; round <= ROUNDS; round++) {
		test(`round ${round}: none is lost and none is there twice`, async (context) => {
			await queue.haveWorkers(WORKERS);
			const names = Array.from({ length: ITEMS }, (_, index) => `Round ${round}, ${index + 1}`);
			const wanted = new Set(names);
			const made = () =>
				queue.emulator.connections().flatMap(({ name }) => (wanted.has(name) ? [name] : []));
			const workflowId = await queue.session.createWorkflow(
				provisionWorkflow({
					name: `Round ${round}`,
					connections: names,
					operation: 'upsert',
					maxConcurrency: IN_FLIGHT,
					start: { webhook: `round-${round}` },
					errorWorkflow,
					...queue.credentials,
				}),
			);
			await queue.session.activate(workflowId);

			await callWebhook(queue.main.url, `round-${round}`);
			const worker = await workerAt(queue, workflowId);
			const moment = randomInt(ITEMS - IN_FLIGHT);
			while (made().length < moment) await sleep(1);
			const madeBefore = made().length;
			const killedMs = Date.now();
			let recoveredMs = 0;
			await queue.killWorker(worker);
			// n8n starts the error workflow, which runs it again; on whichever worker is there, for the killed
			// one is started again, as it would be anywhere.
			const isOver = (all: StoredExecution[]) =>
				all.some(({ status }) => status === 'success') && ended(all).length === all.length;
			const [executions] = await Promise.all([
				waitForExecutions(queue.database, workflowId, isOver, RECOVERY_MS).finally(() => {
					recoveredMs = Date.now() - killedMs;
				}),
				queue.haveWorkers(WORKERS),
			]);
			const after = made();
			const lost = ITEMS - new Set(after).size;
			const duplicates = after.length - new Set(after).size;
			rounds.push({ madeBefore, recoveredMs, lost, duplicates });
			const runs = executions.map(({ mode, status }) => `${mode}: ${status}`).join(', ');
			context.diagnostic(
				`${worker} killed at ${madeBefore} of ${ITEMS}; all there ${recoveredMs} ms later; ${lost} lost, ${duplicates} twice (${runs})`,
			);

			assert.ok(madeBefore < ITEMS, 'it was killed too late to prove anything');
			// Which of the two depends on who notices first: the queue, or the worker that is started again.
			assert.match(String(executions[0]?.status), /^(error|crashed)$/);
			assert.deepEqual({ lost, duplicates }, { lost: 0, duplicates: 0 });
		});
	}

	test('was killed in every round, and its work done by another run', async () => {
		await keepFigures(`killed-worker-n8n-${queue.n8n.line.major}`, {
			n8n: queue.n8n.version,
			items: ITEMS,
			rounds,
		});
		assert.equal(rounds.length, ROUNDS);
	});
});
