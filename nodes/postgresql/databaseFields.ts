import { holdsPlaceholder, isPlaceholder, placeholderProblem } from './placeholders';
import { hasControlCharacter } from './plainText';
import type { Problem } from './problem';

/** A port as n8n hands it over: a number from the field, text from an expression. */
export type PortInput = number | string;

/** Longer than any host name, database name or generated password; shorter than an accident. */
const MAX_VALUE_LENGTH = 4096;

const MAX_HOST_LENGTH = 255;

/** The port as a number from 1 to 65535, or nothing where it is no such port. */
export function portNumber(port: PortInput): number | undefined {
	const text = typeof port === 'string' ? port.trim() : '';
	const value = /^\d{1,5}$/.test(text) ? Number(text) : port;
	const valid =
		typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
	return valid ? value : undefined;
}

/** What is wrong with a port. */
export function portProblem(port: PortInput): Problem | undefined {
	if (portNumber(port) !== undefined) return undefined;
	return {
		message: 'The port is not a whole number from 1 to 65535.',
		hint: 'Enter digits only. PostgreSQL listens on 5432 unless it was set up otherwise.',
	};
}

/** `::1`, `2001:db8::7`, `fe80::1%eth0`, `::ffff:10.0.0.1`, each also in square brackets. */
function isIpv6(server: string): boolean {
	const bracketed = server.startsWith('[') && server.endsWith(']');
	const address = bracketed ? server.slice(1, -1) : server;
	return /^[0-9a-f:.]+(?:%[\w.-]+)?$/i.test(address) && address.split(':').length > 2;
}

/**
 * What a server field may hold instead of a host, the most telling first. The texts name no part of
 * the value: a pasted URL or connection string holds the password.
 */
const NOT_A_HOST: ReadonlyArray<{ pattern: RegExp } & Problem> = [
	{
		pattern: /;|=/,
		message: 'The server looks like a whole connection string.',
		hint: 'Enter the host name or IP address only, or choose the authentication that takes a connection string.',
	},
	{
		pattern: /:\/\/|^jdbc:/i,
		message: 'The server is a URL.',
		hint: 'Enter the host name or IP address only, without postgresql:// in front; the port, the database, the user and the password have fields of their own.',
	},
	{
		pattern: /^(?:tcp|np|lpc|admin):/i,
		message: 'The server has a protocol in front, as SQL Server writes it.',
		hint: 'Enter the host name or IP address only, without tcp: in front; the port has a place of its own. If the database is a SQL Server, use Adobe’s source for that.',
	},
	{
		pattern: /^[^,\s]+,\s*\d+$/,
		message: 'The server has a port behind a comma, as SQL Server writes it.',
		hint: 'Enter the host name without the comma and the number; the port has a place of its own (5432 for PostgreSQL).',
	},
	{
		pattern: /^(?:\/|%2f)/i,
		message: 'The server is a Unix socket on your machine.',
		hint: 'Adobe connects over the network: enter the host name or IP address by which it reaches the database.',
	},
	{
		pattern: /\s/,
		message: 'The server contains a blank.',
		hint: 'Enter one host name or IP address.',
	},
	{
		pattern: /@/,
		message: 'The server contains a user name.',
		hint: 'Enter what follows the @ sign; the user and the password have fields of their own.',
	},
	{
		pattern: /[/\\?#]/,
		message: 'The server contains a path.',
		hint: 'Enter the host name or IP address only. The database has a field of its own, and Adobe cannot use a socket on your disk.',
	},
	{
		pattern: /,/,
		message: 'The server names several hosts.',
		hint: 'Enter one host name or IP address.',
	},
	{
		pattern: /^(?:[^:]+|\[.*\]):\d*$/,
		message: 'The server has a port glued to it.',
		hint: 'Enter the host name without the colon and the number, and use the Port field for the number.',
	},
	{
		pattern: /[^\p{L}\p{M}\p{N}._-]/u,
		message: 'The server contains characters that no host name has.',
		hint: 'Enter a host name such as db.example.com or an IP address, without quotes, braces or brackets.',
	},
];

function emptyProblem(name: string): Problem {
	return { message: `The ${name} is empty.`, hint: `Enter the ${name}.` };
}

function typeProblem(name: string): Problem {
	return {
		message: `The ${name} is not text.`,
		hint: `Enter the ${name} as text. An expression has to give text here, not a number, a list or an object.`,
	};
}

/** What is wrong with a server: it takes one host name or IP address and nothing else. */
export function serverProblem(server: string): Problem | undefined {
	const host = typeof server === 'string' ? server.trim() : server;
	const general = valueProblem('server', host);
	if (general !== undefined) return general;
	if (isIpv6(host)) return undefined;
	if (holdsPlaceholder(host)) return placeholderProblem('The server');
	const found = NOT_A_HOST.find(({ pattern }) => pattern.test(host));
	if (found !== undefined) return { message: found.message, hint: found.hint };
	if (host.length <= MAX_HOST_LENGTH) return undefined;
	return {
		message: 'The server is too long for a host name.',
		hint: 'Enter one host name or IP address.',
	};
}

/** What is wrong with a database, user name or server as a text. `name` is the word for it. */
export function valueProblem(
	name: string,
	value: string,
	{ mayBeBlank = false } = {},
): Problem | undefined {
	if (value === undefined || value === null) return emptyProblem(name);
	if (typeof value !== 'string') return typeProblem(name);
	if (mayBeBlank ? value === '' : value.trim() === '') return emptyProblem(name);
	return contentProblem(name, value);
}

/** What is wrong with a password: it may hold anything that can be typed, blanks alone included. */
export function passwordProblem(password: string): Problem | undefined {
	if (password === undefined || password === null || password === '') {
		return emptyProblem('password');
	}
	if (typeof password !== 'string') return typeProblem('password');
	if (isPlaceholder(password)) return placeholderProblem('The password');
	return contentProblem('password', password);
}

function contentProblem(name: string, value: string): Problem | undefined {
	if (value.length > MAX_VALUE_LENGTH) {
		return {
			message: `The ${name} is longer than ${MAX_VALUE_LENGTH} characters.`,
			hint: `Enter the ${name} only.`,
		};
	}
	if (hasControlCharacter(value)) {
		return {
			message: `The ${name} contains a line break, a tab or another control character.`,
			hint: 'Remove it. It often comes along at the end when a value is pasted or read from a file.',
		};
	}
	return undefined;
}
