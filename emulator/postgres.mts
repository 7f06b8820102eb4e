import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findBinaries } from './postgresql/binaries.mts';
import type { PostgresServer, PostgresUser, SamplePostgres } from './postgresql/postgresServer.mts';
import { createSampleTables, grantReadAccess } from './postgresql/sampleDatabase.mts';
import {
	findFreePort,
	guardServer,
	initialiseCluster,
	runServer,
} from './postgresql/serverProcess.mts';

const MAX_START_ATTEMPTS = 3;
const DATABASE = 'sales';

/** A server that can be stopped. `stop` may be called more than once. */
export type Stoppable<T> = T & { stop(): Promise<void> };

/**
 * Starts a PostgreSQL server of its own on a free loopback port, with TLS, password login and the
 * sample database `sales`; nothing of it outlives this process, however that ends.
 *
 * Users (random passwords): `aep_reader` reads the sample data, `tls_only` the same, but over TLS
 * only, `postgres` owns everything. The certificate is valid for `localhost`, not for
 * 127.0.0.1.
 *
 * @throws Error when the programs are missing or the server does not come up; its last output is in
 * the message
 */
export async function startPostgres(): Promise<Stoppable<SamplePostgres>> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await startOnce();
		} catch (error) {
			// Another process may have taken the free port before the server did.
			const taken = error instanceof Error && error.message.includes('could not bind');
			if (!taken || attempt === MAX_START_ATTEMPTS) throw error;
		}
	}
}

/**
 * Uses an existing server instead of starting one.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
 * @param createSample whether to create the sample tables in that database; nothing is ever created
 * without it, because the database may be anybody's
 * @throws TypeError for something that is not such a URL, and the server's error for a failed login
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
	// Until the guard takes over: the process may end while the database is being created.
	const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
	process.once('exit', removeFolder);
	try {
		const binaries = await findBinaries(folder);
		const superuser = user('postgres');
		const { caPem } = await initialiseCluster(folder, binaries, superuser);
		const port = await findFreePort();
		server = await runServer(binaries, join(folder, 'data'), port);
		const stop = guardServer(server, folder);

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
		process.off('exit', removeFolder);
	}
}

/** Only letters and digits, so that a password needs no escaping in a connection string. */
function user(username: string): PostgresUser {
	return { username, password: randomBytes(18).toString('hex') };
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
