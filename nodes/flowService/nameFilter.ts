/**
 * Whether a name can be one of several in a filter, where a comma separates them. One that begins
 * with a sign of comparison would be read as part of the `==` before it.
 */
export function fitsInAList(name: string): boolean {
	return !/[",]|^[=<>!~]/.test(name);
}

/**
 * The `property` filter for whole names, any of which fits. A comma separates several values in a
 * filter, unless quotes are around them; for a quote in the value nothing is documented, so such a
 * name is looked for among all.
 */
export function nameFilter(names: readonly string[]): string[] {
	if (names.every(fitsInAList)) return [`name==${names.join(',')}`];
	const [only, ...more] = names;
	return only === undefined || more.length > 0 || only.includes('"') ? [] : [`name=="${only}"`];
}
