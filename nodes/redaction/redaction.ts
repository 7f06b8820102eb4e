import { base64Texts, viewsOf } from './decodedViews';
import { withSpansMasked } from './spans';
import type { Span } from './spans';

/** Below this a secret turns up inside ordinary words, so it is looked for as a whole word only. */
const SHORTEST_ANYWHERE = 4;

/** Fewer characters out of the middle of a base64 text would match by accident. */
const SHORTEST_BASE64 = 6;

/** `encodeURIComponent` throws on half a surrogate pair; encoders that do not put U+FFFD there. */
function wellFormed(text: string): string {
	return text.replace(
		/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
		'\ufffd',
	);
}

function percentCode(character: string): string {
	return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function lowerCaseCodes(text: string): string {
	return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** Encoders differ in what they leave alone, in how they write a space, and in upper or lower case. */
function percentForms(secret: string): string[] {
	const text = wellFormed(secret);
	const component = encodeURIComponent(text);
	const strict = component.replace(/[!'()*]/g, percentCode);
	const form = component.replace(/[!'()~]/g, percentCode).replaceAll('%20', '+');
	// Most often all of these are the same, and a long text takes its time.
	const forms = [...new Set([encodeURI(text), component, strict, form])];
	return [...forms, ...forms.map(lowerCaseCodes)];
}

function jsonString(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

/** As JSON, as JSON within JSON, and with everything but ASCII written as `\u00e9`. */
function jsonForms(secret: string): string[] {
	const once = jsonString(secret);
	const ascii = once.replace(
		/[^\x20-\x7e]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return [once, jsonString(once), ascii, once.replaceAll('/', '\\/')];
}

function withoutPadding(base64: string): string {
	return base64.replace(/={1,2}$/, '');
}

/**
 * On its own, and as it looks in the middle of a longer base64 text (`user:password` in an
 * Authorization header), where it begins at any of three offsets: of those the characters that depend
 * on the secret alone.
 */
function base64Forms(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const padded = bytes.toString('base64');
	const whole = withoutPadding(padded);
	const inner = [0, 1, 2].map((offset) => {
		const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
		const from = offset === 0 ? 0 : offset + 1;
		return shifted.slice(from, Math.floor(((bytes.length + offset) * 8) / 6));
	});
	const forms = [padded, whole, ...inner.filter((form) => form.length >= SHORTEST_BASE64)];
	return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

interface Forms {
	/** Found in upper and lower case alike. */
	readable: string[];
	/** In another case they are something else. */
	exact: string[];
}

function formsOf(secret: string): Forms {
	const readable = [secret, ...percentForms(secret), ...jsonForms(secret)];
	return secret.length < SHORTEST_ANYWHERE
		? { readable: [], exact: readable }
		: { readable, exact: base64Forms(secret) };
}

/** Case is no part of it; a character that would change its length stays as it is. */
function folded(text: string): string {
	const lower = text.toLowerCase();
	if (lower.length === text.length) return lower;
	return text.replace(/[^]/g, (unit) => {
		const one = unit.toLowerCase();
		return one.length === 1 ? one : unit;
	});
}

/**
 * Whether a secret is one that ordinary sentences, names and IDs hold by chance: a short one, one word
 * of letters, or digits alone.
 */
function isCommon(secret: string): boolean {
	return secret.length < 8 || (/^(?:\p{L}+|\d+)$/u.test(secret) && secret.length < 16);
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** Whose words a text is made of. */
export type Author =
	/** Adobe's: every secret in it is masked. */
	| 'adobe'
	/** Ours, and names: a common secret is masked only where it is all of a quoted value. */
	| 'us';

function isWordCharacter(character: string): boolean {
	return /^\w/.test(character) || /[\p{L}\p{N}_]/u.test(character);
}

/** Whether a hit is not just a piece of a longer word or number. */
function isWholeWord(text: string, { start, end }: Span): boolean {
	const joinedBefore =
		isWordCharacter(text.charAt(start)) && isWordCharacter(text.charAt(start - 1));
	const joinedAfter = isWordCharacter(text.charAt(end - 1)) && isWordCharacter(text.charAt(end));
	return !joinedBefore && !joinedAfter;
}

/** Forms are found by their first characters, so that a text is gone through once for all secrets. */
const KEY_LENGTH = SHORTEST_ANYWHERE;

/**
 * Finds many secrets in many texts. Making the forms of a secret takes time, and looking for each in
 * each text would take the product of both; here it is done once, and a text is searched in one go.
 */
export class Redactor {
	private readonly forms = new Map<string, Map<string, Form>>();
	private readonly keyLengths = new Set<number>();
	/** Of all first two characters: nearly all places in a text are passed over by these alone. */
	private readonly firstPairs = new Set<number>();
	/** The forms of a single character. */
	private readonly singleCodes = new Set<number>();

	constructor(secrets: readonly string[]) {
		const given: readonly unknown[] = Array.isArray(secrets) ? secrets : [];
		for (const secret of new Set(given)) {
			if (typeof secret === 'string' && secret.trim() !== '') this.add(secret);
		}
	}

	/** The text without them, see `redact`. */
	redact(text: string, author: Author = 'adobe'): string {
		return typeof text === 'string' ? withSpansMasked(text, this.spansIn(text, author)) : '';
	}

	private add(secret: string): void {
		const { readable, exact } = formsOf(secret);
		const common = isCommon(secret);
		const wholeWord = secret.length < SHORTEST_ANYWHERE;
		for (const form of readable) this.addForm(folded(form), { common, wholeWord });
		for (const form of exact) this.addForm(folded(form), { common, wholeWord, exact: form });
	}

	private addForm(form: string, one: Form): void {
		if (form === '') return;
		const key = form.slice(0, KEY_LENGTH);
		const sharing = this.forms.get(key) ?? new Map<string, Form>();
		const before = sharing.get(form);
		sharing.set(form, before === undefined ? one : wider(before, one));
		this.forms.set(key, sharing);
		this.keyLengths.add(key.length);
		if (form.length > 1) this.firstPairs.add(pairAt(form, 0));
		else this.singleCodes.add(form.charCodeAt(0));
	}

	private mayBeginAt(text: string, start: number): boolean {
		return this.firstPairs.has(pairAt(text, start)) || this.singleCodes.has(text.charCodeAt(start));
	}

	private spansIn(text: string, author: Author, depth = 0): Span[] {
		if (this.forms.size === 0) return [];
		const spans = viewsOf(text).flatMap((view) =>
			this.plainSpansIn(view.text, author).map((span) => view.original(span)),
		);
		if (depth < MAX_BASE64_DEPTH) {
			for (const { span, text: inner } of base64Texts(text)) {
				if (this.spansIn(inner, author, depth + 1).length > 0) spans.push(span);
			}
		}
		return spans;
	}

	private plainSpansIn(text: string, author: Author): Span[] {
		const spans: Span[] = [];
		const endOfLast = new Map<string, number>();
		const lower = folded(text);
		let ids: Span[] | undefined;
		for (let start = 0; start < lower.length; start++) {
			if (!this.mayBeginAt(lower, start)) continue;
			for (const length of this.keyLengths) {
				const sharing = this.forms.get(lower.slice(start, start + length));
				if (sharing === undefined) continue;
				for (const [form, { wholeWord, common, exact }] of sharing) {
					const span = { start, end: start + form.length };
					if (start < (endOfLast.get(form) ?? 0) || !lower.startsWith(form, start)) continue;
					if (exact !== undefined && !text.startsWith(exact, start)) continue;
					if (wholeWord && !isWholeWord(text, span)) continue;
					if (author === 'us' && common && !isQuotedValue(text, span)) continue;
					ids ??= [...text.matchAll(UUID)].map(({ 0: id, index }) => ({
						start: index,
						end: index + id.length,
					}));
					if (ids.some((id) => isPieceOf(span, id))) continue;
					spans.push(span);
					endOfLast.set(form, span.end);
				}
			}
		}
		return spans;
	}
}

/** Two characters as one number; the last one of a text has none behind it. */
function pairAt(text: string, start: number): number {
	return text.charCodeAt(start) * 0x1_0000 + (text.charCodeAt(start + 1) || 0);
}

interface Form {
	/** For secrets that are too short to be looked for within words. */
	wholeWord: boolean;
	common: boolean;
	/** Letter by letter, where case counts. */
	exact?: string;
}

/** What finds as much as both. */
function wider(one: Form, other: Form): Form {
	return {
		wholeWord: one.wholeWord && other.wholeWord,
		common: one.common && other.common,
		exact: one.exact === other.exact ? one.exact : undefined,
	};
}

const MAX_BASE64_DEPTH = 2;

/** The names of fields, which messages quote; a password may be the same word. */
const LABELS = /^(?:Password|Username|Server|Database|Port|Name|Cloud|Connection|Table|Dataset)$/;

function isQuotedValue(text: string, { start, end }: Span): boolean {
	const [before, after] = [text.charAt(start - 1), text.charAt(end)];
	const isQuoted = before === after && (before === "'" || before === '"');
	return isQuoted && !LABELS.test(text.slice(start, end));
}

/** An ID holds a short secret by chance; one that is the secret as a whole does not. */
function isPieceOf(span: Span, whole: Span): boolean {
	const isInside = span.start >= whole.start && span.end <= whole.end;
	return isInside && span.end - span.start < whole.end - whole.start;
}

/**
 * `text` with every occurrence of each secret replaced by `***`, in upper or lower case, also where it
 * is URL-encoded, escaped for JSON or HTML, one within another, or base64-encoded. Where one secret holds or overlaps another, all of both goes. Secrets of
 * one to three characters are replaced only as whole words: "a" as a password must not take apart
 * every sentence, and would be given away by the gaps. Blank secrets are ignored. Time is linear in
 * the length of the text for each secret; secrets are not read as patterns. Anything but text gives an
 * empty text, so that nothing slips through by its type.
 */
export function redact(
	text: string,
	secrets: readonly string[] | Redactor,
	author: Author = 'adobe',
): string {
	return (secrets instanceof Redactor ? secrets : new Redactor(secrets)).redact(text, author);
}
