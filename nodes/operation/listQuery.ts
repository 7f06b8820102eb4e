import type { INodeProperties } from 'n8n-workflow';

import { checkName, filtersCollection, readOptions } from './commonParameters';
import type { ChoiceParameter, ItemParameters } from './parameters';
import { choiceParameter } from './parameters';

type State = 'disabled' | 'draft' | 'enabled' | 'initializing';
type Order = 'name' | '-name';

/** What the resources of Flow Service are listed by alike; what is left out does not matter. */
export interface ListQuery {
	name?: string;
	state?: State;
	orderBy?: Order;
}

/** The parameters of a Get Many that it is read from. */
export interface ListParameters {
	/** The collection Filters, with a filter of its own, Name and State. */
	filters: INodeProperties;
	/** A member of Options. */
	sort: ChoiceParameter<Order>;
	name: INodeProperties;
	state: ChoiceParameter<State>;
}

/**
 * @param things what is listed, e.g. `connections`
 * @param nameExample a name of one
 * @param ownFilter what only these are filtered by
 */
export function listParameters(
	things: string,
	nameExample: string,
	ownFilter: INodeProperties,
): ListParameters {
	const name: INodeProperties = {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: `e.g. ${nameExample}`,
		description: 'Exact name, case-sensitive',
	};
	const state = choiceParameter<State>({
		displayName: 'State',
		name: 'state',
		type: 'options',
		options: [
			{ name: 'Disabled', value: 'disabled' },
			{ name: 'Draft', value: 'draft' },
			{ name: 'Enabled', value: 'enabled' },
			{ name: 'Initializing', value: 'initializing' },
		],
		default: 'enabled',
		description: `State of the ${things} to return`,
	});
	const sort = choiceParameter<Order>({
		displayName: 'Sort',
		name: 'sort',
		type: 'options',
		options: [
			{ name: 'Name (A to Z)', value: 'name' },
			{ name: 'Name (Z to A)', value: '-name' },
		],
		default: 'name',
		description: `Order of the ${things}. Without it, they come in Adobe's order.`,
	});
	return { filters: filtersCollection([ownFilter, name, state]), sort, name, state };
}

/**
 * What the filters Name and State and the option Sort ask for.
 *
 * @throws UserError for what would be several values of a filter, or none
 */
export function readListQuery(
	parameters: ItemParameters,
	{ filters, sort, name: nameFilter, state }: ListParameters,
): ListQuery {
	const chosen = parameters.collection(filters);
	const name = chosen.optionalText(nameFilter);
	if (name !== undefined) checkName(name);
	const orderBy = readOptions(parameters).choice(sort);
	return { name, state: chosen.choice(state), orderBy };
}
