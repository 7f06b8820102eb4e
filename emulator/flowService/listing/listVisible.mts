import type { FastifyRequest } from 'fastify';
import { type Caller, isVisible, type Place } from '../../identity/caller.mts';
import { query } from '../../http/call.mts';
import { readFilters } from './filters.mts';
import { type Listed, list } from './listing.mts';

/** What there is to list, and how. */
interface Collection<T> {
	/** Its name in the path, as `connections`. */
	collection: string;
	/** Of all organizations and sandboxes, in the form in which filters see them. */
	entities: T[];
	/** Brings a filter into the form that is compared; default: it is in it already. */
	readFilter?(filter: string): string;
	/** Whether a path may be filtered by. */
	isField(path: string): boolean;
	/** What `orderby` may name. */
	orderFields: string[];
	show(entity: T): object;
}

/**
 * Answers a listing of what lies in the organization and the sandbox of the caller.
 *
 * @throws FlowError, see `readFilters` and `list`
 */
export function listVisible<T extends Listed & Place>(
	request: FastifyRequest,
	caller: Caller,
	{ collection, entities, readFilter, isField, orderFields, show }: Collection<T>,
): object {
	const parameters = query(request);
	const filters = parameters.getAll('property').map((one) => readFilter?.(one) ?? one);
	const passes = readFilters(filters, isField);
	const candidates = entities.filter((entity) => isVisible(entity, caller));
	const page = list(collection, candidates, parameters, passes, orderFields);
	return 'count' in page ? page : { ...page, items: page.items.map(show) };
}
