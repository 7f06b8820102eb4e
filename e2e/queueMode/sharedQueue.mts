import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { searched } from '../canary/searched.mts';
import { workingCredentials } from '../connectionWorkflow.mts';
import { importCredentials } from '../n8n/examples.mts';
import { timedProgress } from '../n8n/progress.mts';
import { executionsBegunBy, startQueue, type Queue } from '../n8n/queue.mts';
import { artifacts } from '../picture.mts';
import { chosenLine, teardown } from '../sharedStage.mts';
import { executionsOf } from './executions.mts';

/** Names of the two workers. */
export const WORKERS = ['worker-1', 'worker-2'];

/** How many executions a worker runs at a time; n8n advises against fewer. */
export const CONCURRENCY = 5;

/** The queue that the tests share, with the credentials that work on it. */
export interface SharedQueue extends Queue {
	credentials: ReturnType<typeof workingCredentials>;
}

let starting: Promise<SharedQueue> | undefined;

/** The shared n8n in queue mode; the first call starts it. It has no workers yet. */
export async function sharedQueue(): Promise<SharedQueue> {
	starting ??= start();
	return await starting;
}

async function start(): Promise<SharedQueue> {
	const queue = await startQueue({
		teardown,
		progress: timedProgress(),
		line: chosenLine(),
		latencyMs: 100,
		concurrency: CONCURRENCY,
	});
	searched.push({
		...queue,
		beReady: async () => {
			if (queue.workers.size === 0) await queue.haveWorkers(WORKERS.slice(0, 1));
		},
		stop: async () => {
			await queue.haveWorkers([]);
			await queue.main.stop();
		},
	});
	const ids = await importCredentials(queue.session, queue);
	return { ...queue, credentials: workingCredentials(queue, ids) };
}

/** Name of the worker that has begun an execution of the workflow, once there is one. */
export async function workerAt(
	{ database, workers }: Pick<Queue, 'database' | 'workers'>,
	workflowId: string,
): Promise<string> {
	for (;;) {
		const [execution] = await executionsOf(database, workflowId);
		for (const [name, worker] of workers) {
			if (execution && executionsBegunBy(worker).includes(execution.id)) return name;
		}
		await sleep(10);
	}
}

/** Keeps what was measured beside the screenshots, as `artifacts/<name>.json`. */
export async function keepFigures(name: string, figures: object): Promise<void> {
	await mkdir(artifacts, { recursive: true });
	await writeFile(join(artifacts, `${name}.json`), `${JSON.stringify(figures, null, '\t')}\n`);
}
