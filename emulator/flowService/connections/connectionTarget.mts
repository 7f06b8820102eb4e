import pg from 'pg';
import { isPort, readConnectionString } from '../../postgresql/connectionString.mts';
import { readSslMode } from '../../postgresql/encryption.mts';
import {
	LoginFailure,
	type LoginSettings,
	type Target,
	tryLogin,
	withLogin,
} from '../../postgresql/login.mts';
import type { EmulatorState } from '../../state.mts';
import { backendError } from '../flowErrors.mts';
import type { ConnectionAuth } from './connection.mts';
import { BASIC_AUTH } from './postgreSqlSpec.mts';

/**
 * Logs in to the database that a connection names.
 *
 * @returns undefined when that went well, otherwise what went wrong, without any secret
 */
export async function testTarget(
	state: EmulatorState,
	auth: ConnectionAuth,
): Promise<string | undefined> {
	try {
		const target = targetOf(auth);
		return await tryLogin(target, loginSettings(state));
	} catch (error) {
		if (error instanceof RangeError) return error.message;
		throw error;
	}
}

/**
 * Asks the database that a connection names, logged in just as the test of the connection.
 *
 * @throws FlowError 1308 when the login fails or the database refuses, without any secret
 */
export async function askTarget<T>(
	state: EmulatorState,
	auth: ConnectionAuth,
	work: (client: pg.Client) => Promise<T>,
): Promise<T> {
	try {
		return await withLogin(targetOf(auth), loginSettings(state), work);
	} catch (error) {
		throw relay(error);
	}
}

/** What can be shown to people of how Adobe logs in: no user name, and no secret. */
export function describeTarget(auth: ConnectionAuth): {
	authentication: string;
	database: string | undefined;
} {
	const authentication = auth.specName === BASIC_AUTH ? 'Basic' : 'Connection string';
	try {
		const { server, port, database } = targetOf(auth);
		return { authentication, database: `${server}:${port} / ${database}` };
	} catch (error) {
		if (error instanceof RangeError) return { authentication, database: undefined };
		throw error;
	}
}

/** The API's error for a failure to connect or to query; any other error unchanged. */
function relay(error: unknown): unknown {
	if (error instanceof LoginFailure || error instanceof RangeError) {
		return backendError(error.message);
	}
	// Only the code: the database's own message may quote the data.
	if (error instanceof pg.DatabaseError) {
		return backendError(`The database refused the query (${error.code ?? 'no code'}).`);
	}
	const isCut = error instanceof Error && error.message.startsWith('Connection terminated');
	return isCut ? backendError('The connection to the database was lost.') : error;
}

function loginSettings({ settings }: EmulatorState): LoginSettings {
	const { postgres, trustSampleCa, connectTimeoutMs } = settings;
	const trusts = trustSampleCa && postgres.caPem !== undefined;
	return { extraCa: trusts ? [postgres.caPem as string] : [], timeoutMs: connectTimeoutMs };
}

function targetOf({ specName, params }: ConnectionAuth): Target {
	const text = (name: string) => (typeof params[name] === 'string' ? params[name] : '');
	if (specName !== BASIC_AUTH) return readConnectionString(text('connectionString'));
	const port = text('port') || '5432';
	if (!isPort(port)) throw new RangeError('port must be a number from 1 to 65535.');
	return {
		server: text('server'),
		port: Number(port),
		database: text('database'),
		username: text('username'),
		password: text('password'),
		// ⚠UNV flow-service.md 3.4: the backend's own default is `prefer`.
		encryption: readSslMode(text('sslMode') || 'Prefer') ?? 'prefer',
		checkWhenEncrypted: false,
	};
}
