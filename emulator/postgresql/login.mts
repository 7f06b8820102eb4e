import {
	type ConnectionOptions,
	checkServerIdentity,
	createSecureContext,
	rootCertificates,
	type SecureContext,
} from 'node:tls';
import pg from 'pg';
import type { Encryption } from './encryption.mts';
import { explainFailure } from './loginFailure.mts';

/** A database and how to log in to it. */
export interface Target {
	server: string;
	port: number;
	database: string;
	username: string;
	password: string;
	encryption: Encryption;
	/** Check the certificate's chain even in a mode that would be content without TLS. */
	checkWhenEncrypted: boolean;
}

/** What a login may use. */
export interface LoginSettings {
	/** Certificates to trust besides the usual authorities', PEM. */
	extraCa: string[];
	timeoutMs: number;
}

/** A login that failed; the message names the host, the database and the user, no password. */
export class LoginFailure extends Error {}

/**
 * Logs in for real and asks for one row.
 *
 * @returns undefined when that went well, otherwise what went wrong, in words that name the host,
 * the database and the user, and never the password
 */
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

/**
 * Logs in, lets `work` ask the database, and logs out.
 *
 * @throws LoginFailure, or what `work` throws
 */
export async function withLogin<T>(
	target: Target,
	settings: LoginSettings,
	work: (client: pg.Client) => Promise<T>,
): Promise<T> {
	const client = await logIn(target, settings);
	try {
		return await work(client);
	} finally {
		await client.end().catch(() => undefined);
	}
}

async function logIn(target: Target, settings: LoginSettings): Promise<pg.Client> {
	let failure: unknown;
	for (const encrypted of attempts(target.encryption)) {
		try {
			return await logInOnce(target, encrypted, settings);
		} catch (error) {
			failure ??= error;
			if (!isAboutEncryption(error)) break;
			// The later attempt's error is the better one, unless the server does not offer TLS.
			if (!isTlsUnsupported(error)) failure = error;
		}
	}
	throw new LoginFailure(explainFailure(failure, target, settings.timeoutMs));
}

/** As libpq: `allow` and `prefer` have a second try, the other way round. */
function attempts(encryption: Encryption): boolean[] {
	if (encryption === 'disable') return [false];
	if (encryption === 'allow') return [false, true];
	if (encryption === 'prefer') return [true, false];
	return [true];
}

async function logInOnce(target: Target, encrypted: boolean, settings: LoginSettings) {
	const client = new pg.Client({
		host: target.server,
		port: target.port,
		database: target.database,
		user: target.username,
		password: target.password,
		ssl: encrypted ? tlsOptions(target, settings.extraCa) : false,
		connectionTimeoutMillis: settings.timeoutMs,
		application_name: 'connection-test',
	});
	// A server that disconnects after the login must not end the whole process.
	client.on('error', () => undefined);
	try {
		await client.connect();
		await client.query('select 1');
		return client;
	} catch (error) {
		await client.end().catch(() => undefined);
		throw error;
	}
}

function tlsOptions(target: Target, extraCa: string[]): ConnectionOptions {
	const { encryption } = target;
	const full = encryption === 'verify-full';
	const verify = full || encryption === 'verify-ca' || target.checkWhenEncrypted;
	return {
		rejectUnauthorized: verify,
		secureContext: contextFor(verify ? extraCa : undefined),
		// The name comes from here, because the socket has none for an address.
		checkServerIdentity: (_name, certificate) =>
			full ? checkServerIdentity(target.server, certificate) : undefined,
	};
}

const contexts = new Map<string, SecureContext>();

/** Kept, because reading all authorities takes longer than the login, and much memory each time. */
function contextFor(extraCa: string[] | undefined): SecureContext {
	const key = extraCa?.join('\n') ?? 'none';
	const known = contexts.get(key);
	if (known !== undefined) return known;
	const ca = extraCa === undefined ? [] : [...rootCertificates, ...extraCa];
	const context = createSecureContext({ ca });
	contexts.set(key, context);
	return context;
}

function isTlsUnsupported(error: unknown): boolean {
	return error instanceof Error && error.message.includes('does not support SSL');
}

/** Whether the other kind of connection may fare better: no TLS there, or TLS demanded for the user. */
function isAboutEncryption(error: unknown): boolean {
	return isTlsUnsupported(error) || (error as { code?: unknown }).code === '28000';
}
