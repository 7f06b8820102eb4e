import type { Entry } from './entries';
import type { Problem } from './problem';

/** With what people put in front: `postgresql+psycopg2:` (SQLAlchemy), `postgis:` (Django). */
const SCHEME = /^(jdbc:)?(?:postgres(?:ql)?(?:\+\w+)?|postgis|pgsql):(\/\/)?/i;

export function isPostgresUrl(text: string): boolean {
	return /^(?:jdbc:)?(?:postgres(?:ql)?(?:\+\w+)?|postgis|pgsql):\/\/|^jdbc:postgresql:/i.test(
		text,
	);
}

export type UrlReading = { ok: true; entries: Entry[] } | { ok: false; problem: Problem };

const UNCLEAR: Problem = {
	message: 'It is not clear where the password ends in the URL, or whether it is encoded.',
	hint: 'Encode the special characters of user name and password: %40 for @, %2F for /, %3F for ?, %23 for #, %25 for %, %3A for :. Or give the details one by one (Basic).',
};

const NOT_ENCODED: Problem = {
	message: 'The URL has a per cent sign that begins no encoded character.',
	hint: 'In a URL, % is written %25. Encode the whole password, or give the details one by one (Basic).',
};

/** What stands in the way of reading it, the first first; what is read after one is of no use. */
type Faults = Problem[];

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=…` and the same as a JDBC URL. Special
 * characters that were not encoded are understood where there is only one way to read them.
 */
export function readPostgresUrl(text: string): UrlReading {
	const [scheme = '', jdbc, slashes] = SCHEME.exec(text) ?? [];
	const isJdbc = jdbc !== undefined;
	const rest = text.slice(scheme.length);
	const faults: Faults = [];
	// `jdbc:postgresql:sales?user=…`: the driver's own short form, for a server on this machine.
	const parts = slashes === undefined ? shortForm(rest) : split(rest, faults);
	const entries = entriesOf(parts, isJdbc, faults);
	const [problem] = faults;
	return problem === undefined ? { ok: true, entries } : { ok: false, problem };
}

interface UrlParts {
	userInfo?: string;
	/** Whether it holds special characters that a URL wants encoded. */
	raw: boolean;
	hosts: string;
	database: string;
	query: string;
}

function shortForm(rest: string): UrlParts {
	const [, database = '', query = ''] = /^\/?([^?]*)\??([^]*)$/.exec(rest) ?? [];
	return { raw: false, hosts: 'localhost', database, query };
}

/** A fault where there are two ways to read it. */
function split(rest: string, faults: Faults): UrlParts {
	const end = rest.search(/[/?#]/);
	const authority = end === -1 ? rest : rest.slice(0, end);
	const behind = end === -1 ? '' : rest.slice(end);
	const at = authority.lastIndexOf('@');
	const lastAt = rest.lastIndexOf('@');
	const pathBehind = behind.split('?', 1)[0] ?? '';
	if (at === -1 && pathOrPasswordHoldsAt(behind, authority, faults)) {
		// `u:p/w@h/d`: as a URL, "p" would be a port.
		const userInfo = rest.slice(0, lastAt);
		return { userInfo, raw: true, ...splitPath(rest.slice(lastAt + 1)) };
	}
	if (at !== -1 && (pathBehind.includes('@') || queryIsNone(behind))) faults.push(UNCLEAR);
	if (at === -1) return { raw: false, ...splitPath(rest) };
	const userInfo = authority.slice(0, at);
	return { userInfo, raw: userInfo.includes('@'), ...splitPath(rest.slice(at + 1)) };
}

/** Whether what looks like a path or a query is a piece of the password. */
function pathOrPasswordHoldsAt(behind: string, authority: string, faults: Faults): boolean {
	if (!behind.includes('@')) return false;
	const [, port] = /:([^:\]]*)$/.exec(authority) ?? [];
	const isHost = port === undefined || port === '' || /^\d+$/.test(port);
	const [path = '', query = ''] = behind.split('?', 2);
	// An at sign in a well-formed query: `?user=a@b`.
	if (!path.includes('@') && /^[\w.-]+=/.test(query)) return false;
	if (isHost) faults.push(UNCLEAR);
	return true;
}

/** `?x@h/d` behind a host: no query, so the host was a piece of the password. */
function queryIsNone(behind: string): boolean {
	const mark = behind.search(/[?#]/);
	if (mark === -1) return false;
	const query = behind.slice(mark + 1);
	return query.includes('@') && (behind.charAt(mark) === '#' || !/^[\w.-]+=/.test(query));
}

function splitPath(text: string): Pick<UrlParts, 'hosts' | 'database' | 'query'> {
	const [, hosts = '', database = '', query = ''] =
		/^([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?/.exec(text) ?? [];
	return { hosts, database, query };
}

/** A fault for a per cent sign that encodes nothing. */
function decoded(text: string, faults: Faults, { raw = false, plusIsBlank = false } = {}): string {
	if (!text.includes('%')) return plusIsBlank ? text.replaceAll('+', ' ') : text;
	if (raw) faults.push(UNCLEAR);
	try {
		return decodeURIComponent(plusIsBlank ? text.replaceAll('+', ' ') : text);
	} catch {
		faults.push(NOT_ENCODED);
		return text;
	}
}

function entriesOf(
	{ userInfo, raw, hosts, database, query }: UrlParts,
	isJdbc: boolean,
	faults: Faults,
): Entry[] {
	const entries: Entry[] = [];
	const add = (key: string, written: string, value: string) =>
		entries.push({ key, value, written, position: entries.length + 1 });
	const colon = userInfo?.indexOf(':') ?? -1;
	if (userInfo !== undefined && userInfo !== '') {
		const user = colon === -1 ? userInfo : userInfo.slice(0, colon);
		if (user !== '') add('user', user, decoded(user, faults, { raw }));
		if (colon !== -1) {
			const password = userInfo.slice(colon + 1);
			add('password', password, decoded(password, faults, { raw }));
		}
	}
	const several = hosts.split(',').length > 1;
	const [, host = hosts, port] = several
		? []
		: (/^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(hosts) ?? []);
	if (host !== '')
		add('host', host, decoded(host, faults).replace(/^\[([\da-f:.]+(?:%[\w.-]+)?)\]$/i, '$1'));
	if (port !== undefined && port !== '') add('port', port, port);
	if (database !== '') add('dbname', database, decoded(database, faults));
	let position = 0;
	for (const pair of query.split('&').filter((one) => one !== '')) {
		const [, key = pair, value = ''] = /^([^=]*)=?([^]*)$/.exec(pair) ?? [];
		position++;
		const entry = {
			written: value,
			value: decoded(value, faults, { plusIsBlank: isJdbc }),
			position,
		};
		entries.push({ key: decoded(key, faults), ...entry });
	}
	return entries;
}
