import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from './childProcess.mts';
import { n8nEnvironment, type EnvironmentOptions } from './environment.mts';
import { freePort } from './freePort.mts';
import type { LogEntry, ProcessLog } from './processLog.mts';

/** The first start makes some 200 tables, on a slow disk. */
const START_TIMEOUT_MS = 300_000;

/** A running n8n. */
export interface N8nInstance {
	/** e.g. `http://127.0.0.1:5678` */
	url: string;
	log: ProcessLog;
	/** What it had logged when it was ready. */
	startLog: LogEntry[];
	/** Ends with the process. */
	ended: Promise<unknown>;
	stop: () => Promise<void>;
}

/** Where and how to start it; the ports are found. */
export type N8nOptions = Omit<EnvironmentOptions, 'port' | 'taskBrokerPort'>;

/** A running worker of an n8n in queue mode. */
export interface N8nWorker extends Omit<N8nInstance, 'url'> {
	/** Ends it as a crash would. */
	kill: () => Promise<void>;
}

/**
 * Starts n8n and waits until its API answers.
 *
 * @param at the port, for one that was there before; by default one is found
 * @throws {Error} with the last lines of its log, when it ends or does not get ready in time
 */
export async function startN8n(options: N8nOptions, at?: number): Promise<N8nInstance> {
	const port = at ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const running = await startCommand(['start'], options, port, async () => await isReady(url));
	return { url, ...running };
}

/**
 * Starts a worker and waits until it takes work.
 *
 * @param concurrency how many executions it runs at a time
 * @throws {Error} as `startN8n`
 */
export async function startWorker(options: N8nOptions, concurrency: number): Promise<N8nWorker> {
	const port = await freePort();
	const settings = {
		...options.settings,
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
	return await startCommand(
		['worker', `--concurrency=${concurrency}`],
		{ ...options, settings },
		port,
		async () => await answersWell(`http://127.0.0.1:${port}/healthz/readiness`),
	);
}

/**
 * Starts a webhook processor of an n8n in queue mode and waits until it answers.
 *
 * @param port where `WEBHOOK_URL` says that it is
 * @throws {Error} as `startN8n`
 */
export async function startWebhookProcessor(
	options: N8nOptions,
	port: number,
): Promise<N8nInstance> {
	const url = `http://127.0.0.1:${port}`;
	const running = await startCommand(
		['webhook'],
		options,
		port,
		async () => await answersWell(`${url}/healthz/readiness`),
	);
	return { url, ...running };
}

async function startCommand(
	args: string[],
	options: N8nOptions,
	port: number,
	isReady: () => Promise<boolean>,
): Promise<N8nWorker> {
	const env = n8nEnvironment({ ...options, port, taskBrokerPort: await freePort() });
	const { node, command } = options.n8n;
	const running = startProcess({
		program: node,
		args: [command, ...args],
		cwd: options.userFolder,
		env,
	});
	let hasEnded = false;
	void running.ended.then(() => (hasEnded = true));
	try {
		const deadlineMs = Date.now() + START_TIMEOUT_MS;
		while (!(await isReady())) {
			if (hasEnded) throw new Error('n8n ended while it was starting');
			if (Date.now() > deadlineMs)
				throw new Error(`n8n was not ready after ${START_TIMEOUT_MS / 1000} s`);
			await sleep(250);
		}
	} catch (error) {
		await running.stop();
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`${reason}. Its last words:\n${running.log.tail()}`);
	}
	return { ...running, startLog: running.log.entries() };
}

/** n8n listens long before its API exists, and then answers with a page that asks for patience. */
async function isReady(url: string): Promise<boolean> {
	return (
		(await answersWell(`${url}/healthz/readiness`)) && (await answersWell(`${url}/rest/settings`))
	);
}

/** Whether the address answers with JSON and without an error. */
async function answersWell(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		await response.json();
		return response.ok;
	} catch {
		return false;
	}
}
