import { base64Texts, viewsOf } from './decodedViews';
import { closingQuote, opensQuote, unquoted } from './quoting';
import { isSecretKey } from './secretKeys';
import { mergedSpans, withSpansMasked } from './spans';
import type { Span } from './spans';

/**
 * Finds passwords in text that nobody promises to be well formed: a connection string with a mistake
 * in it, one quoted in the middle of an error message, a URL, a form body, a JSON fragment. Where it
 * is unclear how far the password goes, it goes further: too much masked is a nuisance, too little a
 * leak. Every search moves forward only, so that the time stays linear in the text's length.
 */

/** How far a quoted value is followed before it counts as not closed. */
const MAX_QUOTED_LENGTH = 8192;

/** How far back a key's name is read. */
const MAX_KEY_LENGTH = 64;

const NEXT_PART = ';\\s*[A-Za-z][\\w .-]{0,40}=';
const NEXT_WORD_ASSIGNMENT = '\\s[A-Za-z]\\w{0,40}\\s*=';

/** What ends an unquoted value, by the kind of text it stands in. */
const VALUE_ENDS = {
	/** `Key=value;Key=value`: a semicolon counts only if something like a key follows it. */
	list: new RegExp(`${NEXT_PART}|[\\r\\n]`, 'g'),
	/** `?key=value&key=value` */
	query: /[&\s"<>]/g,
	/** `key=value key=value`, and prose. */
	words: new RegExp(`${NEXT_WORD_ASSIGNMENT}|${NEXT_PART}|[\\r\\n]`, 'g'),
	/** Nothing but the end of the line. */
	line: /[\r\n]/g,
} as const;

type ValueKind = keyof typeof VALUE_ENDS;

function isNameCharacter(character: string): boolean {
	return /[\p{L}\p{N}_.-]/u.test(character);
}

function isBlank(character: string): boolean {
	return character === ' ' || character === '\t';
}

/** The name that ends right before `end`, spaces between them allowed. */
function nameBefore(text: string, end: number): Span {
	let nameEnd = end;
	while (nameEnd > 0 && isBlank(text.charAt(nameEnd - 1))) nameEnd--;
	let start = nameEnd;
	const limit = Math.max(0, nameEnd - MAX_KEY_LENGTH);
	while (start > limit && isNameCharacter(text.charAt(start - 1))) start--;
	return { start, end: nameEnd };
}

function surroundings(text: string, keyStart: number): ValueKind {
	let at = keyStart;
	while (at > 0 && isBlank(text.charAt(at - 1))) at--;
	const before = text.charAt(at - 1);
	if (at === 0 || before === ';' || before === '\n' || before === '\r') return 'list';
	return before === '?' || before === '&' ? 'query' : 'words';
}

function unquotedEnd(text: string, start: number, kind: ValueKind): number {
	const ends = VALUE_ENDS[kind];
	ends.lastIndex = start;
	const found = ends.exec(text);
	if (found !== null) return found.index;
	let end = text.length;
	while (end > start && /[;\s]/.test(text.charAt(end - 1))) end--;
	return end;
}

function valueSpan(text: string, from: number, kind: ValueKind): Span {
	let start = from;
	while (isBlank(text.charAt(start))) start++;
	if (!opensQuote(text, start)) return { start, end: unquotedEnd(text, start, kind) };
	const close = closingQuote(text, start, start + MAX_QUOTED_LENGTH);
	// Never closed: then nobody can tell a semicolon in the password from one after it.
	if (close === -1) return { start, end: unquotedEnd(text, start, 'line') };
	const after = text.slice(close + 1, close + 9);
	const closed = /^(?:$|[ \t]*(?:[;&\r\n]|$)|[\s,)])/.test(after);
	return { start, end: closed ? close + 1 : unquotedEnd(text, close + 1, kind) };
}

function* assignments(text: string): Generator<Span> {
	let at = text.indexOf('=');
	while (at !== -1) {
		const name = nameBefore(text, at);
		let next = at + 1;
		if (name.end > name.start && isSecretKey(text.slice(name.start, name.end))) {
			const value = valueSpan(text, at + 1, surroundings(text, name.start));
			yield value;
			next = Math.max(next, value.end);
		}
		at = text.indexOf('=', next);
	}
}

