/*
 * What of a mapping's source is a column. Data Prep writes odd names as `${Order Id}`, with a backslash
 * before a dot or a brace, or as `unit\.price`; a bare `unit.price` is the member `price` of `unit`
 * (functions guide and troubleshooting guide). Its expressions are those of JEXL.
 */

/** A token of an expression; a name has the parts of its path. */
type Token = { sign: string } | { path: string[] };

const BLANKS = /\s+/y;
const STRING = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/suy;
const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const WRAPPED = /\$\{((?:\\.|[^\\}])+)\}/suy;
const NAME = /(?:[\p{L}_$@]|\\.)(?:[\p{L}\p{M}\p{N}_$@]|\\.)*/suy;
const ARROW = /->/y;

/** Words of JEXL, in which Data Prep's expressions are written, and Data Prep's own. */
const WORDS = new Set(
	'true false null and or not eq ne lt gt le ge div mod if else for while do in new var let const return empty size'.split(
		' ',
	),
);

/** A name without its escapes. */
function plain(text: string): string {
	return text.replace(/\\(.)/gsu, '$1');
}

/** The column that the source of a mapping names, without escapes. */
export function columnOf(source: string): string {
	const wrapped = /^\$\{((?:\\.|[^\\}])+)\}$/su.exec(source.trim())?.[1];
	return plain(wrapped ?? source);
}

/**
 * The columns that a calculation reads, each as the path that it is written as; undefined where it can't
 * be told: then Adobe alone judges it.
 */
export function columnReferences(expression: string): string[][] | undefined {
	const tokens = tokensOf(expression);
	if (tokens === undefined) return undefined;
	const locals = localsOf(tokens);
	return tokens.flatMap((token, index) => {
		if (!('path' in token)) return [];
		const [first = ''] = token.path;
		const isMember = signAt(tokens, index - 1) === '.';
		const isKey = signAt(tokens, index + 1) === ':' && '{,'.includes(signAt(tokens, index - 1));
		if (isMember || isKey || locals.has(first)) return [];
		if (token.path.length === 1 && WORDS.has(first.toLowerCase())) return [];
		const isCall = signAt(tokens, index + 1) === '(';
		// The last part of `name.equals("x")` is a function, and so is the only one of `upper(name)`.
		const path = isCall ? token.path.slice(0, -1) : token.path;
		return path.length === 0 ? [] : [path];
	});
}

/** Undefined where there is something else than this knows, e.g. a text that does not end. */
function tokensOf(expression: string): Token[] | undefined {
	const tokens: Token[] = [];
	let at = 0;
	const read = (pattern: RegExp): RegExpExecArray | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(expression) ?? undefined;
		if (found !== undefined) at += found[0].length;
		return found;
	};
	const readName = (): string | undefined => {
		const wrapped = read(WRAPPED)?.[1];
		const text = wrapped ?? read(NAME)?.[0];
		return text === undefined ? undefined : plain(text);
	};
	while (at < expression.length) {
		if (read(BLANKS)) continue;
		if (read(STRING) ?? read(NUMBER)) {
			tokens.push({ sign: 'value' });
			continue;
		}
		const name = readName();
		if (name !== undefined) {
			const path = [name];
			while (expression[at] === '.') {
				at++;
				const next = readName();
				if (next === undefined) return undefined;
				path.push(next);
			}
			tokens.push({ path });
			continue;
		}
		if (read(ARROW)) {
			tokens.push({ sign: '->' });
			continue;
		}
		const sign = expression[at] ?? '';
		if (sign === '"' || sign === "'") return undefined;
		tokens.push({ sign });
		at++;
	}
	return tokens;
}

/** Names that a calculation gives itself: those before the arrow of a lambda, and behind `var`. */
function localsOf(tokens: readonly Token[]): Set<string> {
	const locals = new Set<string>();
	tokens.forEach((token, index) => {
		if ('path' in token) {
			if (/^(var|let|const)$/.test(token.path.join('.'))) add(tokens[index + 1]);
			return;
		}
		if (token.sign !== '->') return;
		let before = index - 1;
		if (signAt(tokens, before) !== ')') return add(tokens[before]);
		for (before--; before >= 0 && signAt(tokens, before) !== '('; before--) add(tokens[before]);
	});
	return locals;

	function add(token: Token | undefined): void {
		if (token !== undefined && 'path' in token) locals.add(token.path[0] ?? '');
	}
}

function signAt(tokens: readonly Token[], index: number): string {
	const token = tokens[index];
	return token !== undefined && 'sign' in token ? token.sign : 'none';
}

/**
 * The columns of a table that a path may mean: the one of its first part, or, though Data Prep wants the
 * dots of it escaped, the one of the whole.
 */
export function columnFor(path: readonly string[], columns: readonly string[]): string | undefined {
	const whole = path.join('.');
	return columns.find((name) => name === whole) ?? columns.find((name) => name === path[0]);
}
