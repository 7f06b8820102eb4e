import { foreignKey, plainKey, soundsLikeTls } from './connectionKeys';
import { keysProblem, NO_STRING, scanned, textProblem } from './connectionString';
import type { CanonicalKey } from './connectionStringParts';
import { canonicalKey, isAdobesKey } from './connectionStringParts';
import { portNumber, serverProblem, valueProblem } from './databaseFields';
import type { Entry } from './entries';
import { isLibpq, LIBPQ_PROBLEM, readLibpq } from './libpq';
import { holdsPlaceholder, isPlaceholder, placeholderProblem } from './placeholders';
import { isPostgresUrl, readPostgresUrl } from './postgresUrl';
import type { Problem } from './problem';
import { readPsqlCommand } from './psqlCommand';
import type { Tls, TlsSetting } from './tlsWords';
import { readTls, tlsProblem } from './tlsWords';

/** The details of a database, whatever form they were pasted in. */
export interface DatabaseDetails {
	server: string;
	/** Digits; those of PostgreSQL's own port where none was given. */
	port: string;
	database: string;
	username: string;
	password: string;
	tls: Tls;
	/** The string itself, where it has none but Adobe's own keys: it is sent as it is. */
	asIs?: string;
}

export type DetailsReading =
	| { ok: true; details: DatabaseDetails }
	| { ok: false; problem: Problem };

/** A form of details that people have. */
interface Form {
	/** As messages call it. */
	name: string;
	/** How its missing parts are called. */
	words: Readonly<Record<Part, string>>;
	/** How to write it, and the way out. */
	hint: string;
	isJdbc?: boolean;
}

type Part = 'Server' | 'Database' | 'UID' | 'Password';

const ADOBES_FORM = 'Server=…;Database=…;Port=…;UID=…;Password=…';

const REQUIRED: readonly Part[] = ['Server', 'Database', 'UID', 'Password'];

const PLAIN_WORDS = {
	Server: 'host name',
	Database: 'database',
	UID: 'user name',
	Password: 'password',
} as const;

const SEMICOLONS: Form = {
	name: 'connection string',
	words: { Server: 'Server', Database: 'Database', UID: 'UID', Password: 'Password' },
	hint: `Write it as ${ADOBES_FORM}.`,
};

const URL: Form = {
	name: 'PostgreSQL URL',
	words: PLAIN_WORDS,
	hint: `Write it as postgresql://user:password@host:5432/database, or as ${ADOBES_FORM}.`,
};

const JDBC: Form = {
	name: 'JDBC URL',
	words: PLAIN_WORDS,
	hint: `Write it as jdbc:postgresql://host:5432/database?user=…&password=…, or as ${ADOBES_FORM}.`,
	isJdbc: true,
};

const LIBPQ: Form = {
	name: 'libpq connection string',
	words: PLAIN_WORDS,
	hint: `Write it as host=… port=5432 dbname=… user=… password=…, or as ${ADOBES_FORM}.`,
};

const PSQL: Form = {
	name: 'psql command',
	words: PLAIN_WORDS,
	hint: `Give all details: PGPASSWORD=… psql -h … -p 5432 -U … -d …, or ${ADOBES_FORM}.`,
};

/**
 * Reads the details of a database in the form that somebody has them: Adobe's connection string, those
 * of ADO.NET and ODBC, a PostgreSQL or JDBC URL, libpq's form or a psql command. What would have to be
 * guessed is refused; so is every setting that Adobe can't be told of and that is of consequence. Does
 * not throw, whatever it is given at run time, and repeats no value in a message.
 */
export function readDetails(given: string): DetailsReading {
	if (typeof given !== 'string') return failed(textProblem(given) ?? LIBPQ_PROBLEM);
	const text = unwrapped(given);
	const psql = text.length > MAX_COMMAND_LENGTH ? undefined : readPsqlCommand(text);
	if (psql !== undefined) return psql.ok ? settled(PSQL, psql.entries) : psql;
	const problem = textProblem(text) ?? otherFormProblem(text);
	if (problem !== undefined) return failed(problem);
	if (isPostgresUrl(text)) {
		const url = readPostgresUrl(text);
		return url.ok ? settled(/^jdbc:/i.test(text) ? JDBC : URL, url.entries) : url;
	}
	if (isLibpq(text)) {
		const { entries, complete } = readLibpq(text);
		return complete ? settled(LIBPQ, entries) : failed(LIBPQ_PROBLEM);
	}
	return readSemicolons(text);
}

/** What is wrong with pasted details, or nothing. */
export function detailsProblem(given: string): Problem | undefined {
	const reading = readDetails(given);
	return reading.ok ? undefined : reading.problem;
}

const MAX_COMMAND_LENGTH = 8192;

function failed(problem: Problem): DetailsReading {
	return { ok: false, problem };
}

