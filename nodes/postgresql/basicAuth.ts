import {
	passwordProblem,
	portNumber,
	portProblem,
	serverProblem,
	valueProblem,
} from './databaseFields';
import type { PortInput } from './databaseFields';
import type { Problem } from './problem';
import { sslModeProblem } from './sslMode';

/** What a user enters for basic authentication. */
export interface BasicAuthFields {
	/** Host name or IP address. */
	server: string;
	/** 1 to 65535, as a number or as digits. */
	port: PortInput;
	database: string;
	username: string;
	password: string;
	/** One of Adobe's words for it, see {@link SSL_MODES} in sslMode.ts. */
	sslMode: string;
}

/** A problem and the field it is in. */
export interface BasicAuthProblem extends Problem {
	field: keyof BasicAuthFields;
}

/** `auth.params` of Adobe's "Basic Authentication": all strings, as in Adobe's PostgreSQL tutorial. */
export interface BasicAuthParams {
	server: string;
	/** Digits. Adobe's samples send the port as text; whether a number is taken is not documented. */
	port: string;
	database: string;
	username: string;
	password: string;
	sslMode: string;
}

function checks(fields: BasicAuthFields): Record<keyof BasicAuthFields, Problem | undefined> {
	return {
		server: serverProblem(fields.server),
		port: portProblem(fields.port),
		database: valueProblem('database', fields.database),
		username: valueProblem('username', fields.username),
		password: passwordProblem(fields.password),
		sslMode: sslModeProblem(fields.sslMode),
	};
}

/**
 * The first thing wrong with the fields, in the order in which they are shown, or nothing. It checks
 * form only: whether the database can be reached is for Adobe to say. Does not throw, whatever the
 * fields hold at run time.
 */
export function checkBasicAuth(fields: BasicAuthFields): BasicAuthProblem | undefined {
	const found = checks(fields ?? ({} as BasicAuthFields));
	for (const field of Object.keys(found) as Array<keyof BasicAuthFields>) {
		const problem = found[field];
		if (problem !== undefined) return { field, ...problem };
	}
	return undefined;
}

/**
 * The fields as Adobe takes them, in the order of Adobe's PostgreSQL tutorial. Spaces around the
 * server, the port and the SSL mode are dropped; those around the other values may belong to them.
 * For fields that {@link checkBasicAuth} accepts.
 */
export function toBasicAuthParams(fields: BasicAuthFields): BasicAuthParams {
	const { server, port, database, username, password, sslMode } = fields;
	return {
		server: server.trim(),
		port: String(portNumber(port) ?? port),
		database,
		username,
		password,
		sslMode: sslMode.trim(),
	};
}
