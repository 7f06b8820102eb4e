/**
 * Whether a name can be one of several in a filter, where a comma separates them. One that begins
 * with a sign of comparison would be read as part of the `==` before it.
 */
export function fitsInAList(name: string): boolean {
	return !/[",]|^[=<>!~]/.test(name);
}

/** What holds the name: `name` in Flow Service, `title` in Schema Registry. */
export type NameField = 'name' | 'title';

/**
 * The `property` filter for whole names, any of which fits. A comma separates several values in a
 * filter, unless quotes are around them; for a quote in the value nothing is documented, so such a
 * name is looked for among all. Schema Registry's guide has neither commas nor quotes: there, every
 * title with such a sign is looked for among all.
 *
 * @returns [] for no filter: the whole list has to be read then, and compared by whoever asks
 */
export function nameFilter(field: NameField, names: readonly string[]): string[] {
	if (names.every(fitsInAList)) return [`${field}==${names.join(',')}`];
	const [only, ...more] = names;
	if (field === 'title' || only === undefined || more.length > 0) return [];
	return only.includes('"') ? [] : [`${field}=="${only}"`];
}
