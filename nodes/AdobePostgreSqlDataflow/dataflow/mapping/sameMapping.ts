import type { Mapping, ShownMapping } from '../../../adobe/mappingSets';
import { columnOf } from '../create/columnReferences';

/** Whether two mappings fill the same fields with the same, in whatever order. */
export function isSameMapping(
	wanted: readonly Mapping[],
	actual: readonly ShownMapping[],
): boolean {
	return (
		wanted.length === actual.length &&
		wanted.every((one) =>
			actual.some(
				({ sourceType = one.sourceType, source, destination }) =>
					sourceType === one.sourceType && source === one.source && destination === one.destination,
			),
		)
	);
}

/** One whose type is not known may be a calculation, which names its columns as a column is named. */
export function asMapping({
	sourceType = 'EXPRESSION',
	source,
	destination,
}: ShownMapping): Mapping {
	return { sourceType, source, destination };
}

/** Where a value comes from, as a person reads it: a column's name, a calculation, or a text in quotes. */
export function sourceInWords({ sourceType, source }: ShownMapping): string {
	if (sourceType === 'STATIC') return JSON.stringify(source);
	return sourceType === 'ATTRIBUTE' ? columnOf(source) : source;
}

/** A mapping at a glance: the source for each field. */
export function mappingInShort(mappings: readonly ShownMapping[]): Record<string, string> {
	return Object.fromEntries(
		mappings.map((mapping) => [mapping.destination, sourceInWords(mapping)]),
	);
}
