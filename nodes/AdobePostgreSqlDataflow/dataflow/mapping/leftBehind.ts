import type { OperationCall } from '../../../operation/operation';
import { asIs, Problem } from '../../../platform/errors/problem';

/** Between what one try has left behind; a mapping set that was kept comes first. */
export const SEPARATOR = '; ';

/** A mapping set in the words that it is left behind in. */
export function theSet(id: string): string {
	return `the mapping set ${id}`;
}

/**
 * One try of an item: what a failed one leaves behind is told by the later ones too.
 *
 * @param key of the operation, in the memory of the item
 * @param work is given what earlier tries have left behind, in words
 * @throws what the try throws, which then names everything that was left behind
 */
export async function rememberingWhatIsLeft<T>(
	memory: OperationCall['memory'],
	key: string,
	work: (before: readonly string[]) => Promise<T>,
): Promise<T> {
	const before = memory.recall<string[]>(key) ?? [];
	try {
		return await work(before);
	} catch (error) {
		if (!(error instanceof Problem)) throw asIs(error);
		const { leftBehind } = error.details;
		const all = [...before, ...(leftBehind === undefined ? [] : [leftBehind])];
		memory.keep(key, all);
		if (before.length === 0) throw asIs(error);
		throw error
			.noting(`Left by an earlier try: ${before.join('; ')}.`)
			.detailing({ leftBehind: all.join('; ') });
	}
}

/** Of what earlier tries have left behind, in words, all but the mapping set that the dataflow has now. */
export function unused(leftBehind: readonly string[], mappingId: string | undefined): string[] {
	if (mappingId === undefined) return [...leftBehind];
	const used = theSet(mappingId);
	return leftBehind.flatMap((what) => {
		if (what === used) return [];
		const isFirst = what.startsWith(`${used}${SEPARATOR}`);
		return [isFirst ? what.slice(used.length + SEPARATOR.length) : what];
	});
}
