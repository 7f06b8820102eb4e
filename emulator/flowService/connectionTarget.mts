import { isPort, readConnectionString } from '../postgresql/connectionString.mts';
import { readSslMode } from '../postgresql/encryption.mts';
import { type Target, tryLogin } from '../postgresql/login.mts';
import type { EmulatorState } from '../state.mts';
import type { ConnectionAuth } from './connectionStore.mts';
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
	let target: Target;
	try {
		target = targetOf(auth);
	} catch (error) {
		if (error instanceof RangeError) return error.message;
		throw error;
	}
	const { postgres, trustSampleCa, connectTimeoutMs } = state.settings;
	const trusts = trustSampleCa && postgres.caPem !== undefined;
	const extraCa = trusts ? [postgres.caPem as string] : [];
	return await tryLogin(target, { extraCa, timeoutMs: connectTimeoutMs });
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
