import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, chown, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { guardFolder } from '../tempFolder/guardFolder.mts';
import type { PostgresBinaries } from './binaries.mts';
import { makeServerCertificate } from './certificates.mts';
import type { PostgresUser } from './postgresServer.mts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** Creates a database cluster in a folder, with its certificate and settings. */
export async function initialiseCluster(
	folder: string,
	{ initdb, account }: PostgresBinaries,
	superuser: PostgresUser,
): Promise<{ caPem: string }> {
	const certificate = await makeServerCertificate();
	const data = join(folder, 'data');
	const passwordFile = join(folder, 'password');
	const own = async (path: string) => {
		if (account !== undefined) await chown(path, account.uid, account.gid);
	};
	const secret = async (name: string, text: string) => {
		await writeFile(join(folder, name), text, { mode: 0o600 });
		await own(join(folder, name));
	};

	await own(folder);
	await chmod(folder, 0o700);
	await secret('password', superuser.password);
	const args = [`--pgdata=${data}`, `--username=${superuser.username}`, `--pwfile=${passwordFile}`];
	args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync');
	const child = spawn(initdb, args, { ...account, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
	const output = lastOutput(child);
	const [code] = (await once(child, 'close')) as [number | null];
	await rm(passwordFile, { force: true });
	if (code !== 0) throw new Error(`initdb failed (${code}): ${output()}`);

	await secret('server.crt', certificate.certificatePem);
	await secret('server.key', certificate.privateKeyPem);
	const settings = {
		ssl: 'on',
		ssl_cert_file: join(folder, 'server.crt'),
		ssl_key_file: join(folder, 'server.key'),
		// `localhost` may mean either; a machine without IPv6 makes the server warn, not stop.
		listen_addresses: '127.0.0.1,::1',
		unix_socket_directories: '',
		max_connections: '300',
		shared_buffers: '64MB',
		timezone: 'UTC',
		log_timezone: 'UTC',
		// The data is created at every start: a crash may lose it.
		fsync: 'off',
		synchronous_commit: 'off',
		full_page_writes: 'off',
	};
	const lines = Object.entries(settings).map(([key, value]) => `${key} = '${toSetting(value)}'\n`);
	await writeFile(join(data, 'postgresql.conf'), lines.join(''), { flag: 'a' });
	const hosts = ['127.0.0.1/32', '::1/128'];
	const rules = hosts.flatMap((host) => [
		`hostnossl all tls_only ${host} reject`,
		`host all all ${host} scram-sha-256`,
	]);
	await writeFile(join(data, 'pg_hba.conf'), rules.join('\n') + '\n');
	return certificate;
}

function toSetting(value: string): string {
	return value.replaceAll('\\', '/').replaceAll("'", "''");
}

/** Starts a server; resolves when it accepts connections, rejects with its last output. */
export async function runServer(
	{ postgres, account }: PostgresBinaries,
	data: string,
	port: number,
): Promise<ChildProcess> {
	const child = spawn(postgres, ['-D', data, '-p', String(port)], {
		...account,
		cwd: data,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const output = lastOutput(child);
	return await new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
		}, START_TIMEOUT_MS);
		child.once('error', reject);
		child.once('close', () => {
			clearTimeout(timer);
			reject(new Error(`PostgreSQL did not start: ${output()}`));
		});
		child.stderr?.on('data', () => {
			if (!output().includes('ready to accept connections')) return;
			clearTimeout(timer);
			resolve(child);
		});
	});
}

/** Keeps the end of a program's output, and keeps reading, or the program would block. */
function lastOutput(child: ChildProcess): () => string {
	let text = '';
	const keep = (chunk: Buffer) => {
		text = (text + chunk.toString()).slice(-4000);
	};
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	return () => text;
}

/**
 * Makes sure that a server and its folder do not outlive this process.
 *
 * @returns stops the server and removes the folder; may be called more than once
 */
export function guardServer(server: ChildProcess, folder: string): () => Promise<void> {
	const removeFolder = guardFolder(folder);
	const onExit = () => {
		server.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
	};
	process.once('exit', onExit);

	let stopping: Promise<void> | undefined;
	const stop = async () => {
		if (server.exitCode === null && server.signalCode === null) {
			const timer = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
			const closed = once(server, 'close');
			server.kill('SIGINT');
			await closed;
			clearTimeout(timer);
		}
		await removeFolder();
		process.off('exit', onExit);
	};
	return async () => await (stopping ??= stop());
}

/** A port of 127.0.0.1 that nobody used a moment ago. */
export async function findFreePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	await once(probe, 'close');
	if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
	return address.port;
}
