import type { Entry } from './entries';
import { readLibpq } from './libpq';
import { isPostgresUrl, readPostgresUrl } from './postgresUrl';
import type { Problem } from './problem';

/** One word of a command as a shell sees it. */
interface ShellWord {
	text: string;
	/** As it stands in the command. */
	written: string;
	/** Whether a shell would put something else in the place of a part of it. */
	expands: boolean;
}

/** Environment variables of libpq, by the keyword that each stands for. */
const VARIABLES: Readonly<Record<string, string>> = {
	PGHOST: 'host',
	PGHOSTADDR: 'hostaddr',
	PGPORT: 'port',
	PGDATABASE: 'dbname',
	PGUSER: 'user',
	PGPASSWORD: 'password',
	PGPASSFILE: 'passfile',
	PGSERVICE: 'service',
	PGSSLMODE: 'sslmode',
	PGSSLROOTCERT: 'sslrootcert',
	PGSSLCERT: 'sslcert',
	PGSSLKEY: 'sslkey',
	PGREQUIRESSL: 'requiressl',
	PGCHANNELBINDING: 'channel_binding',
	PGOPTIONS: 'options',
	PGAPPNAME: 'application_name',
	PGCONNECT_TIMEOUT: 'connect_timeout',
	PGCLIENTENCODING: 'client_encoding',
	PGTARGETSESSIONATTRS: 'target_session_attrs',
	PGGSSENCMODE: 'gssencmode',
};

const FLAGS: Readonly<Record<string, string>> = {
	h: 'host',
	p: 'port',
	U: 'user',
	d: 'dbname',
	u: 'user',
};

const LONG_FLAGS: Readonly<Record<string, string>> = {
	host: 'host',
	port: 'port',
	username: 'user',
	user: 'user',
	dbname: 'dbname',
};

/** Flags with a value that says nothing about the database. */
const OTHER_FLAGS_WITH_VALUE = new Set([...'cfvoPFRTL']);
const OTHER_LONG_FLAGS_WITH_VALUE = new Set([
	...['command', 'file', 'set', 'variable', 'output', 'pset', 'field-separator'],
	...['record-separator', 'table-attr', 'log-file'],
]);

const PROGRAM = /(?:^|[\\/])(?:psql|pgcli)(?:\.exe)?$/i;
const ASSIGNMENT = /^(?:\$env:)?([A-Za-z_]\w*)=([^]*)$/;

/** Prompts, and what only leads to the command. */
const LEADING = new Set(['$', '>', '#', 'export', 'set', 'SET', 'env', 'exec', ';', '&&', 'sudo']);

export type PsqlReading =
	| { ok: true; entries: Entry[]; isJdbc: boolean }
	| { ok: false; problem: Problem };

const UNREADABLE: Problem = {
	message: "The psql command can't be read: a quote is not closed.",
	hint: 'Put a value with special characters in single quotes, or give the details one by one (Basic).',
};

const EXPANDS: Problem = {
	message: 'The psql command takes a part of the details from the shell, which is not known here.',
	hint: 'A dollar sign or a backtick stands for something else there. Put the value itself in, in single quotes if it really holds one.',
};

