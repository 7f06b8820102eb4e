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

function formsOf(secret: string): string[] {
	const readable = [secret, ...percentForms(secret), ...jsonForms(secret)];
	return secret.length < SHORTEST_ANYWHERE ? readable : [...readable, ...base64Forms(secret)];
}

function isWordCharacter(character: string): boolean {
	return /[\p{L}\p{N}_]/u.test(character);
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
	/** Forms by their first characters; `wholeWord` for those of secrets that are too short. */
	private readonly forms = new Map<string, Map<string, { wholeWord: boolean }>>();
	private readonly keyLengths = new Set<number>();
	/** Codes of all first characters: most places in a text are passed over by these alone. */
	private readonly firstCodes = new Set<number>();

	constructor(secrets: readonly string[]) {
		const given: readonly unknown[] = Array.isArray(secrets) ? secrets : [];
		for (const secret of new Set(given)) {
			if (typeof secret === 'string' && secret.trim() !== '') this.add(secret);
		}
	}

	/** The text without them, see `redact`. */
	redact(text: string): string {
		return typeof text === 'string' ? withSpansMasked(text, this.spansIn(text)) : '';
	}

	private add(secret: string): void {
		const wholeWord = secret.length < SHORTEST_ANYWHERE;
		for (const form of formsOf(secret)) {
			if (form === '') continue;
			const key = form.slice(0, KEY_LENGTH);
			const sharing = this.forms.get(key) ?? new Map<string, { wholeWord: boolean }>();
			sharing.set(form, { wholeWord: wholeWord && sharing.get(form)?.wholeWord !== false });
			this.forms.set(key, sharing);
			this.keyLengths.add(key.length);
			this.firstCodes.add(form.charCodeAt(0));
		}
	}

	private spansIn(text: string): Span[] {
		const spans: Span[] = [];
		const endOfLast = new Map<string, number>();
		for (let start = 0; start < text.length; start++) {
			if (!this.firstCodes.has(text.charCodeAt(start))) continue;
			for (const length of this.keyLengths) {
				const sharing = this.forms.get(text.slice(start, start + length));
				if (sharing === undefined) continue;
				for (const [form, { wholeWord }] of sharing) {
					const span = { start, end: start + form.length };
					if (start < (endOfLast.get(form) ?? 0) || !text.startsWith(form, start)) continue;
					if (wholeWord && !isWholeWord(text, span)) continue;
					spans.push(span);
					endOfLast.set(form, span.end);
				}
			}
		}
		return spans;
	}
}

/**
 * `text` with every occurrence of each secret replaced by `***`, also where it is URL-encoded, escaped
 * for JSON or base64-encoded. Where one secret holds or overlaps another, all of both goes. Secrets of
 * one to three characters are replaced only as whole words: "a" as a password must not take apart
 * every sentence, and would be given away by the gaps. Blank secrets are ignored. Time is linear in
 * the length of the text for each secret; secrets are not read as patterns. Anything but text gives an
 * empty text, so that nothing slips through by its type.
 */
export function redact(text: string, secrets: readonly string[] | Redactor): string {
	return (secrets instanceof Redactor ? secrets : new Redactor(secrets)).redact(text);
}
