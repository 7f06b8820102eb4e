import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from './childProcess.mts';
import { freePort } from './freePort.mts';

/** Debian's package is `redis-server`; `REDIS_SERVER` names another program. */
const program = process.env.REDIS_SERVER ?? 'redis-server';
const START_TIMEOUT_MS = 30_000;

/** A running Redis. */
export interface Redis {
	port: number;
	stop: () => Promise<void>;
}

/**
 * Starts a Redis of its own on a free loopback port, which keeps nothing on disk.
 *
 * @throws {Error} when the program is missing or does not get ready
 */
export async function startRedis(): Promise<Redis> {
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'n8n-redis-'));
	const running = startProcess({
		program,
		args: [
			['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
			['--save', '', '--appendonly', 'no'],
		].flat(),
		cwd: folder,
		env: { PATH: process.env.PATH },
	});
	let hasEnded = false;
	void running.ended.then(() => (hasEnded = true));
	const stop = async () => {
		await running.stop();
		await rm(folder, { recursive: true, force: true });
	};
	const deadlineMs = Date.now() + START_TIMEOUT_MS;
	while (!(await pings(port))) {
		if (hasEnded || Date.now() > deadlineMs) {
			await stop();
			throw new Error(
				`Redis did not start. Debian's package is redis-server; REDIS_SERVER names another program. Its last words:\n${running.log.tail()}`,
			);
		}
		await sleep(50);
	}
	return { port, stop };
}

async function pings(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
		socket.setTimeout(1_000, () => socket.destroy());
		socket.once('data', (data) => {
			resolve(data.toString().startsWith('+PONG'));
			socket.destroy();
		});
		socket.once('error', () => resolve(false));
		socket.once('close', () => resolve(false));
	});
}
