import { skipSpaces, skipSpacesBack } from './plainText';
import { closingQuote, opensQuote, unquoted } from '../redaction/quoting';

/** A key that means something to us, as Adobe's PostgreSQL tutorial spells it. */
export type CanonicalKey =
	| 'Server'
	| 'Database'
	| 'Port'
	| 'UID'
	| 'Password'
	| 'EncryptionMethod'
	| 'ValidateServerCertificate';

/**
 * The names other PostgreSQL drivers use for the same things (Npgsql, ODBC, JDBC, DataDirect, libpq).
 * Whether Adobe takes them is not documented, so they become Adobe's own.
 */
const ALIASES: Record<CanonicalKey, readonly string[]> = {
	Server: [
		'server',
		'host',
		'data source',
		'datasource',
		'address',
		'addr',
		'hostname',
		'host name',
		'hostaddr',
		'server name',
		'servername',
		'network address',
	],
	Database: [
		'database',
		'db',
		'dbname',
		'initial catalog',
		'initialcatalog',
		'database name',
		'databasename',
	],
	Port: ['port', 'port number', 'portnumber'],
	UID: ['uid', 'user id', 'userid', 'user', 'username', 'user name', 'logonid', 'logon id'],
	Password: ['password', 'pwd', 'psw', 'passwd'],
	EncryptionMethod: ['encryptionmethod'],
	ValidateServerCertificate: ['validateservercertificate'],
};

const CANONICAL: ReadonlyMap<string, CanonicalKey> = new Map(
	(Object.keys(ALIASES) as CanonicalKey[]).flatMap((canonical) =>
		ALIASES[canonical].map((alias): [string, CanonicalKey] => [alias, canonical]),
	),
);

/** How two spellings of a key are compared: without regard to case and to how many spaces. */
export function comparableKey(key: string): string {
	return key.toLowerCase().split(' ').filter(Boolean).join(' ');
}

/** The key's name in Adobe's PostgreSQL tutorial, or nothing for a key we do not know. */
export function canonicalKey(key: string): CanonicalKey | undefined {
	return CANONICAL.get(comparableKey(key));
}

const ADOBES_KEYS: ReadonlySet<string> = new Set(
	Object.keys(ALIASES).map((key) => key.toLowerCase()),
);

/** Whether it is one of Adobe's own keys, in any case, and not another driver's name for it. */
export function isAdobesKey(key: string): boolean {
	return ADOBES_KEYS.has(key.toLowerCase());
}

/** A part and where its value stands in the text, quotes included. */
export interface ScannedPart {
	key: string;
	canonical: CanonicalKey | undefined;
	value: string;
	/** The value as it stands in the text, with its quotes. */
	written: string;
	/** From the first character after the previous semicolon to the last before the next. */
	raw: string;
	valueStart: number;
	valueEnd: number;
}

/** Why a text could not be read to its end. */
export interface ScanFault {
	kind: 'noEquals' | 'emptyKey' | 'unclosedQuote' | 'textAfterQuote';
	/** The part, counted from 1; empty parts do not count. */
	position: number;
	canonical: CanonicalKey | undefined;
}

/** The parts up to the end or up to the first fault. */
export interface Scan {
	parts: ScannedPart[];
	fault: ScanFault | undefined;
}

interface ScannedValue {
	value: string;
	valueStart: number;
	valueEnd: number;
	/** Where the part ends: at a semicolon or the end of the text. */
	end: number;
}

function orEnd(text: string, at: number): number {
	return at === -1 ? text.length : at;
}

function plainValue(text: string, valueStart: number): ScannedValue {
	const end = orEnd(text, text.indexOf(';', valueStart));
	const valueEnd = skipSpacesBack(text, end, valueStart);
	return { value: text.slice(valueStart, valueEnd), valueStart, valueEnd, end };
}

function quotedValue(text: string, open: number): ScannedValue | ScanFault['kind'] {
	const close = closingQuote(text, open);
	if (close === -1) return 'unclosedQuote';
	const end = skipSpaces(text, close + 1);
	if (end < text.length && text[end] !== ';') return 'textAfterQuote';
	return { value: unquoted(text, open, close), valueStart: open, valueEnd: close + 1, end };
}

/** The names around a part's value; `start` is its first character that is not a space. */
function keyOf(text: string, start: number, equals: number) {
	const key = text.slice(start, skipSpacesBack(text, equals, start));
	return { key, canonical: canonicalKey(key) };
}

/** Reads the text part by part. A quoted value may hold semicolons; a plain one ends at the next. */
export function scanConnectionString(text: string): Scan {
	const parts: ScannedPart[] = [];
	const stopped = (kind: ScanFault['kind'], canonical?: CanonicalKey): Scan => ({
		parts,
		fault: { kind, position: parts.length + 1, canonical },
	});
	let from = 0;
	while (from < text.length) {
		const start = skipSpaces(text, from);
		if (start === text.length) break;
		if (text[start] === ';') {
			from = start + 1;
			continue;
		}
		const equals = orEnd(text, text.indexOf('=', start));
		const separator = orEnd(text, text.indexOf(';', start));
		if (equals >= separator) return stopped('noEquals');
		const { key, canonical } = keyOf(text, start, equals);
		if (key === '') return stopped('emptyKey');
		const valueStart = skipSpaces(text, equals + 1);
		const value = opensQuote(text, valueStart)
			? quotedValue(text, valueStart)
			: plainValue(text, valueStart);
		if (typeof value === 'string') return stopped(value, canonical);
		const { end, ...found } = value;
		const written = text.slice(found.valueStart, found.valueEnd);
		parts.push({ key, canonical, written, raw: text.slice(from, end), ...found });
		from = end + 1;
	}
	return { parts, fault: undefined };
}