function* jsonMembers(text: string): Generator<Span> {
	const member = /"([\w .-]{1,64})"\s?:\s?"([^"\\]*(?:\\[^][^"\\]*)*)/g;
	for (const found of text.matchAll(member)) {
		const [whole, key = '', value = ''] = found;
		const end = found.index + whole.length;
		if (isSecretKey(key)) yield { start: end - value.length, end };
	}
}

/** What follows the first colon of a URL's user information. */
function afterColon(start: number, userInfo: string): Span | undefined {
	const colon = userInfo.indexOf(':');
	return colon === -1 ? undefined : { start: start + colon + 1, end: start + userInfo.length };
}

function* urls(text: string): Generator<Span> {
	for (const found of text.matchAll(/:\/\/([^\s/?#]*)@/g)) {
		const span = afterColon(found.index + 3, found[1] ?? '');
		if (span !== undefined) yield span;
	}
}

/**
 * In a PostgreSQL URL everything up to the last `@` counts: people paste passwords with `/`, `?` and
 * `#` into them without encoding them.
 */
function* postgresUrls(text: string): Generator<Span> {
	for (const word of text.matchAll(/\S+/g)) {
		const scheme = /postgres(?:ql)?:\/\//i.exec(word[0]);
		const at = word[0].lastIndexOf('@');
		if (scheme === null || at === -1) continue;
		const start = scheme.index + scheme[0].length;
		const span = afterColon(word.index + start, word[0].slice(start, Math.max(start, at)));
		if (span !== undefined) yield span;
	}
}

/**
 * Access tokens: JSON Web Tokens, as Adobe's are, and whatever follows `Bearer`. One that has been replaced
 * meanwhile is known by its form only.
 */
function* tokens(text: string): Generator<Span> {
	for (const found of text.matchAll(/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g)) {
		yield { start: found.index, end: found.index + found[0].length };
	}
	for (const found of text.matchAll(/\bBearer\s+([\w.~+/=-]{16,})/gi)) {
		const end = found.index + found[0].length;
		yield { start: end - (found[1] ?? '').length, end };
	}
}

/** Where passwords (and what else has a secret name) are in `text`, and tokens, in order, without overlaps. */
export function passwordSpans(text: string): Span[] {
	// Each search costs more than to see that there is nothing to search.
	return mergedSpans([
		...assignments(text),
		...(text.includes('"') ? jsonMembers(text) : []),
		...(text.includes('@') ? urls(text) : []),
		...(text.includes('@') ? postgresUrls(text) : []),
		...tokens(text),
	]);
}

/** Without one of these nothing is assigned, and nothing encoded that could be. */
const MAY_HOLD_PASSWORD = /[=:%&\\]|[A-Za-z0-9+/_-]{16}/;

const MAX_BASE64_DEPTH = 2;

/** The same in every reading of an encoded text. */
function spansInAllViews(text: string, depth = 0): Span[] {
	if (!MAY_HOLD_PASSWORD.test(text)) return [];
	const spans = viewsOf(text).flatMap((view) =>
		passwordSpans(view.text).map((span) => view.original(span)),
	);
	if (depth < MAX_BASE64_DEPTH) {
		for (const { span, text: inner } of base64Texts(text)) {
			if (spansInAllViews(inner, depth + 1).length > 0) spans.push(span);
		}
	}
	return spans;
}

/**
 * `text` with the passwords that {@link passwordSpans} finds replaced by `***`, also where the text is
 * escaped for JSON, a URL or HTML, one within another, or in base64.
 */
export function maskPasswords(text: string): string {
	return typeof text === 'string' ? withSpansMasked(text, spansInAllViews(text)) : '';
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		// A stray per cent sign: then it was not encoded in the first place.
		return text;
	}
}

/** What a password is if the first semicolon ends it after all, with and without a quote in front. */
function shortestReading(written: string): string[] {
	const [head = ''] = written.split(';', 1);
	return [head.trim(), opensQuote(head, 0) ? head.slice(1).trim() : ''];
}

/**
 * Every way in which the passwords in `text` may be spelled elsewhere: as written, without quotes,
 * decoded, and where it is unclear how far one goes, also as short as it may be. May contain empty
 * texts.
 */
export function passwordsIn(text: string): string[] {
	return passwordSpans(text).flatMap(({ start, end }) => {
		const written = text.slice(start, end);
		const close = closingQuote(text, start);
		if (close === end - 1) return [written, unquoted(text, start, close)];
		return [written, percentDecoded(written), ...shortestReading(written)];
	});
}
