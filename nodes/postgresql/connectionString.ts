import { canonicalKey, comparableKey, scanConnectionString } from './connectionStringParts';
import type { CanonicalKey, ScanFault, ScannedPart } from './connectionStringParts';
import {
	passwordProblem,
	portNumber,
	portProblem,
	serverProblem,
	valueProblem,
} from './databaseFields';
import type { PortInput } from './databaseFields';
import { passwordsIn } from '../redaction/passwordSpans';
import { isLibpq, LIBPQ_PROBLEM } from './libpq';
import { hasControlCharacter } from './plainText';
import type { Problem } from './problem';
import { quotedIfNeeded } from '../redaction/quoting';

/** Adobe's `EncryptionMethod`: as the text says, off, on (TLS), or TLS on request. */
export type TlsKeyChoice = 'asIs' | '0' | '1' | '6';

/** Adobe's `ValidateServerCertificate`: as the text says, no, or yes. Means something with TLS only. */
export type CertificateKeyChoice = 'asIs' | '0' | '1';

/** What to do with the two TLS keys of a connection string. */
export interface TlsKeys {
	encryptionMethod: TlsKeyChoice;
	validateServerCertificate: CertificateKeyChoice;
}

/** One `Key=value` of a connection string. */
export interface ConnectionStringPart {
	/** As written, without the spaces around it. */
	key: string;
	/** The key's name in Adobe's PostgreSQL tutorial, or nothing for a key we do not know. */
	canonical: string | undefined;
	/** Decoded: without quotes and without the spaces around it. */
	value: string;
	/** The exact source text between two semicolons, with its spaces and quotes. */
	raw: string;
}

/**
 * What is wrong with a connection string and what to do. It never holds a value out of the string,
 * which may be the password, and names a key only if it is a known one; others go by their position,
 * counted from 1 without the empty ones ("part 3").
 */
export type ConnectionStringProblem = Problem;

/** The parts in the order of the text, or why there are none. */
export type ParsedConnectionString =
	| { ok: true; parts: ConnectionStringPart[] }
	| { ok: false; problem: ConnectionStringProblem };

/** What a connection string is made of when it is composed from fields. */
export interface ConnectionStringFields {
	/** Host name or IP address. */
	server: string;
	/** 1 to 65535, as a number or as digits. */
	port: PortInput;
	database: string;
	username: string;
	password: string;
	/** Left out unless given and not `asIs`. */
	encryptionMethod?: TlsKeyChoice;
	/** Left out unless given and not `asIs`. */
	validateServerCertificate?: CertificateKeyChoice;
}

/** A composed connection string, or the first field that stands in its way. */
export type BuiltConnectionString =
	| {
			ok: true;
			connectionString: string;
			/**
			 * The fields whose values had to be put in quotes. Adobe documents no quoting: if the
			 * connection then fails, basic authentication, which needs none, is the way out.
			 */
			quoted: Array<'database' | 'username' | 'password'>;
	  }
	| { ok: false; problem: ConnectionStringProblem & { field: keyof ConnectionStringFields } };

/** The form in Adobe's PostgreSQL tutorial. */
const FORM = 'Server=…;Database=…;Port=…;UID=…;Password=…';

/** Many times the length of a real one. What is longer was pasted by mistake. */
const MAX_LENGTH = 8192;

const ENCRYPTION_METHODS = ['0', '1', '6'] as const;

const CERTIFICATE_VALIDATIONS = ['0', '1'] as const;

/** Adobe's PostgreSQL tutorial has this in its table of examples, and the right name everywhere else. */
const MISSPELLED_KEY = 'ValidationServerCertificate';

