import { badRequest } from '../http/platformError.mts';
import { queryNumber } from '../http/queryNumber.mts';
import type { StoredMappingSet } from './mappingSetStore.mts';

/** flow-service.md 6.1 */
const DEFAULT_LIMIT = 10;

/** A page: flow-service.md 6.1. */
export interface MappingSetPage<T> {
	data: T[];
	_page: { count: number; limit: number };
	_links: { next?: { href: string }; page: { href: string; templated: true } };
}

/**
 * @param path of the list, for the links; that `start` counts mapping sets and not pages is ⚠UNV
 * @throws PlatformError 400 for invalid parameters
 */
export function listMappingSets(
	candidates: StoredMappingSet[],
	parameters: URLSearchParams,
	path: string,
): MappingSetPage<StoredMappingSet> {
	// Both are marked required in the API's description, which gives a default for them as well.
	const limit = queryNumber(parameters, 'limit', DEFAULT_LIMIT);
	const start = queryNumber(parameters, 'start', 0);
	if (limit < 1) throw badRequest('limit must be at least 1.');
	const name = parameters.get('name');
	const found = candidates.filter((set) => name === null || set.name === name);
	const orderBy = parameters.get('orderBy');
	if (orderBy !== null) found.sort(readOrder(orderBy));

	const data = found.slice(start, start + limit);
	const next = new URLSearchParams(parameters);
	next.set('limit', String(limit));
	next.set('start', String(start + limit));
	return {
		data,
		_page: { count: data.length, limit },
		_links: {
			...(start + limit < found.length && { next: { href: `${path}?${next}` } }),
			page: { href: `${path}?limit={limit}&start={start}`, templated: true },
		},
	};
}

/**
 * flow-service.md 6.1, 12 (10): `createdDate`, `updatedDate`, `lastUpdateDate`, with a sign; equal times by
 * order of creation.
 */
function readOrder(text: string): (a: StoredMappingSet, b: StoredMappingSet) => number {
	// A plus sign that was not encoded arrives as a space.
	const [, sign, member] = /^([+\- ]?)(createdDate|updatedDate|lastUpdateDate)$/.exec(text) ?? [];
	if (member === undefined) throw badRequest(`orderBy cannot be read: ${text}`);
	const direction = sign === '-' ? -1 : 1;
	const time = ({ createdAt, modifiedAt }: StoredMappingSet) =>
		member === 'createdDate' ? createdAt : modifiedAt;
	return (a, b) => direction * (time(a) - time(b) || a.sequence - b.sequence);
}
