import { readEncryptionMethod } from './encryption.mts';
import type { Target } from './login.mts';

/** What each key may be called; keys are compared without regard to case. */
const KEYS = {
	server: ['server', 'host', 'hostname', 'data source'],
	port: ['port'],
	database: ['database', 'db', 'initial catalog'],
	username: ['uid', 'user id', 'user', 'username', 'userid'],
	password: ['password', 'pwd'],
	encryptionMethod: ['encryptionmethod'],
	validateServerCertificate: ['validateservercertificate'],
} as const;

/**
 * Reads `Server=…;Database=…;Port=…;UID=…;Password=…`, in any order: flow-service.md 3.2. A value
 * may be in quotes or braces to contain a semicolon ⚠UNV; the last of a repeated key counts.
 *
 * @throws RangeError for what cannot be used; its message names the key and never a value
 */
export function readConnectionString(text: string): Target {
	const pairs = new Map<string, string>();
	const pair = /\s*([^=;]+?)\s*=\s*("[^"]*"|'[^']*'|\{[^}]*\}|[^;]*)(?:;|$)/g;
	for (const [, key = '', value = ''] of text.matchAll(pair)) {
		pairs.set(key.toLowerCase(), value.trim().replace(/^(["'{])(.*)(["'}])$/s, '$2'));
	}
	const find = (names: readonly string[]) => {
		const name = names.find((one) => pairs.has(one));
		return name === undefined ? undefined : pairs.get(name);
	};
	const required = (key: 'server' | 'database' | 'username' | 'password') => {
		const value = find(KEYS[key]);
		if (value === undefined || value === '') {
			throw new RangeError(`The connection string does not name the ${key}.`);
		}
		return value;
	};
	const method = readEncryptionMethod(
		find(KEYS.encryptionMethod),
		find(KEYS.validateServerCertificate),
	);
	if (method === undefined) throw new RangeError('EncryptionMethod must be 0, 1 or 6.');
	const port = find(KEYS.port) ?? '5432';
	if (!isPort(port)) throw new RangeError('Port must be a number from 1 to 65535.');
	return {
		server: required('server'),
		port: Number(port),
		database: required('database'),
		username: required('username'),
		password: required('password'),
		...method,
	};
}

/** Whether a string is the number of a TCP port. */
export function isPort(text: string): boolean {
	return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}