/** What makes a text unreadable before its parts are looked at. */
export function textProblem(text: string): ConnectionStringProblem | undefined {
	if (typeof text !== 'string') {
		return { message: 'The connection string is not text.', hint: `Enter it as ${FORM}.` };
	}
	if (/^[\s;]*$/.test(text)) {
		return { message: 'The connection string is empty.', hint: `Enter it as ${FORM}.` };
	}
	if (text.length > MAX_LENGTH) {
		return {
			message: `The connection string is longer than ${MAX_LENGTH} characters.`,
			hint: `Enter only ${FORM}.`,
		};
	}
	if (hasControlCharacter(text)) {
		return {
			message: 'The connection string contains a line break, a tab or another control character.',
			hint: 'Write it on one line. A line break often comes along at the end when it is pasted or read from a file.',
		};
	}
	return undefined;
}

/** Forms of others, which would be misread as this one; `pastedDetails.ts` reads those. */
function otherFormProblem(text: string): ConnectionStringProblem | undefined {
	if (/^ *(?:jdbc:|postgres(?:ql)?:|[a-z][a-z0-9+.-]{0,30}:\/\/)/i.test(text)) return NO_STRING;
	return isLibpq(text) ? LIBPQ_PROBLEM : undefined;
}

/** A web address, or the URL of another database. */
export const NO_STRING: ConnectionStringProblem = {
	message: 'This is a URL, not a connection string.',
	hint: `Write it as ${FORM}, or paste a URL that begins with postgresql://.`,
};

const QUOTING_HINT =
	'A value that contains a semicolon, or begins with a quote or a brace, must be in quotes ("…" or \'…\'), with the same quote inside written twice.';

function faultProblem({ kind, position, canonical }: ScanFault): ConnectionStringProblem {
	const where = canonical === undefined ? `part ${position}` : canonical;
	switch (kind) {
		case 'noEquals':
			return {
				message: `Part ${position} of the connection string has no equals sign.`,
				hint: `Write every part as Key=value. ${QUOTING_HINT}`,
			};
		case 'emptyKey':
			return {
				message: `Part ${position} of the connection string has nothing before the equals sign.`,
				hint: `Write every part as Key=value. ${QUOTING_HINT}`,
			};
		case 'unclosedQuote':
			return {
				message: `The value of ${where} in the connection string opens with a quote or a brace that is never closed.`,
				hint: `Close it. ${QUOTING_HINT}`,
			};
		case 'textAfterQuote':
			return {
				message: `The value of ${where} in the connection string continues after its closing quote or brace.`,
				hint: `Put a semicolon after it. ${QUOTING_HINT}`,
			};
	}
}

type Scanned = { ok: true; parts: ScannedPart[] } | { ok: false; problem: Problem };

/** The parts of a text in Adobe's form, or why there are none. */
export function scanned(text: string): Scanned {
	const problem = textProblem(text) ?? otherFormProblem(text);
	if (problem !== undefined) return { ok: false, problem };
	const { parts, fault } = scanConnectionString(text);
	return fault === undefined ? { ok: true, parts } : { ok: false, problem: faultProblem(fault) };
}

/**
 * Reads a connection string in the form of Adobe's PostgreSQL tutorial
 * (`Server=…;Database=…;Port=…;UID=…;Password=…`). Keys are told apart without regard to case, the
 * names other drivers use are understood, spaces around keys and values and empty parts are skipped,
 * and a value may be quoted as in ADO.NET (`'…'`, `"…"`) or ODBC (`{…}`). An unquoted value goes up to
 * the next semicolon. Keys nobody knows are kept. Does not throw, whatever it is given at run time.
 */
export function parseConnectionString(text: string): ParsedConnectionString {
	const result = scanned(text);
	if (!result.ok) return result;
	return {
		ok: true,
		parts: result.parts.map(({ key, canonical, value, raw }) => ({ key, canonical, value, raw })),
	};
}

function misspelledProblem(parts: readonly ScannedPart[]): ConnectionStringProblem | undefined {
	const wrong = comparableKey(MISSPELLED_KEY);
	if (!parts.some(({ key }) => comparableKey(key) === wrong)) return undefined;
	return {
		message: `The connection string has the key ${MISSPELLED_KEY}, a misspelling in Adobe's documentation.`,
		hint: 'Write ValidateServerCertificate.',
	};
}