/** Reads a command such as `PGPASSWORD=… psql -h db.example.com -U aep sales`; undefined for others. */
export function readPsqlCommand(text: string): PsqlReading | undefined {
	if (!/psql|pgcli|(?:^|\s|:)PG[A-Z]+=/i.test(text)) return undefined;
	const words = shellWords(text.replace(/(?:\\|\^|`)\r?\n/g, ' '));
	const begin = words.findIndex(({ text: word }) => !LEADING.has(word));
	const body = words.slice(begin === -1 ? words.length : begin);
	let at = 0;
	const entries: Entry[] = [];
	const add = (key: string, { text: value, written }: ShellWord) =>
		entries.push({ key, value, written, position: entries.length + 1 });
	let expands = false;
	for (; at < body.length; at++) {
		const word = body[at];
		if (word === undefined) break;
		if (LEADING.has(word.text)) continue;
		const [, name = '', value = ''] = ASSIGNMENT.exec(word.text) ?? [];
		if (name === '') break;
		const key = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
		if (key === undefined && !/^(?:PG|LC_|LANG|TZ)/.test(name)) return undefined;
		expands ||= word.expands;
		const written = word.written.slice(word.written.indexOf('=') + 1);
		add(key ?? name, { ...word, text: value, written });
	}
	const program = body[at];
	if (program === undefined) {
		return entries.length > 1 ? finished(text, entries, expands) : undefined;
	}
	if (!PROGRAM.test(program.text)) return undefined;
	const read = readArguments(body.slice(at + 1), add);
	if (typeof read === 'object') return { ok: false, problem: read.problem };
	return finished(text, entries, expands || read);
}

function finished(text: string, given: Entry[], expands: boolean): PsqlReading {
	if (isUnclosed(text)) return { ok: false, problem: UNREADABLE };
	const entries: Entry[] = [];
	for (const entry of given) {
		if (entry.key !== 'dbname') entries.push(entry);
		else if (isPostgresUrl(entry.value)) {
			const url = readPostgresUrl(entry.value);
			if (!url.ok) return url;
			for (const one of url.entries) entries.push(one);
		} else if (entry.value.includes('=')) {
			const { entries: pairs, complete } = readLibpq(entry.value);
			if (!complete) return { ok: false, problem: UNREADABLE };
			for (const one of pairs) entries.push(one);
		} else entries.push(entry);
	}
	return expands ? { ok: false, problem: EXPANDS } : { ok: true, entries, isJdbc: false };
}

/** @returns whether the shell puts something into them, or what is wrong */
function readArguments(
	words: readonly ShellWord[],
	add: (key: string, word: ShellWord) => void,
): boolean | { problem: Problem } {
	let expands = false;
	const positional = ['dbname', 'user'];
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (word === undefined) break;
		// What follows is another command, or goes to a file.
		if (/^(?:\||;|&&?|\d?[<>]+.*)$/.test(word.written)) break;
		const flag = flagOf(word);
		if (flag === undefined) {
			const key = positional.shift();
			if (key === undefined) continue;
			expands ||= word.expands;
			add(key, word);
			continue;
		}
		if (!flag.takesValue) continue;
		const value = flag.value ?? words[++index];
		if (value === undefined) break;
		if (flag.key === undefined) continue;
		expands ||= value.expands;
		add(flag.key, value);
	}
	return expands;
}

interface Flag {
	key?: string;
	takesValue: boolean;
	/** Where it is in the same word. */
	value?: ShellWord;
}

function flagOf(word: ShellWord): Flag | undefined {
	const { text } = word;
	const [, long, , inWord] = /^--([\w-]+)(=([^]*))?$/.exec(text) ?? [];
	if (long !== undefined) {
		const key = Object.hasOwn(LONG_FLAGS, long) ? LONG_FLAGS[long] : undefined;
		const takesValue = key !== undefined || OTHER_LONG_FLAGS_WITH_VALUE.has(long);
		return { key, takesValue, ...(inWord === undefined ? {} : { value: pieceOf(word, inWord) }) };
	}
	if (!/^-[A-Za-z0-9?]/.test(text)) return undefined;
	// `-Xqh db` is `-X -q -h db`.
	for (let at = 1; at < text.length; at++) {
		const letter = text.charAt(at);
		const key = Object.hasOwn(FLAGS, letter) ? FLAGS[letter] : undefined;
		if (key === undefined && !OTHER_FLAGS_WITH_VALUE.has(letter)) continue;
		const behind = text.slice(at + 1);
		return { key, takesValue: true, ...(behind === '' ? {} : { value: pieceOf(word, behind) }) };
	}
	return { takesValue: false };
}

function pieceOf({ expands }: ShellWord, text: string): ShellWord {
	return { text, written: text, expands };
}

/** What a word of a shell is made of: quoted with either quote, escaped, or plain. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\;&|]+)|([;&|]+)|(['"\\])/y;

function shellWords(text: string): ShellWord[] {
	const words: ShellWord[] = [];
	let at = 0;
	while (at < text.length) {
		const blank = /\s+/y;
		blank.lastIndex = at;
		at += blank.exec(text)?.[0].length ?? 0;
		if (at >= text.length) break;
		const word: ShellWord = { text: '', written: '', expands: false };
		const start = at;
		for (;;) {
			PIECE.lastIndex = at;
			const found = PIECE.exec(text);
			if (found === null) break;
			const [whole, single, double, escaped, plain, operator, open] = found;
			if (operator !== undefined && word.written !== '') break;
			at += whole.length;
			word.text += single ?? escaped ?? plain ?? operator ?? open ?? unescaped(double ?? '');
			word.expands ||= expandsIn(plain ?? '', false) || expandsIn(double ?? '', true);
			word.written = text.slice(start, at);
			if (operator !== undefined) break;
		}
		if (at === start) at++;
		words.push(word);
	}
	return words;
}

/** In double quotes a backslash stands for itself before most characters. */
function unescaped(text: string): string {
	return text.replace(/\\([\\"$`])/g, '$1');
}

/** `$NAME`, `$(…)`, backticks; a whole `$PASSWORD` is a placeholder, which is said of it instead. */
function expandsIn(text: string, isQuoted: boolean): boolean {
	const bare = isQuoted ? text.replace(/\\[^]/g, '') : text;
	return /\$[\w({!#*@?$-]|`/.test(bare) && !/^(?:\w+=)?\$\{?\w+\}?$/.test(bare);
}

function isUnclosed(text: string): boolean {
	let at = 0;
	while (at < text.length) {
		PIECE.lastIndex = at;
		const found = PIECE.exec(text);
		if (found === null) at++;
		else if (found[6] !== undefined) return true;
		else at += found[0].length;
	}
	return false;
}