/** Without what comes along from a settings file: the variable's or member's name, and quotes. */
function unwrapped(given: string): string {
	const text = given.trim();
	const [, line] =
		/^(?:(?:export|set)\s+)?["']?[A-Za-z][\w.:]*["']?\s*(?:=\s*|:\s+|:(?=["']))(["']?(?:(?:jdbc:)?(?:postgres|postgis|pgsql)[\w+]*:|(?:psql|pgcli)\s)[^]*)$/i.exec(
			text,
		) ?? [];
	const bare = (line ?? text).replace(/([\w"'])\s*,$/, '$1');
	const [, quote, inner = ''] = /^(["'])([^]*)\1$/.exec(bare) ?? [];
	return quote !== undefined && !inner.includes(quote) ? inner.trim() : bare;
}

/** Forms of other things, each with its own way out. */
function otherFormProblem(text: string): Problem | undefined {
	if (/^jdbc:(?!postgresql:)/i.test(text)) {
		return {
			message: 'This is a JDBC URL of another database, not of PostgreSQL.',
			hint: `Enter the details of a PostgreSQL database: ${ADOBES_FORM}.`,
		};
	}
	if (/^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text) && !isPostgresUrl(text)) {
		return NO_STRING;
	}
	return undefined;
}

function readSemicolons(text: string): DetailsReading {
	// PHP's PDO puts the driver's name in front.
	const found = scanned(text.replace(/^pgsql:(?=\w+=)/i, ''));
	if (!found.ok) return failed(placeholderInRaw(text) ?? found.problem);
	const problem = keysProblem(found.parts);
	if (problem !== undefined) return failed(problem);
	const entries = found.parts.map(({ key, value, written }, index) => ({
		key,
		value,
		written,
		position: index + 1,
	}));
	const isAdobes = found.parts.every(({ key }) => isAdobesKey(key));
	const reading = settled(SEMICOLONS, entries);
	return reading.ok && isAdobes
		? { ok: true, details: { ...reading.details, asIs: text } }
		: reading;
}

/** The entries by what they mean; a problem for the first that can't be told to Adobe. */
function settled(form: Form, entries: readonly Entry[]): DetailsReading {
	const values = new Map<CanonicalKey, Entry>();
	const tlsSettings: TlsSetting[] = [];
	for (const entry of entries) {
		const key = canonicalKey(entry.key);
		if (key === undefined) {
			const problem = foreignProblem(form, entry, values, tlsSettings);
			if (problem !== undefined) return failed(problem);
			continue;
		}
		const before = values.get(key);
		if (before !== undefined && before.value !== entry.value)
			return failed(twiceProblem(form, key));
		values.set(key, entry);
	}
	const tls = readTls(tlsSettings, form.isJdbc === true);
	if (!tls.ok) return tls;
	const problem =
		placeholderIn(values) ?? missingProblem(form, values) ?? valuesProblem(form, values);
	if (problem !== undefined) return failed(problem);
	const valueOf = (key: CanonicalKey) => values.get(key)?.value;
	const encryptionMethod = valueOf('EncryptionMethod');
	const validateServerCertificate = valueOf('ValidateServerCertificate');
	const [setting] = tlsSettings;
	if (tls.tls.mode !== undefined && setting !== undefined) {
		// Both languages at once: which of them counts would be a guess.
		if ((encryptionMethod ?? validateServerCertificate) !== undefined) {
			return failed(tlsProblem(setting.name));
		}
	}
	return {
		ok: true,
		details: {
			server: (valueOf('Server') ?? '').trim(),
			port: String(portNumber(valueOf('Port') ?? DEFAULT_PORT)),
			database: valueOf('Database') ?? '',
			username: valueOf('UID') ?? '',
			password: valueOf('Password') ?? '',
			tls: { ...tls.tls, encryptionMethod, validateServerCertificate },
		},
	};
}

/** Where none is given, for PostgreSQL and all its drivers. */
const DEFAULT_PORT = '5432';

function foreignProblem(
	form: Form,
	entry: Entry,
	before: ReadonlyMap<CanonicalKey, Entry>,
	tlsSettings: TlsSetting[],
): Problem | undefined {
	const foreign = foreignKey(entry.key, entry.value);
	if (foreign?.kind === 'dropped') return undefined;
	if (foreign?.kind === 'tls') {
		const again = tlsSettings.find(({ key }) => plainKey(key) === plainKey(entry.key));
		if (again !== undefined && again.value !== entry.value) return twiceProblem(form, foreign.name);
		tlsSettings.push({ key: entry.key, name: foreign.name, value: entry.value });
		return undefined;
	}
	if (foreign?.kind === 'refused') {
		return {
			message: `The details have the setting ${foreign.name}, which can't be handed on to Adobe.`,
			hint: `${foreign.why} Remove the setting if it is not needed.`,
		};
	}
	if (form === SEMICOLONS && before.has('Password')) return behindPasswordProblem(entry);
	if (soundsLikeTls(entry.key)) return tlsProblem(`in part ${entry.position}`);
	return {
		message: `Part ${entry.position} of the ${form.name} is a setting that is not known here.`,
		hint: `Adobe would ignore it or refuse the whole. Remove it if it is not needed. ${form.hint}`,
	};
}

/** A password with a semicolon that is not quoted ends there for every reader. */
function behindPasswordProblem({ position, key }: Entry): Problem {
	const about = soundsLikeTls(key)
		? ' If it is meant as a setting for TLS, write EncryptionMethod and ValidateServerCertificate, the keys that Adobe knows.'
		: '';
	return {
		message: `Part ${position} of the connection string, after Password, is not a key that Adobe knows: most likely the password holds a semicolon.`,
		hint: `Then put the password in double quotes, and write a double quote within it twice: Password="…". Or choose Basic authentication or separate fields, where nothing has to be quoted. If it is a setting of another driver, remove it.${about}`,
	};
}

function twiceProblem(form: Form, name: string): Problem {
	return {
		message: `The ${form.name} gives ${name} twice, with different values.`,
		hint: 'Remove one of them. Different names can mean the same, such as Server and Host.',
	};
}

function placeholderIn(values: ReadonlyMap<CanonicalKey, Entry>): Problem | undefined {
	for (const [key, { value, written }] of values) {
		const isTemplate =
			key === 'Password' ? isPlaceholder(value, written) : holdsPlaceholder(value, written);
		if (isTemplate) return placeholderProblem(key);
	}
	return undefined;
}

/** In a text that its braces make unreadable: `Server={your_server}.example.com`. */
function placeholderInRaw(text: string): Problem | undefined {
	for (const part of text.split(';')) {
		const [, name = '', value = ''] = /^\s*([^=]*?)\s*=([^]*)$/.exec(part) ?? [];
		const key = canonicalKey(name);
		if (key === undefined) continue;
		const isTemplate = key === 'Password' ? isPlaceholder(value) : holdsPlaceholder(value);
		if (isTemplate) return placeholderProblem(key);
	}
	return undefined;
}

function missingProblem(form: Form, values: ReadonlyMap<CanonicalKey, Entry>): Problem | undefined {
	const missing = REQUIRED.filter((key) => !values.has(key)).map((key) => form.words[key]);
	if (missing.length > 0) {
		return { message: `The ${form.name} has no ${missing.join(', no ')}.`, hint: form.hint };
	}
	// A password of blanks can only get here in quotes, so it is meant.
	const blank = REQUIRED.find((key) => {
		const value = values.get(key)?.value;
		return key === 'Password' ? value === '' : value?.trim() === '';
	});
	if (blank === undefined) return undefined;
	return {
		message: `${blank} in the ${form.name} is empty.`,
		hint: `Put the value in. ${form.hint}`,
	};
}

const NO_ENCRYPTION_METHOD: Problem = {
	message: 'EncryptionMethod in the connection string is not 0, 1 or 6.',
	hint: 'Write 0 for no encryption, 1 for TLS, or 6 to ask for TLS without insisting on it.',
};

const NO_VALIDATION: Problem = {
	message: 'ValidateServerCertificate in the connection string is not 0 or 1.',
	hint: 'Write 1 to have the certificate checked, 0 to have it taken unchecked.',
};

function valuesProblem(form: Form, values: ReadonlyMap<CanonicalKey, Entry>): Problem | undefined {
	const valueOf = (key: CanonicalKey) => values.get(key)?.value;
	const port = valueOf('Port');
	if (port !== undefined && portNumber(port) === undefined) {
		return port.includes(',') ? SEVERAL_PORTS : notAPort(form);
	}
	const method = valueOf('EncryptionMethod');
	if (method !== undefined && !['0', '1', '6'].includes(method)) return NO_ENCRYPTION_METHOD;
	const validation = valueOf('ValidateServerCertificate');
	if (validation !== undefined && !['0', '1'].includes(validation)) return NO_VALIDATION;
	return (
		serverProblem(valueOf('Server') ?? '') ??
		valueProblem('database', valueOf('Database') ?? '') ??
		valueProblem('username', valueOf('UID') ?? '') ??
		// Decoded from a URL, it may hold what the text itself did not.
		valueProblem('password', valueOf('Password') ?? '', { mayBeBlank: true })
	);
}

const SEVERAL_PORTS: Problem = {
	message: 'The details name several ports.',
	hint: 'Adobe takes one server: give one host and its port.',
};

function notAPort(form: Form): Problem {
	return {
		message: `Port in the ${form.name} is not a whole number from 1 to 65535.`,
		hint: 'Write digits only, or leave the part out. PostgreSQL listens on 5432 unless it was set up otherwise.',
	};
}
