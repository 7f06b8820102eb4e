import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findBinaries, type PostgresBinaries } from './postgresql/binaries.mts';
import { makeServerCertificate } from './postgresql/certificates.mts';
import type { PostgresServer, PostgresUser, SamplePostgres } from './postgresql/postgresServer.mts';
import { createSampleTables, grantReadAccess } from './postgresql/sampleDatabase.mts';

const START_ATTEMPTS = 3;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const DATABASE = 'sales';

/** A server that can be ended again. `stop` may be called more than once. */
export type Stoppable<T> = T & { stop(): Promise<void> };

/**
 * Starts a PostgreSQL server of its own on a free loopback port, with TLS, password log-in and the
 * sample database `sales`; nothing of it outlives this process, however that ends.
 *
 * Users (random passwords): `aep_reader` reads the sample data, `tls_only` the same but is let in
 * over TLS only, `postgres` owns everything. The certificate is valid for `localhost`, not for
 * 127.0.0.1.
 *
 * @throws Error when the programs are missing or the server does not come up; its last words are in
 * the message
 */
export async function startPostgres(): Promise<Stoppable<SamplePostgres>> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await startOnce();
		} catch (error) {
			// Between looking for a free port and taking it, somebody else may have taken it.
			const taken = error instanceof Error && error.message.includes('could not bind');
			if (!taken || attempt === START_ATTEMPTS) throw error;
		}
	}
}

/**
 * Uses a server that exists already instead of starting one.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
 * @param createSample whether to create the sample tables in that database; nothing is ever created
 * without it, because the database may be anybody's
 * @throws TypeError for something that is not such a URL, and the server's error for a failed log-in
 */
export async function usePostgres(
	url: string,
	createSample = false,
): Promise<Stoppable<PostgresServer>> {
	const { protocol, hostname, port, pathname, username, password } = new URL(url);
	if (!/^postgres(ql)?:$/.test(protocol))
		throw new TypeError('The URL must begin with postgres://');
	const server: PostgresServer = {
		server: hostname.replace(/^\[|\]$/g, ''),
		port: Number(port || 5432),
		database: decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
		username: decodeURIComponent(username),
		password: decodeURIComponent(password),
	};
	if (createSample) await withClient(server, server, server.database, createSampleTables);
	return { ...server, stop: async () => undefined };
}

async function startOnce(): Promise<Stoppable<SamplePostgres>> {
	const folder = await mkdtemp(join(tmpdir(), 'emulator-postgres-'));
	let server: ChildProcess | undefined;
	// Until the guard takes over: the process may be ended while the database is being made.
	const abandon = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
	process.once('exit', abandon);
	try {
		const binaries = await findBinaries(folder);
		const superuser = user('postgres');
		const { caPem } = await initialise(folder, binaries, superuser);
		const port = await freePort();
		server = await run(binaries, join(folder, 'data'), port);
		const stop = guard(server, folder);

		const reader = user('aep_reader');
		const tlsOnly = user('tls_only');
		const location = { server: 'localhost', port };
		try {
			await withClient(location, superuser, 'postgres', async (client) => {
				for (const { username, password } of [reader, tlsOnly]) {
					await client.query(`create role ${username} login password '${password}'`);
				}
				await client.query(`create database ${DATABASE}`);
			});
			await withClient(location, superuser, DATABASE, async (client) => {
				await createSampleTables(client);
				await grantReadAccess(client, reader.username);
				await grantReadAccess(client, tlsOnly.username);
			});
		} catch (error) {
			await stop();
			throw error;
		}
		return { ...location, database: DATABASE, ...reader, tlsOnly, superuser, caPem, stop };
	} catch (error) {
		if (server === undefined) await rm(folder, { recursive: true, force: true });
		throw error;
	} finally {
		process.off('exit', abandon);
	}
}

/** Only letters and digits, so that a password can be put into any connection string as it is. */
function user(username: string): PostgresUser {
	return { username, password: randomBytes(18).toString('hex') };
}

async function initialise(
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
	const words = lastWords(child);
	const [code] = (await once(child, 'close')) as [number | null];
	await rm(passwordFile, { force: true });
	if (code !== 0) throw new Error(`initdb failed (${code}): ${words()}`);

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
		// The data is made anew at every start: a crash may cost it.
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

async function run(
	{ postgres, account }: PostgresBinaries,
	data: string,
	port: number,
): Promise<ChildProcess> {
	const child = spawn(postgres, ['-D', data, '-p', String(port)], {
		...account,
		cwd: data,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const words = lastWords(child);
	return await new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
		}, START_TIMEOUT_MS);
		child.once('error', reject);
		child.once('close', () => {
			clearTimeout(timer);
			reject(new Error(`PostgreSQL did not start: ${words()}`));
		});
		child.stderr?.on('data', () => {
			if (!words().includes('ready to accept connections')) return;
			clearTimeout(timer);
			resolve(child);
		});
	});
}

/** Keeps the end of what a program says, and keeps reading, or the program would block. */
function lastWords(child: ChildProcess): () => string {
	let text = '';
	const keep = (chunk: Buffer) => {
		text = (text + chunk.toString()).slice(-4000);
	};
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	return () => text;
}

/** Makes sure that the server and its folder go, and returns the orderly way to make them go. */
function guard(server: ChildProcess, folder: string): () => Promise<void> {
	const script = fileURLToPath(new URL('./tempFolder/watchdog.mjs', import.meta.url));
	const watchdog = spawn(process.execPath, [script, folder], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		env: {},
	});
	watchdog.unref();
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
		await rm(folder, { recursive: true, force: true, maxRetries: 10 });
		const gone = once(watchdog, 'close');
		watchdog.ref();
		watchdog.stdin?.end();
		await gone;
		process.off('exit', onExit);
	};
	return async () => await (stopping ??= stop());
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	await once(probe, 'close');
	if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
	return address.port;
}

async function withClient(
	{ server, port }: Pick<PostgresServer, 'server' | 'port'>,
	{ username, password }: PostgresUser,
	database: string,
	work: (client: pg.Client) => Promise<void>,
): Promise<void> {
	const client = new pg.Client({ host: server, port, user: username, password, database });
	await client.connect();
	try {
		await work(client);
	} finally {
		await client.end();
	}
}
