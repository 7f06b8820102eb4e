import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from './childProcess.mts';
import { freePort } from './freePort.mts';
import type { InstalledN8n } from './install.mts';
import { ProcessLog } from './processLog.mts';

/** Debian's package is `redis-server`; `REDIS_SERVER` names another program. */
const program = process.env.REDIS_SERVER ?? 'redis-server';
const START_TIMEOUT_MS = 30_000;

/** A running Redis. */
export interface Redis {
	port: number;
	/** Every command it was sent, with its arguments, so that also what is gone again can be read. */
	commands: ProcessLog;
	/** All that is in it, as text by key. */
	contents: () => Promise<Map<string, string>>;
	/** Stores a text under a key of each type that it has, and removes it again when told to. */
	plant: (text: string) => Promise<() => Promise<void>>;
	stop: () => Promise<void>;
}

/** The part of ioredis that is used here; its types are not in the checkout. */
interface Client {
	call(command: string, ...args: Array<string | number>): Promise<unknown>;
	disconnect(): void;
	monitor(): Promise<Client>;
	on(event: 'monitor', listener: (time: string, command: string[]) => void): void;
}

/** How to read a key, by its type. */
const READ: Record<string, (key: string) => [command: string, ...args: Array<string | number>]> = {
	string: (key) => ['GET', key],
	list: (key) => ['LRANGE', key, 0, -1],
	set: (key) => ['SMEMBERS', key],
	zset: (key) => ['ZRANGE', key, 0, -1],
	hash: (key) => ['HGETALL', key],
	stream: (key) => ['XRANGE', key, '-', '+'],
};

/**
 * Starts a Redis of its own on a free loopback port, which keeps nothing on disk.
 *
 * @param n8n has the client that reads it
 * @throws {Error} when the program is missing or does not get ready
 */
export async function startRedis(n8n: InstalledN8n): Promise<Redis> {
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
	const clients = await watch(n8n, port);
	return {
		port,
		...clients,
		stop: async () => {
			clients.disconnect();
			await stop();
		},
	};
}

async function watch(n8n: InstalledN8n, port: number) {
	const require = createRequire(join(n8n.folder, 'package.json'));
	const { Redis: ClientOf } = require('ioredis') as {
		Redis: new (port: number, host: string) => Client;
	};
	const client = new ClientOf(port, '127.0.0.1');
	const monitor = await client.monitor();
	const commands = new ProcessLog();
	monitor.on('monitor', (_time, command) => {
		// The client undoes what Redis has escaped for quotes only.
		commands.append(`${command.join(' ').replaceAll('\\\\', '\\')}\n`);
	});
	const contents = async () => {
		const texts = new Map<string, string>();
		for (const key of (await client.call('KEYS', '*')) as string[]) {
			const type = String(await client.call('TYPE', key));
			if (type === 'none') continue;
			const read = READ[type];
			if (read === undefined) throw new Error(`Redis has a key of the unknown type ${type}`);
			const value = await client.call(...read(key));
			texts.set(key, [key, ...[value].flat(Infinity)].join('\n'));
		}
		return texts;
	};
	const plant = async (text: string) => {
		const PLANT: Array<[command: string, ...args: string[]]> = [
			['SET', 'planted:string', text],
			['RPUSH', 'planted:list', text],
			['SADD', 'planted:set', text],
			['ZADD', 'planted:zset', '1', text],
			['HSET', 'planted:hash', 'field', text],
			['XADD', 'planted:stream', '*', 'field', text],
		];
		for (const command of PLANT) await client.call(...command);
		return async () => void (await client.call('DEL', ...PLANT.map(([, key]) => String(key))));
	};
	const disconnect = () => {
		monitor.disconnect();
		client.disconnect();
	};
	return { commands, contents, plant, disconnect };
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
