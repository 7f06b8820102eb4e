import { checkName } from './commonParameters';
import type { ItemParameters } from './parameters';

const STATES = ['disabled', 'draft', 'enabled', 'initializing'] as const;
const ORDERS = ['name', '-name'] as const;

/** What connections and dataflows are listed by alike; what is left out does not matter. */
export interface ListQuery {
	name?: string;
	state?: (typeof STATES)[number];
	orderBy?: (typeof ORDERS)[number];
}

/**
 * The filters 'Name' and 'State' and the option 'Sort' of a Get Many.
 *
 * @throws UserError for what would be several values of a filter, or none
 */
export function readListQuery(parameters: ItemParameters): ListQuery {
	const filters = parameters.collection('filters');
	const name = filters.text('name', 'Name') || undefined;
	if (name !== undefined) checkName(name);
	return {
		name,
		state: filters.choice('state', 'State', STATES),
		orderBy: parameters.collection('options').choice('sort', 'Sort', ORDERS),
	};
}
