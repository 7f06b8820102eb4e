import type { Entry } from './entries';
import type { Problem } from './problem';

/** Words of libpq, by which its form is told from others. */
const LIBPQ_KEYS: ReadonlySet<string> = new Set([
	...['host', 'hostaddr', 'port', 'dbname', 'user', 'password', 'passfile', 'service'],
	...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'channel_binding'],
	...['connect_timeout', 'application_name', 'options', 'target_session_attrs', 'gssencmode'],
	...['client_encoding', 'keepalives', 'require_auth', 'fallback_application_name'],
]);

const PAIR =
	/\s*([A-Za-z_]\w*)\s*=\s*(?:'((?:[^'\\]|\\[^])*)'|((?:[^\s'\\]|\\[^])(?:[^\s\\]|\\[^])*)?)(?=\s|$)/y;

/** `host=db.example.com dbname='my sales'`: pairs with blanks between them. */
export function readLibpq(text: string): { entries: Entry[]; complete: boolean } {
	const entries: Entry[] = [];
	PAIR.lastIndex = 0;
	let at = 0;
	for (;;) {
		PAIR.lastIndex = at;
		const found = PAIR.exec(text);
		if (found === null) break;
		const [whole, key = '', quoted, plain = ''] = found;
		const written = quoted === undefined ? plain : `'${quoted}'`;
		const value = (quoted ?? plain).replace(/\\([^])/g, '$1');
		entries.push({ key, value, written, position: entries.length + 1 });
		at += whole.length;
	}
	return { entries, complete: text.slice(at).trim() === '' };
}

const START =
	/^ *(?:host|hostaddr|port|dbname|user|password|sslmode|connect_timeout|application_name|service) *=/;
const NEXT =
	/ (?:host|hostaddr|port|dbname|user|password|sslmode|connect_timeout|application_name) *=/;

/** A password in the first place may well look like more keys, so it does not count as a start here. */
const START_BEFORE_SEMICOLON = /^ *(?:host|hostaddr|dbname) *=/;

/** Whether a text is in libpq's form, and not in that with semicolons. */
export function isLibpq(text: string): boolean {
	const separator = text.indexOf(';');
	if (separator === -1) return START.test(text) && NEXT.test(text);
	const { entries, complete } = readLibpq(text);
	const isCertain =
		complete &&
		entries.length > 1 &&
		entries.every(({ key }) => LIBPQ_KEYS.has(key)) &&
		entries.every(({ written }) => written.startsWith("'") || !/;\s*\w[\w ]*=/.test(written));
	return (
		isCertain ||
		(START_BEFORE_SEMICOLON.test(text) && / dbname *=| host *=/.test(text.slice(0, separator)))
	);
}

/** Of a text in this form that can't be read to its end. */
export const LIBPQ_PROBLEM: Problem = {
	message:
		"The parts are separated by blanks, as PostgreSQL's own tools write them, but can't be read.",
	hint: "In that form every part is key=value, and a value with a blank, a quote or a backslash is in single quotes, with \\' and \\\\ for those two: host=… port=… dbname=… user=… password='…'.",
};
