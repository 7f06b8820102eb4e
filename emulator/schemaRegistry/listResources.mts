import { splitValues } from '../flowService/listing/filters.mts';
import { invalidResource } from './xdmErrors.mts';

/** From Adobe's guide. */
const DEFAULT_LIMIT = 300;
const MAX_LIMIT = 500;

const OPERATORS = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** What a resource is filtered and sorted by: its members as `xed` shows them. */
export type Shown = Record<string, unknown>;

/** A page: flow-service.md 6.3, the members' contents are from Adobe's guide to the API. */
export interface ResourcePage<T> {
	results: T[];
	_page: { orderby?: string; next: string | null; count: number };
	_links: { next?: { href: string } };
}

/**
 * Filters, sorts and cuts a page. A page starts after a value of the property that is sorted by,
 * so it never ends between two resources of the same value: `limit` is a hint.
 *
 * @param path of the list, for the link to the next page
 * @throws XdmError ⚠UNV for limit or start without orderby, and for what cannot be read
 */
export function listResources<T extends Shown>(
	candidates: T[],
	parameters: URLSearchParams,
	path: string,
): ResourcePage<T> {
	const passes = parameters.getAll('property').map(readFilter);
	const found = candidates.filter((one) => passes.every((pass) => pass(one)));
	const orderby = parameters.get('orderby');
	const [limitText, start] = [parameters.get('limit'), parameters.get('start')];
	if (orderby === null) {
		// flow-service.md 6.3: they work only together with orderby.
		if (limitText !== null || start !== null) {
			throw invalidResource('limit and start can only be used together with orderby.');
		}
		const results = found.slice(0, DEFAULT_LIMIT);
		return { results, _page: { next: null, count: results.length }, _links: {} };
	}

	const keys = orderby.split(',').map((key) => {
		const [, sign, name = ''] = /^([+-]?)(.*)$/.exec(key.trim()) ?? [];
		return { name, direction: sign === '-' ? -1 : 1 };
	});
	const [primary] = keys;
	if (primary === undefined || keys.some(({ name }) => name === '')) {
		throw invalidResource(`orderby cannot be read: ${orderby}`);
	}
	const compare = (a: T, b: T) => {
		for (const { name, direction } of keys) {
			const order = direction * compareStrings(textOf(a[name]), textOf(b[name]));
			if (order !== 0) return order;
		}
		return 0;
	};
	const limit = readLimit(limitText);
	const isAfterStart = (one: T) =>
		start === null || primary.direction * compareStrings(textOf(one[primary.name]), start) > 0;
	const rest = [...found].sort(compare).filter(isAfterStart);
	const valueAt = (index: number) => textOf(rest[index]?.[primary.name]);
	let end = Math.min(limit, rest.length);
	while (end < rest.length && valueAt(end) === valueAt(end - 1)) end++;

	const results = rest.slice(0, end);
	if (end >= rest.length) {
		return { results, _page: { orderby, next: null, count: end }, _links: {} };
	}
	const next = valueAt(end - 1);
	const query = new URLSearchParams({ orderby, start: next, limit: String(limit) });
	for (const property of parameters.getAll('property')) query.append('property', property);
	return {
		results,
		_page: { orderby, next, count: end },
		// Whether the link is a path or a whole URL is ⚠UNV.
		_links: { next: { href: `${path}?${query}` } },
	};
}

/** flow-service.md 6.3: 0 to 500; that 0 means the default is ⚠UNV. */
function readLimit(text: string | null): number {
	if (text === null) return DEFAULT_LIMIT;
	const limit = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
	if (!(limit <= MAX_LIMIT)) throw invalidResource(`limit must be 0 to 500, not ${text}`);
	return limit === 0 ? DEFAULT_LIMIT : limit;
}

/**
 * Adobe's guide: `title==Orders`, also `!= < > <= >=`, or a name alone for what has it. How a comma, a
 * quote or a second sign in the value is read is ⚠UNV: as in Flow Service, so that no client relies on
 * a value like that being taken as it is. `~`, a regular expression in the guide, is not implemented.
 */
function readFilter(text: string): (one: Shown) => boolean {
	const [, name = '', operator, value = ''] = /^([^=!<>~]+)(?:([=!<>~]+)(.*))?$/s.exec(text) ?? [];
	if (name === '' || (operator !== undefined && !OPERATORS.has(operator))) {
		throw invalidResource(`The filter ${text} cannot be read.`);
	}
	const wanted = splitValues(value);
	return (one) => {
		const held = one[name];
		if (operator === undefined) return held !== undefined;
		const values = Array.isArray(held) ? held.map(textOf) : [textOf(held)];
		if (operator === '==') return values.some((one) => wanted.includes(one));
		if (operator === '!=') return !values.some((one) => wanted.includes(one));
		const order = compareStrings(values[0] ?? '', value);
		if (order === 0) return operator === '<=' || operator === '>=';
		return operator.startsWith('<') === order < 0;
	};
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function compareStrings(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}
