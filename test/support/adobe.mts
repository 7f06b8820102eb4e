import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Emulator, EmulatorOptions, PostgresServer } from '../../emulator/emulator.mts';
import { startEmulator } from '../../emulator/emulator.mts';
import { testPostgres } from './postgresGlobal.mts';

/** A limit on what hangs: on a busy machine, a login alone may take many seconds. */
export const MAX_LOGIN_MS = 55_000;

/** An emulator of Adobe's side over that PostgreSQL. */
export async function startAdobe(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
	return await startEmulator({
		postgres: testPostgres(),
		connectTimeoutMs: MAX_LOGIN_MS,
		...options,
	});
}

/**
 * One emulator for all tests of the file or block that calls this: starts it before them and closes it
 * after them. What it gives stands for that emulator, and must not be used before the tests begin. It
 * keeps what it holds from test to test, unless the caller resets it.
 */
export function sharedAdobe(options: Partial<EmulatorOptions> = {}): Emulator {
	let started: Emulator | undefined;
	beforeAll(async () => {
		started = await startAdobe(options);
	});
	afterAll(async () => {
		await started?.close();
	});
	return new Proxy({} as Emulator, {
		get: (_target, name) => {
			if (started === undefined) throw new Error('The emulator starts with the first test');
			return Reflect.get(started, name) as unknown;
		},
	});
}

/** Starts an emulator for one test and ends it whatever the test does. */
export async function withAdobe(
	options: Partial<EmulatorOptions>,
	test: (emulator: Emulator) => Promise<void>,
): Promise<void> {
	const emulator = await startAdobe(options);
	try {
		await test(emulator);
	} finally {
		await emulator.close();
	}
}

/** The IMS credential of the emulator's first client. */
export function imsCredential(
	emulator: Emulator,
	changes: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject {
	return {
		clientId: emulator.clientId,
		clientSecret: emulator.clientSecret,
		orgId: emulator.orgId,
		sandboxName: 'prod',
		environment: 'custom',
		platformUrl: emulator.platformUrl,
		imsUrl: emulator.imsUrl,
		...changes,
	};
}

/** Adobe's form of a connection string for a database. */
export function connectionStringOf(
	{ server, port, database, username, password }: PostgresServer,
	more = '',
): string {
	return `Server=${server};Database=${database};Port=${port};UID=${username};Password=${password}${more}`;
}

/** A source credential that holds the database's connection string. */
export function connectionStringCredential(postgres: PostgresServer, more = '') {
	return { authMode: 'connectionString', connectionString: connectionStringOf(postgres, more) };
}

/** A source credential that holds the database's details one by one. */
export function basicCredential(
	{ server, port, database, username, password }: PostgresServer,
	sslMode = 'Prefer',
): ICredentialDataDecryptedObject {
	return { authMode: 'basic', server, port, database, username, password, sslMode };
}
