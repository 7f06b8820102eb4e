import { FlowError } from '../flowErrors.mts';
import { type Predicate, readPath } from './filters.mts';

/** flow-service.md 2.7 ⚠UNV both: what public clients ask for without trouble. */
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;

/** Something that can be listed in pages. */
export interface Listed {
	/** Order of creation. */
	sequence: number;
}

/** One page, or the count that was asked for instead. */
export type Page<T> =
	| { count: number }
	| { items: T[]; _links: Record<string, never> | { next: { href: string } } };

interface Cursor {
	/** The order that the token belongs to. */
	by: string;
	/** Sort value and sequence of the last item of the previous page. */
	value: string | number | null;
	sequence: number;
}

/**
 * Answers a listing: filters, sorts, cuts a page, or counts; flow-service.md 2.7.
 *
 * A page starts after the last item of the previous page, not at an offset, so that nothing is skipped
 * or shown twice when items are created and deleted in between. Other parameters are not in the token:
 * they have to be sent again with it, which 2.7 recommends since it is ⚠UNV.
 *
 * @param collection name in `_links.next.href`, as `connections`
 * @param fields what `orderby` may name
 * @throws FlowError 1401, 1432, 1433 or 1452, and what the filter throws
 */
export function list<T extends Listed>(
	collection: string,
	candidates: T[],
	parameters: URLSearchParams,
	passes: Predicate,
	fields: string[],
): Page<T> {
	const limitText = parameters.get('limit');
	// In Python clients a boolean becomes `True`.
	const counting = parameters.get('count')?.toLowerCase() === 'true';
	if (counting && limitText !== null) {
		throw new FlowError('FLOW-1401-400', 'limit and count are not allowed in the same request.');
	}
	const limit = readLimit(limitText);
	const { by, field, direction } = readOrder(parameters.get('orderby'), fields);
	const cursor = readToken(parameters.get('continuationToken'), by);

	const found = candidates.filter(passes);
	if (counting) return { count: found.length };

	const valueOf = (item: T): string | number | null => {
		const value = field === undefined ? null : readPath(item, field)[0];
		return typeof value === 'string' || typeof value === 'number' ? value : null;
	};
	const compare = (a: Pick<Cursor, 'value' | 'sequence'>, b: typeof a) =>
		direction * compareValues(a.value, b.value) || a.sequence - b.sequence;
	const keyed = found.map((item) => ({ item, value: valueOf(item), sequence: item.sequence }));
	keyed.sort(compare);
	const rest = cursor === undefined ? keyed : keyed.filter((entry) => compare(entry, cursor) > 0);

	const page = rest.slice(0, limit);
	const last = page.at(-1);
	const items = page.map(({ item }) => item);
	// flow-service.md 2.7: on the last page `_links` is empty.
	if (last === undefined || rest.length <= limit) return { items, _links: {} };
	const token = writeToken({ by, value: last.value, sequence: last.sequence });
	// Relative to the base path of Flow Service, not to the host: flow-service.md 2.7.
	const href = `/${collection}?continuationToken=${encodeURIComponent(token)}`;
	return { items, _links: { next: { href } } };
}

function readLimit(text: string | null): number {
	if (text === null) return DEFAULT_LIMIT;
	if (!/^[1-9]\d{0,6}$/.test(text)) {
		throw new FlowError('FLOW-1452-400', `Invalid value of the query parameter limit: ${text}`);
	}
	return Math.min(MAX_LIMIT, Number(text));
}

function readOrder(text: string | null, fields: string[]) {
	if (text === null) return { by: '', field: undefined, direction: 1 };
	const [, prefix = '', field = ''] = /^([^a-z]?)(.*)$/is.exec(text) ?? [];
	// A plus sign that was not encoded arrives as a space, which is no prefix: flow-service.md 2.7.
	if (!['', '+', '-'].includes(prefix)) {
		throw new FlowError('FLOW-1432-400', `Invalid sort prefix in orderby: ${text}`);
	}
	if (!fields.includes(field)) {
		throw new FlowError('FLOW-1433-400', `Unknown field in orderby: ${field}`);
	}
	const direction = prefix === '-' ? -1 : 1;
	return { by: `${direction}${field}`, field, direction };
}

function compareValues(a: string | number | null, b: string | number | null): number {
	if (a === b) return 0;
	if (a === null) return -1;
	if (b === null) return 1;
	return a < b ? -1 : 1;
}

/**
 * Full of characters that a URL has to encode, and with `=` inside: a client that splits the link at
 * `=` or does not encode the token fails here, as it would at Adobe. flow-service.md 8, 10.
 */
function writeToken(cursor: Cursor): string {
	return `+RID:~${Buffer.from(JSON.stringify(cursor)).toString('base64')}==#RT:1&TRC=1==`;
}

function readToken(token: string | null, by: string): Cursor | undefined {
	if (token === null) return undefined;
	const base64 = /^\+RID:~([A-Za-z0-9+/]+=*)#RT:1&TRC=1==$/.exec(token)?.[1];
	try {
		const cursor = JSON.parse(Buffer.from(base64 ?? '', 'base64').toString('utf8')) as Cursor;
		if (typeof cursor.sequence === 'number' && cursor.by === by) return cursor;
	} catch {
		// answered below, like a token of another order
	}
	throw new FlowError('FLOW-1452-400', 'Invalid value of the query parameter continuationToken.');
}