/** Pages and chats put them in unseen; the key then looks right and is another one. */
function invisibleProblem(parts: readonly ScannedPart[]): ConnectionStringProblem | undefined {
	const index = parts.findIndex(({ key }) => /\p{Cf}|(?! )\p{Zs}/u.test(key));
	if (index === -1) return undefined;
	return {
		message: `The key of part ${index + 1} of the connection string contains an invisible character.`,
		hint: 'Retype the key. Such characters come along when text is copied from a page or a chat.',
	};
}

function repeatedProblem(parts: readonly ScannedPart[]): ConnectionStringProblem | undefined {
	const first = new Map<string, number>();
	for (const [index, { key, canonical }] of parts.entries()) {
		const name = canonical ?? comparableKey(key);
		const before = first.get(name);
		if (before !== undefined) {
			const where = `parts ${before + 1} and ${index + 1}`;
			return {
				message:
					canonical === undefined
						? `The connection string has the same key in ${where}.`
						: `The connection string gives ${canonical} twice, in ${where}.`,
				hint: `Remove one of them. Different names can mean the same, such as Server and Host. ${QUOTING_HINT}`,
			};
		}
		first.set(name, index);
	}
	return undefined;
}

function isOneOf(allowed: readonly string[], value: unknown): boolean {
	return allowed.includes(String(value));
}

/** What is wrong with the keys of a connection string, whatever their values are. */
export function keysProblem(parts: readonly ScannedPart[]): ConnectionStringProblem | undefined {
	return invisibleProblem(parts) ?? misspelledProblem(parts) ?? repeatedProblem(parts);
}

/**
 * What is wrong with a choice of TLS keys that came from an expression, or nothing. Numbers (`1`) are
 * taken for their digits; nothing at all means "as is".
 */
export function tlsKeysProblem(
	tls: Partial<TlsKeys>,
):
	| (ConnectionStringProblem & { field: 'encryptionMethod' | 'validateServerCertificate' })
	| undefined {
	if (!isOneOf(['asIs', ...ENCRYPTION_METHODS], tls?.encryptionMethod ?? 'asIs')) {
		return {
			field: 'encryptionMethod',
			message: 'The encryption method must be asIs, 0, 1 or 6.',
			hint: 'Choose one of the list, or have the expression give one of these four.',
		};
	}
	if (!isOneOf(['asIs', ...CERTIFICATE_VALIDATIONS], tls?.validateServerCertificate ?? 'asIs')) {
		return {
			field: 'validateServerCertificate',
			message: 'The validation of the server certificate must be asIs, 0 or 1.',
			hint: 'Choose one of the list, or have the expression give one of these three.',
		};
	}
	return undefined;
}

/** The keys to be written, in the order of Adobe's PostgreSQL tutorial. */
function tlsEntries(tls: Partial<TlsKeys>): Array<[CanonicalKey, string]> {
	const entries: Array<[CanonicalKey, string]> = [
		['EncryptionMethod', String(tls?.encryptionMethod ?? 'asIs')],
		['ValidateServerCertificate', String(tls?.validateServerCertificate ?? 'asIs')],
	];
	return entries.filter(([, value]) => value !== 'asIs');
}

function withKey(text: string, key: CanonicalKey, value: string): string {
	const { parts } = scanConnectionString(text);
	const found = parts.filter(({ canonical }) => canonical === key);
	if (found.length === 0) {
		const separator = /; *$/.test(text) ? '' : ';';
		return `${text}${separator}${key}=${value}`;
	}
	// From the back, so that the positions of the parts before stay right.
	return found.reduceRight(
		(result, { valueStart, valueEnd }) =>
			result.slice(0, valueStart) + value + result.slice(valueEnd),
		text,
	);
}

