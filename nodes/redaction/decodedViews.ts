import type { Span } from './spans';

/** A text as somebody reads it who undoes its encoding, and where each character came from. */
export interface View {
	text: string;
	/** Where a stretch of it stands in the original text. */
	original(span: Span): Span;
}

type Kind = 'json' | 'percent' | 'html';

const ENTITIES: Readonly<Record<string, string>> = {
	...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', equals: '=', semi: ';' },
	...{ colon: ':', sol: '/', bsol: '\\', num: '#', percnt: '%', commat: '@', dollar: '$' },
	...{ excl: '!', quest: '?', ast: '*', plus: '+', lcub: '{', rcub: '}', lpar: '(', rpar: ')' },
	...{ lsqb: '[', rsqb: ']', period: '.', comma: ',', lowbar: '_', Hat: '^', grave: '`' },
	...{ vert: '|', verbar: '|', lbrace: '{', rbrace: '}', lbrack: '[', rbrack: ']', Tab: '\t' },
};

const JSON_ESCAPES: Readonly<Record<string, string>> = {
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
};

const ESCAPES: Readonly<Record<Kind, string>> = {
	json: '\\\\(?:u[0-9a-fA-F]{4}|u\\{[0-9a-fA-F]{1,6}\\}|x[0-9a-fA-F]{2}|["\\\\/\'bfnrt=;&])',
	percent: '%[0-9a-fA-F]{2}(?:%[89abAB][0-9a-fA-F])*',
	html: '&(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}(?=;));?',
};

/** How often one encoding may lie within itself or another. */
const MAX_DEPTH = 4;

const SEQUENCES: ReadonlyArray<readonly Kind[]> = [
	['json', 'percent', 'html'],
	['json'],
	['percent'],
	['html'],
];

/**
 * The text itself, and every reading of it with JSON escapes, per cent codes and HTML entities undone,
 * of each kind alone and of all together, also one within another.
 */
export function viewsOf(text: string): View[] {
	const views: View[] = [{ text, original: (span) => span }];
	if (!/\\|%[0-9a-fA-F]{2}|&[#A-Za-z]/.test(text)) return views;
	const seen = new Set([text]);
	for (const kinds of SEQUENCES) {
		let view = views[0];
		for (let depth = 0; depth < MAX_DEPTH && view !== undefined; depth++) {
			const next = decoded(view, kinds);
			if (next === undefined) break;
			if (!seen.has(next.text)) views.push(next);
			seen.add(next.text);
			view = next;
		}
	}
	return views;
}

/** Undefined where nothing is encoded. */
function decoded(view: View, kinds: readonly Kind[]): View | undefined {
	const { text } = view;
	const escape = new RegExp(kinds.map((kind) => ESCAPES[kind]).join('|'), 'g');
	const pieces: string[] = [];
	// Where the pieces begin in the new text and in the old one.
	const starts: number[] = [];
	const sources: number[] = [];
	let length = 0;
	let at = 0;
	const add = (piece: string, source: number) => {
		if (piece === '') return;
		pieces.push(piece);
		starts.push(length);
		sources.push(source);
		length += piece.length;
	};
	for (const found of text.matchAll(escape)) {
		const plain = meant(found[0]);
		if (plain === undefined) continue;
		add(text.slice(at, found.index), at);
		at = found.index + found[0].length;
		add(plain, found.index);
	}
	if (pieces.length === 0) return undefined;
	add(text.slice(at), at);
	starts.push(length);
	sources.push(text.length);
	const place = (position: number, isEnd: boolean): number => {
		const index = pieceAt(starts, isEnd ? position - 1 : position);
		const [start = 0, source = 0] = [starts[index], sources[index]];
		const isEncoded = (starts[index + 1] ?? length) - start !== (sources[index + 1] ?? 0) - source;
		// All of an encoded character belongs to it.
		if (isEncoded) return isEnd ? (sources[index + 1] ?? text.length) : source;
		return source + position - start;
	};
	return {
		text: pieces.join(''),
		original: ({ start, end }) =>
			view.original({ start: place(start, false), end: place(Math.max(end, start + 1), true) }),
	};
}

/** The last piece that begins at or before a position. */
function pieceAt(starts: readonly number[], position: number): number {
	let [low, high] = [0, starts.length - 1];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((starts[middle] ?? 0) <= position) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** What an escape stands for; undefined where it stands for itself. */
function meant(escape: string): string | undefined {
	const first = escape.charAt(0);
	if (first === '%') return fromBytes(escape);
	if (first === '&') {
		const name = escape.replace(/^&|;$/g, '');
		const [, decimal] = /^#(\d+)$/.exec(name) ?? [];
		const [, hex] = /^#x([\da-f]+)$/i.exec(name) ?? [];
		if (decimal !== undefined) return fromCode(Number(decimal));
		if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
		return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
	}
	const code = /^\\[ux]\{?([\da-f]+)/i.exec(escape)?.[1];
	if (code !== undefined) return fromCode(Number.parseInt(code, 16));
	const letter = escape.charAt(1);
	return JSON_ESCAPES[letter] ?? letter;
}

function fromCode(code: number): string | undefined {
	return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function fromBytes(escape: string): string {
	try {
		return decodeURIComponent(escape);
	} catch {
		// Not UTF-8: then each byte is a character.
		return escape.replace(/%(..)/g, (_whole, hex: string) =>
			String.fromCharCode(Number.parseInt(hex, 16)),
		);
	}
}

/** Shorter ones are words; of longer ones, what a decoder would make of them is looked at. */
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

const MAX_BASE64_LENGTH = 200_000;

/** Most IDs; read as base64, they are gibberish. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The stretches that are text in base64, and that text. */
export function* base64Texts(text: string): Generator<{ span: Span; text: string }> {
	for (const { 0: found, index } of text.matchAll(BASE64)) {
		if (found.length > MAX_BASE64_LENGTH || UUID.test(found)) continue;
		const inner = Buffer.from(found, 'base64').toString('utf8');
		// Words and IDs give gibberish.
		if (/\p{Cc}(?<![\t\r\n])|\ufffd/u.test(inner)) continue;
		yield { span: { start: index, end: index + found.length }, text: inner };
	}
}
