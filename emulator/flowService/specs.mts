import { query } from '../http/call.mts';
import { pathId, type RouteTable } from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { admit } from './access.mts';
import { notFound } from './flowErrors.mts';
import { readFilters } from './listing/filters.mts';

/** Specs of one kind, and how they are filtered. */
interface Specs {
	/** Their name in the path. */
	name: 'connectionSpecs' | 'flowSpecs';
	specsOf(state: EmulatorState): Array<{ id: string }>;
	isField(path: string): boolean;
	/** Brings a filter into the form that is compared; default: it is in it already. */
	readFilter?(filter: string): string;
}

/**
 * The routes of specs, which are the same for everybody. flow-service.md 2.7: their lists
 * take only `property` and have no pages.
 */
export function specRoutes({ name, specsOf, isField, readFilter }: Specs): RouteTable {
	return {
		[`GET /${name}` as const]: (state, request) => {
			admit(state, request, 'view');
			const filters = query(request).getAll('property');
			const passes = readFilters(
				filters.map((filter) => readFilter?.(filter) ?? filter),
				isField,
			);
			return { items: specsOf(state).filter(passes), _links: {} };
		},
		[`GET /${name}/:id` as const]: (state, request) => {
			admit(state, request, 'view');
			const id = pathId(request);
			const spec = specsOf(state).find((one) => one.id === id);
			if (spec === undefined) throw notFound(name, id);
			return { items: [spec] };
		},
	};
}
