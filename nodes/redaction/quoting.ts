/** What closes a value that opens with this character: ADO.NET's quotes and ODBC's braces. */
const CLOSING: ReadonlyMap<string, string> = new Map([
	["'", "'"],
	['"', '"'],
	['{', '}'],
]);

/** Whether a value that begins at `at` is a quoted one. */
export function opensQuote(text: string, at: number): boolean {
	return CLOSING.has(text.charAt(at));
}

/**
 * Where the quoted value that opens at `open` closes, or -1 where it never does. Inside, the closing
 * character stands for itself when it is doubled.
 *
 * @param limit how far to look (a position in `text`, exclusive)
 */
export function closingQuote(text: string, open: number, limit: number = text.length): number {
	const close = CLOSING.get(text.charAt(open));
	if (close === undefined) return -1;
	let at = text.indexOf(close, open + 1);
	while (at !== -1 && at < limit && text[at + 1] === close) at = text.indexOf(close, at + 2);
	return at < limit ? at : -1;
}

/** The value between the quotes (or braces) at `open` and `close`, doubled closing ones undone. */
export function unquoted(text: string, open: number, close: number): string {
	const mark = text.charAt(close);
	return text.slice(open + 1, close).replaceAll(mark + mark, mark);
}

/**
 * The value as a connection string has to spell it. It is quoted only where the plain value would be
 * read as something else: it holds a semicolon, opens like a quoted one, or begins or ends with a
 * space. Of the two quotes the one that is not in the value is taken, so that a reader which does not
 * know about doubling still reads it right.
 */
export function quotedIfNeeded(value: string): string {
	const plain = !value.includes(';') && !opensQuote(value, 0) && !/^ | $/.test(value);
	if (plain) return value;
	const quote = value.includes('"') && !value.includes("'") ? "'" : '"';
	return quote + value.replaceAll(quote, quote + quote) + quote;
}
