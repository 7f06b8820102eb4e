import { maskPasswords } from './passwordSpans';
import type { Author, Redactor } from './redaction';

/** Members that hold Adobe's sentences; the others are names, values and IDs. */
const SENTENCES: ReadonlySet<string> = new Set([
	...[
		'reason',
		'reasons',
		'leftEmpty',
		'message',
		'text',
		'summary',
		'description',
		'error',
		'errors',
		'errorDetail',
	],
]);

/** Of a sentence; nobody reads more, and it is cut only when no secret is left in it. */
const MAX_SENTENCE_LENGTH = 20_000;

/** No output nests nearly as deep. */
const MAX_DEPTH = 150;

/**
 * An output, or a list of the editor, as it may be shown: without the secrets of this execution, and
 * without passwords by their form, in values and in the names of members. What has none comes back as
 * it is.
 */
export function outputWithoutSecrets<T>(output: T, redactor: Redactor): T {
	return cleaned(output, redactor, 'us', 0) as T;
}

/** A row of the user's own table: only the names of its columns are Adobe's. */
export function rowWithoutSecretNames<T extends object>(row: T, redactor: Redactor): T {
	const names = Object.keys(row);
	if (names.every((name) => shownName(name, redactor) === name)) return row;
	return Object.fromEntries(
		Object.entries(row).map(([name, value]: [string, unknown]) => [
			shownName(name, redactor),
			value,
		]),
	) as T;
}

/** Thousands of items have the same names, and many values in common: states, sandboxes. */
const knownTexts = new WeakMap<Redactor, Record<Author, Map<string, string>>>();

const MAX_KNOWN = 1_000;
const MAX_KNOWN_LENGTH = 64;

function shownText(text: string, redactor: Redactor, author: Author): string {
	if (text.length > MAX_KNOWN_LENGTH) return maskPasswords(redactor.redact(text, author));
	let all = knownTexts.get(redactor);
	if (all === undefined) {
		all = { adobe: new Map(), us: new Map() };
		knownTexts.set(redactor, all);
	}
	const known = all[author];
	const before = known.get(text);
	if (before !== undefined) return before;
	const shown = maskPasswords(redactor.redact(text, author));
	if (known.size < MAX_KNOWN) known.set(text, shown);
	return shown;
}

function shownName(name: string, redactor: Redactor): string {
	return shownText(name, redactor, 'us');
}

/** An output that has such rows as some of its members; the others are Adobe's. */
export function outputWithRows<T extends object>(
	output: T,
	redactor: Redactor,
	members: readonly string[],
): T {
	const isRow = (name: string, value: unknown): value is object =>
		members.includes(name) && typeof value === 'object' && value !== null;
	const entries: Array<[string, unknown]> = Object.entries(output);
	const rest = Object.fromEntries(entries.filter(([name, value]) => !isRow(name, value)));
	const clean: Record<string, unknown> = outputWithoutSecrets(rest, redactor);
	// In the order of the output.
	return Object.fromEntries(
		entries.map(([name, value]) => [
			name,
			isRow(name, value) ? rowWithoutSecretNames(value, redactor) : clean[name],
		]),
	) as T;
}

function cleaned(value: unknown, redactor: Redactor, author: Author, depth: number): unknown {
	if (typeof value === 'string') return shownText(value, redactor, author);
	if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
	if (Array.isArray(value)) {
		const copy = value.map((one) => cleaned(one, redactor, author, depth + 1));
		return copy.every((one, index) => one === value[index]) ? value : copy;
	}
	// Dates and the like.
	if (Object.prototype.toString.call(value) !== '[object Object]') return value;
	let changed = false;
	const entries = Object.entries(value).map(([name, member]: [string, unknown]) => {
		const isSentence = SENTENCES.has(name);
		const by = isSentence ? 'adobe' : author;
		const nameShown = shownName(name, redactor);
		const whole = cleaned(member, redactor, by, depth + 1);
		const shown =
			isSentence && typeof whole === 'string' && whole.length > MAX_SENTENCE_LENGTH
				? whole.slice(0, MAX_SENTENCE_LENGTH)
				: whole;
		changed ||= shown !== member || nameShown !== name;
		return [nameShown, shown] as const;
	});
	return changed ? Object.fromEntries(entries) : value;
}
