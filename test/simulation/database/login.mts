import { setTimeout as sleep } from 'node:timers/promises';

import type { Encryption } from '../../../emulator/postgresql/encryption.mts';
import type { Database } from './databases.mts';
import { databaseAt } from './databases.mts';

/** In the place of `emulator/postgresql/login.mts`: the same exports, and databases in memory. */
export interface Target {
	server: string;
	port: number;
	database: string;
	username: string;
	password: string;
	encryption: Encryption;
	checkWhenEncrypted: boolean;
}

export interface LoginSettings {
	extraCa: string[];
	timeoutMs: number;
}

export class LoginFailure extends Error {}

/** What a query is handed in the place of a client of `pg`. */
export interface LoggedIn {
	database: Database;
}

export async function tryLogin(
	target: Target,
	settings: LoginSettings,
): Promise<string | undefined> {
	try {
		await withLogin(target, settings, async () => undefined);
		return undefined;
	} catch (error) {
		if (error instanceof LoginFailure) return error.message;
		throw error;
	}
}

export async function withLogin<T>(
	target: Target,
	_settings: LoginSettings,
	work: (client: LoggedIn) => Promise<T>,
): Promise<T> {
	const { server, database, username, password } = target;
	const found = databaseAt(server, database);
	if (found === undefined) throw new LoginFailure(`no such host: ${server}`);
	await sleep(found.loginMs);
	if (found.username !== username || found.password !== password) {
		throw new LoginFailure(`password authentication failed for user "${username}"`);
	}
	return await work({ database: found });
}
