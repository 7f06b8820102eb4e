import { badRequest } from '../http/platformError.mts';
import { queryNumber } from '../http/queryNumber.mts';

/** Adobe's guide to Catalog. */
const DEFAULT_LIMIT = 20;
/** flow-service.md 6.2 */
const MAX_LIMIT = 100;

type Shown = Record<string, unknown>;

/**
 * A page of datasets, an object keyed by their IDs: flow-service.md 6.2. There is no link to the
 * next page; `start` counts the datasets before the page.
 *
 * @throws PlatformError 400 ⚠UNV for what cannot be read
 */
export function listDataSets(
	candidates: Array<[id: string, view: Shown]>,
	parameters: URLSearchParams,
): Record<string, Shown> {
	const limit = queryNumber(parameters, 'limit', DEFAULT_LIMIT);
	if (limit < 1 || limit > MAX_LIMIT) throw badRequest('limit must be 1 to 100.');
	const start = queryNumber(parameters, 'start', 0);
	const name = parameters.get('name');
	const passes = parameters.getAll('property').map(readFilter);
	if (name !== null) passes.push(readSimpleFilter('name', name));
	const found = candidates.filter(([, view]) => passes.every((pass) => pass(view)));
	const order = readOrder(parameters.get('orderBy'));
	if (order !== undefined) found.sort(([, a], [, b]) => order(a, b));
	const properties = parameters.get('properties');
	const page = found.slice(start, start + limit);
	return Object.fromEntries(page.map(([id, view]) => [id, pick(view, properties)]));
}

/** Of a view, the members that were asked for: `name,schemaRef`; all of them without a list. */
export function pick(view: Shown, properties: string | null): Shown {
	if (properties === null) return view;
	const names = properties.split(',').map((name) => name.trim());
	return Object.fromEntries(Object.entries(view).filter(([name]) => names.includes(name)));
}

/** Catalog's guide: `name=one,other`, any of them fits; `name=!one,other`, none of them does. */
function readSimpleFilter(member: string, text: string): (view: Shown) => boolean {
	const isInverted = text.startsWith('!');
	const values = text.slice(isInverted ? 1 : 0).split(',');
	return (view) => values.some((value) => isLike(String(view[member] ?? ''), value)) !== isInverted;
}

/** Catalog's guide, for names: an asterisk stands for anything, two for one. */
function isLike(text: string, pattern: string): boolean {
	const parts = pattern.split('**').map((part) => part.split('*').map(escaped).join('.*'));
	return new RegExp(`^${parts.join('\\*')}$`, 's').test(text);
}

function escaped(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** As Flow Service's filters, flow-service.md 2.7: `schemaRef.id==…`, and Catalog has more of them. */
function readFilter(text: string): (view: Shown) => boolean {
	const [, path, operator, value = ''] = /^([\w./]+)(==|!=)(.*)$/.exec(text) ?? [];
	if (path === undefined) throw badRequest(`The filter ${text} cannot be read.`);
	return (view) => {
		const held = path
			.split('.')
			.reduce<unknown>(
				(node, part) =>
					typeof node === 'object' && node !== null && Object.hasOwn(node, part)
						? (node as Shown)[part]
						: undefined,
				view,
			);
		const values = Array.isArray(held) ? held.map(String) : [String(held)];
		const fits =
			path === 'name' ? (one: string) => isLike(one, value) : (one: string) => one === value;
		return values.some(fits) === (operator === '==');
	};
}

/** flow-service.md 6.2: `asc:created`, `desc:name`. */
function readOrder(text: string | null): ((a: Shown, b: Shown) => number) | undefined {
	if (text === null) return undefined;
	const [, direction, member = ''] = /^(asc|desc):(\w+)$/.exec(text) ?? [];
	if (direction === undefined) throw badRequest(`orderBy cannot be read: ${text}`);
	return (a, b) => {
		const [one, other] = [a[member], b[member]] as [string | number, string | number];
		if (one === other) return 0;
		return one < other === (direction === 'asc') ? -1 : 1;
	};
}
