import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAdobe, type Adobe } from './adobe.mts';
import { createDatabase, type Database } from './database.mts';
import { freePort } from './freePort.mts';
import { ensureN8n, type InstalledN8n, type N8nLine } from './install.mts';
import {
	startN8n,
	startWebhookProcessor,
	startWorker,
	type N8nInstance,
	type N8nOptions,
	type N8nWorker,
} from './instance.mts';
import { installPackage, packPackage } from './packed.mts';
import type { Progress } from './progress.mts';
import type { ProcessLog } from './processLog.mts';
import { startRedis, type Redis } from './redis.mts';
import { Session } from './session.mts';
import type { Teardown } from './teardown.mts';

/**
 * How soon n8n 2 notices that a worker has gone: the lock on its job has run out, and the next look
 * for such locks finds it. By default 60 s and 30 s. In n8n 1 the default stays: there the queue runs
 * a job again, and so does the worker that is started again; a worker that is back when the lock runs
 * out would let both happen side by side.
 */
const QUICK_TO_NOTICE = {
	// A worker that gets no processor for so long would be taken for lost.
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

/** n8n in queue mode, with Adobe's side: one main process, and workers that come and go. */
export interface Queue extends Adobe {
	n8n: InstalledN8n;
	/** Has the user folder of each process; gone at the end. */
	folder: string;
	/** n8n's own database. */
	database: Database;
	redis: Redis;
	main: N8nInstance;
	/** What the main process and every worker has printed, those too that have ended. */
	logs: Map<string, ProcessLog>;
	session: Session;
	/** The workers that run now, by name. */
	workers: Map<string, N8nWorker>;
	/** Starts workers, or stops them in good order, until exactly these run. */
	haveWorkers: (names: string[]) => Promise<void>;
	/** Starts the webhook processor, which every webhook's address leads to. */
	startProcessor: () => Promise<N8nInstance>;
	/** Ends a worker by SIGKILL. */
	killWorker: (name: string) => Promise<void>;
}

/** What may differ. */
export interface QueueOptions {
	/** Gets a step for everything that was started. */
	teardown: Teardown;
	progress: Progress;
	line: N8nLine;
	/** Milliseconds before Adobe's side answers. */
	latencyMs: number;
	/** How many executions a worker runs at a time. */
	concurrency: number;
}

/**
 * Starts PostgreSQL, the emulator, Redis and n8n's main process. Each process of n8n has a user
 * folder of its own, with the package installed in it, and all have the same encryption key.
 */
export async function startQueue(options: QueueOptions): Promise<Queue> {
	const { teardown, progress, line, latencyMs, concurrency } = options;
	const n8n = await ensureN8n(progress, line);

	const folder = await mkdtemp(join(tmpdir(), 'n8n-queue-'));
	await teardown.add('removing the temporary folder', async () => {
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	});
	progress('Starting PostgreSQL, Redis and the emulator of Adobe’s side …');
	const { stop, ...adobe } = await startAdobe({ latencyMs });
	await teardown.add('stopping PostgreSQL and the emulator', stop);
	const redis = await startRedis(n8n);
	await teardown.add('stopping Redis', redis.stop);

	const packed = await packPackage(folder);
	const { server, port, superuser } = adobe.postgres;
	const database = await createDatabase({ server, port, ...superuser }, 'n8n');
	const processorPort = await freePort();
	const settings = {
		...(line.major > 1 && QUICK_TO_NOTICE),
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		WEBHOOK_URL: `http://127.0.0.1:${processorPort}/`,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
	};
	const optionsOf = async (userFolder: string): Promise<N8nOptions> => {
		await installPackage(packed, userFolder);
		// Debug, because what may not be in a log may not be in the most talkative one either.
		return { n8n, userFolder, database, settings, loopbackOnly: true, logLevel: 'debug' };
	};

	progress(`Starting n8n ${n8n.version} in queue mode …`);
	const main = await startN8n(await optionsOf(join(folder, 'main')));
	await teardown.add('stopping n8n', main.stop);
	const session = await Session.signUp(n8n, main.url);

	const logs = new Map([['main', main.log]]);
	const workers = new Map<string, N8nWorker>();
	const userFolders = new Map<string, Promise<N8nOptions>>();
	await teardown.add('stopping the workers', async () => {
		await Promise.all([...workers.values()].map(async (worker) => await worker.stop()));
	});
	const start = async (name: string) => {
		if (!userFolders.has(name)) userFolders.set(name, optionsOf(join(folder, name)));
		const worker = await startWorker(await userFolders.get(name)!, concurrency);
		workers.set(name, worker);
		logs.set(`${name}, start ${logs.size}`, worker.log);
		// One that ends by itself is started again by the next call, as whoever looks after it would do.
		void worker.ended.then(() => workers.get(name) === worker && workers.delete(name));
		if (teardown.isEnding) await worker.stop();
	};
	const take = (name: string): N8nWorker => {
		const worker = workers.get(name);
		if (worker === undefined) throw new Error(`No worker "${name}" is running`);
		workers.delete(name);
		return worker;
	};
	return {
		...adobe,
		n8n,
		folder,
		database,
		redis,
		main,
		logs,
		session,
		workers,
		haveWorkers: async (names) => {
			const surplus = [...workers.keys()].filter((name) => !names.includes(name));
			const missing = names.filter((name) => !workers.has(name));
			await Promise.all([
				...surplus.map(async (name) => await take(name).stop()),
				...missing.map(start),
			]);
		},
		startProcessor: async () => {
			const processor = await startWebhookProcessor(
				await optionsOf(join(folder, 'processor')),
				processorPort,
			);
			await teardown.add('stopping the webhook processor', processor.stop);
			logs.set('webhook processor', processor.log);
			return processor;
		},
		killWorker: async (name) => await take(name).kill(),
	};
}

/** IDs of the executions that a worker has begun, in that order. */
export function executionsBegunBy({ log }: N8nWorker): string[] {
	return [...log.text.matchAll(/"Worker started execution (\d+) /g)].map(([, id]) => String(id));
}
