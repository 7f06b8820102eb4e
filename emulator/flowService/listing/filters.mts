import { FlowError } from '../flowErrors.mts';

/** Whether an entity passes a `property` filter. */
export type Predicate = (entity: object) => boolean;

const FILTER = /^([^=<>!~]*)([=<>!~]+)(.*)$/s;

/**
 * Reads the `property` parameters of a listing: flow-service.md 2.7. Filters are joined by AND, the
 * comma-separated values of one by OR.
 *
 * @param filters the values of `property`, decoded
 * @param isField whether a path may be filtered by in this listing
 * @throws FlowError 1440, 1443, 1448, 1449, 1450, 1451, 1452 or 1453
 */
export function readFilters(filters: string[], isField: (path: string) => boolean): Predicate {
	const all = filters.map((filter) => readFilter(filter, isField));
	return (entity) => all.every((passes) => passes(entity));
}

function readFilter(filter: string, isField: (path: string) => boolean): Predicate {
	const parts = FILTER.exec(filter);
	if (parts === null) throw new FlowError('FLOW-1451-400', `Invalid query parameter: ${filter}`);
	const [, path = '', operator = '', text = ''] = parts.map((part) => part.trim());
	if (!isField(path)) throw new FlowError('FLOW-1449-400', `Invalid filter field: ${path}`);
	if (operator === '~') throw new FlowError('FLOW-1440-400', 'The operator ~ is not implemented.');
	const values = splitValues(text);
	if (values.length === 0 || values.includes('')) {
		throw new FlowError('FLOW-1453-400', `The filter value of ${path} is empty.`);
	}
	if (operator === '<=' && values.length > 1) {
		throw new FlowError('FLOW-1443-400', 'The operator <= does not take several values.');
	}
	if (operator === '>=' && path === 'id') {
		throw new FlowError('FLOW-1448-400', 'The operator >= is not supported for the field id.');
	}
	const compare = COMPARISONS[operator];
	// `!=` is among the unknown ones: flow-service.md 2.7 ⚠UNV, and a client must not rely on it.
	if (compare === undefined) {
		throw new FlowError('FLOW-1450-400', `Invalid filter operator: ${operator}`);
	}
	if (operator === '==') {
		// A client may filter by a hundred IDs at a time.
		const wanted = new Set(values);
		return (entity) =>
			readPath(entity, path).some((found) =>
				typeof found === 'number'
					? values.some((value) => found === Number(value))
					: (typeof found === 'string' || typeof found === 'boolean') && wanted.has(String(found)),
			);
	}
	return (entity) =>
		readPath(entity, path).some((found) => values.some((value) => compare(order(found, value))));
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
	'==': (order) => order === 0,
	'>': (order) => order > 0,
	'<': (order) => order < 0,
	'>=': (order) => order >= 0,
	'<=': (order) => order <= 0,
};

/** Numbers by value, everything else as strings; NaN, which fails every comparison, for other types. */
function order(found: unknown, value: string): number {
	if (typeof found === 'number') return found - Number(value);
	if (typeof found !== 'string' && typeof found !== 'boolean') return NaN;
	const text = String(found);
	return text === value ? 0 : text < value ? -1 : 1;
}

/** Splits at commas; quotes are optional and keep a comma in them. */
export function splitValues(text: string): string[] {
	const values = text.match(/"[^"]*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? [];
	return values.map((value) => value.trim().replace(/^"(.*)"$/s, '$1'));
}

/** All values at a dotted path; a part that ends in `[]` means each element of an array. */
export function readPath(entity: unknown, path: string): unknown[] {
	let found: unknown[] = [entity];
	for (const part of path.split('.')) {
		const isArray = part.endsWith('[]');
		const key = isArray ? part.slice(0, -2) : part;
		found = found.flatMap((value) => {
			if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
			const next = (value as Record<string, unknown>)[key];
			if (!isArray) return [next];
			return Array.isArray(next) ? (next as unknown[]) : [];
		});
	}
	return found;
}
