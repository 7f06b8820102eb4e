import { Problem } from './errors/problem';

/** One page of a list; `next` is the token of the page that follows. */
export interface Page<T> {
	items: T[];
	next?: string;
}

/**
 * Collects a list page by page and asks for no page more than is needed.
 *
 * @param fetch asks for the page of a token, the first one without; `wanted` is how many items are
 *   still wanted, Infinity for all
 * @param limit how many items to collect; all of them by default
 * @throws Problem when a page points to one that was read already: the list would never end
 */
export async function collectPages<T>(
	fetch: (token: string | undefined, wanted: number) => Promise<Page<T>>,
	limit = Infinity,
): Promise<T[]> {
	const collected: T[] = [];
	const seen = new Set<string>();
	let token: string | undefined;
	do {
		const page = await fetch(token, limit - collected.length);
		// One by one: a hundred thousand arguments of one call exhaust the stack.
		for (const item of page.items) collected.push(item);
		token = page.next;
		if (token !== undefined && seen.has(token)) {
			throw new Problem('Adobe gives the same page of the list again and again', {
				advice: "Try again later, or ask for fewer with 'Limit'.",
				notes: [`The list was given up after ${seen.size} pages.`],
				failure: { cause: 'temporarily-unavailable' },
			});
		}
		if (token !== undefined) seen.add(token);
	} while (token !== undefined && collected.length < limit);
	return collected.slice(0, limit);
}
