import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from './childProcess.mts';
import { n8nEnvironment, type EnvironmentOptions } from './environment.mts';
import { freePort } from './freePort.mts';
import type { LogEntry, ProcessLog } from './processLog.mts';

/** The first start makes some 200 tables, on a slow disk. */
const START_TIMEOUT_MS = 180_000;

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

/**
 * Starts n8n and waits until its API answers.
 *
 * @throws {Error} with the last lines of its log, when it ends or does not get ready in time
 */
export async function startN8n(options: N8nOptions): Promise<N8nInstance> {
	const port = await freePort();
	const env = n8nEnvironment({ ...options, port, taskBrokerPort: await freePort() });
	const { node, command } = options.n8n;
	const running = startProcess({
		program: node,
		args: [command, 'start'],
		cwd: options.userFolder,
		env,
	});
	const url = `http://127.0.0.1:${port}`;
	let hasEnded = false;
	void running.ended.then(() => (hasEnded = true));
	try {
		const deadlineMs = Date.now() + START_TIMEOUT_MS;
		while (!(await isReady(url))) {
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
	const { log, ended, stop } = running;
	return { url, log, startLog: log.entries(), ended, stop };
}

/** n8n listens long before its API exists, and then answers with a page that asks for patience. */
async function isReady(url: string): Promise<boolean> {
	try {
		const health = await fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(5_000) });
		if (!health.ok) return false;
		const settings = await fetch(`${url}/rest/settings`, { signal: AbortSignal.timeout(5_000) });
		await settings.json();
		return settings.ok;
	} catch {
		return false;
	}
}