/**
 * The connection string with the TLS keys set: the value of a key that is there is replaced where it
 * stands, a key that is not is appended. Everything else, quotes, order, spaces and a semicolon at the
 * end included, stays as it is, byte for byte.
 *
 * A text that {@link parseConnectionString} cannot read comes back unchanged. That is safe in either
 * order of calls, because `readDetails` (pastedDetails.ts) refuses it before and after.
 *
 * @throws RangeError for a choice that {@link tlsKeysProblem} objects to; sending the string without
 * the encryption that was asked for would be worse
 */
export function withTlsKeys(text: string, tls: TlsKeys): string {
	const problem = tlsKeysProblem(tls);
	if (problem !== undefined) throw new RangeError(`${problem.message} ${problem.hint}`);
	if (!scanned(text).ok) return text;
	return tlsEntries(tls).reduce((result, [key, value]) => withKey(result, key, value), text);
}

type BuildProblem = Extract<BuiltConnectionString, { ok: false }>['problem'];

function fieldProblem(fields: ConnectionStringFields): BuildProblem | undefined {
	const checks: Array<[keyof ConnectionStringFields, Problem | undefined]> = [
		['server', serverProblem(fields.server)],
		['port', portProblem(fields.port)],
		['database', valueProblem('database', fields.database)],
		['username', valueProblem('username', fields.username)],
		['password', passwordProblem(fields.password)],
	];
	for (const [field, problem] of checks) if (problem !== undefined) return { field, ...problem };
	return tlsKeysProblem(fields);
}

/**
 * Composes a connection string in the order of Adobe's PostgreSQL tutorial, which sibling sources of
 * Adobe are known to insist on: Server, Database, Port, UID, Password, then the TLS keys if asked for.
 *
 * A value is written plainly wherever that is unambiguous. How Adobe wants a semicolon in a password
 * written is not documented; it, a value that begins with a quote or brace, and one with a space at
 * either end are put in quotes as ADO.NET does, and `quoted` names them so that the caller can say
 * so. The server and the port can never need it. Control characters are refused. Parsing the result
 * gives back the fields. Does not throw, whatever the fields hold at run time.
 */
export function buildConnectionString(fields: ConnectionStringFields): BuiltConnectionString {
	const given = fields ?? ({} as ConnectionStringFields);
	const problem = fieldProblem(given);
	if (problem !== undefined) return { ok: false, problem };
	const written = {
		database: quotedIfNeeded(given.database),
		username: quotedIfNeeded(given.username),
		password: quotedIfNeeded(given.password),
	};
	const parts: Array<[CanonicalKey, string]> = [
		['Server', given.server.trim()],
		['Database', written.database],
		['Port', String(portNumber(given.port))],
		['UID', written.username],
		['Password', written.password],
		...tlsEntries(given),
	];
	const connectionString = parts.map(([key, value]) => `${key}=${value}`).join(';');
	if (connectionString.length > MAX_LENGTH) {
		return {
			ok: false,
			problem: {
				field: 'password',
				message: `The connection string would be longer than ${MAX_LENGTH} characters.`,
				hint: 'Shorten the password, the user name or the database name.',
			},
		};
	}
	const names = ['database', 'username', 'password'] as const;
	return {
		ok: true,
		connectionString,
		quoted: names.filter((name) => written[name] !== given[name]),
	};
}

/**
 * What must never be shown of a connection string, for redaction: its password as written and as
 * meant. It also finds them in a text that cannot be parsed, in URLs and in PostgreSQL's own form; and
 * of such a text the whole counts as well, because it may be a password in the wrong field. Anything
 * but text has no secrets.
 */
export function connectionStringSecrets(text: string): string[] {
	if (typeof text !== 'string') return [];
	const { parts } = scanConnectionString(text);
	const values = parts
		.filter(({ key }) => canonicalKey(key) === 'Password')
		.flatMap(({ value, valueStart, valueEnd }) => [value, text.slice(valueStart, valueEnd)]);
	const whole = scanned(text).ok ? [] : [text.trim()];
	const found = new Set([...values, ...passwordsIn(text), ...whole]);
	return [...found].filter((secret) => secret.trim() !== '');
}
