/** Whether `text` holds a line break, a tab or another control character (C0, DEL, C1, U+2028/9). */
export function hasControlCharacter(text: string): boolean {
	return /[\p{Cc}\u2028\u2029]/u.test(text);
}

/** The first position at or after `from` that is not a space (the text's length if there is none). */
export function skipSpaces(text: string, from: number): number {
	let at = from;
	while (text[at] === ' ') at++;
	return at;
}

/** The smallest position not below `from` with nothing but spaces between it and `end`. */
export function skipSpacesBack(text: string, end: number, from: number): number {
	let at = end;
	while (at > from && text[at - 1] === ' ') at--;
	return at;
}
