import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ItemClient } from '../platform/client';
import {
	filtersCollection,
	limitParameters,
	optionsCollection,
	readLimit,
	readOptions,
	simplifyParameter,
} from './commonParameters';
import type { Operation, OperationCall } from './operation';
import type { ItemParameters } from './parameters';
import { choiceParameter } from './parameters';

/** What a resource returns, with Simplify and without. */
type Details<Found> = (found: Found, sandboxName: string, simplify: boolean) => IDataObject;

/** What the operation Get of a resource has of its own. */
interface Get<Found> extends Pick<Operation, 'action' | 'description'> {
	/** The locator of the one to get. */
	locator: INodeProperties;
	/** @throws UserError */
	readId(parameters: ItemParameters): string;
	get(client: ItemClient, id: string): Promise<Found>;
	details: Details<Found>;
}

export function getOperation<Found>({
	locator,
	readId,
	get,
	details,
	...texts
}: Get<Found>): Operation {
	return {
		value: 'get',
		name: 'Get',
		...texts,
		parameters: [locator, simplifyParameter, optionsCollection()],
		async prepare({ parameters, openClient }) {
			const id = readId(parameters);
			const simplify = parameters.boolean(simplifyParameter);
			return async () => {
				const client = openClient();
				return details(await get(client, id), client.sandboxName, simplify);
			};
		},
	};
}

/** What the operation Get Many of a resource has of its own. */
interface GetMany<Query, Found> extends Pick<Operation, 'action' | 'description'> {
	/** In front of the common ones. */
	parameters?: INodeProperties[];
	filters: INodeProperties;
	options?: INodeProperties[];
	/** @throws UserError */
	readQuery(call: OperationCall): Query;
	/** @param limit undefined for all */
	find(client: ItemClient, query: Query, limit: number | undefined): Promise<Found[]>;
	details: Details<Found>;
}

export function getManyOperation<Query, Found>({
	parameters: own = [],
	filters,
	options,
	readQuery,
	find,
	details,
	...texts
}: GetMany<Query, Found>): Operation {
	return {
		value: 'getAll',
		name: 'Get Many',
		...texts,
		parameters: [
			...own,
			...limitParameters,
			simplifyParameter,
			filters,
			optionsCollection(options),
		],
		async prepare(call) {
			const query = readQuery(call);
			const limit = readLimit(call.parameters);
			const simplify = call.parameters.boolean(simplifyParameter);
			return async () => {
				const client = call.openClient();
				const found = await find(client, query, limit);
				return found.map((one) => details(one, client.sandboxName, simplify));
			};
		},
	};
}

const nameFilter: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Sales database',
	description: 'The whole name; Adobe tells upper from lower case',
};

const stateFilter: INodeProperties = {
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
};

const sortOption = choiceParameter({
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	options: [
		{ name: 'Name (A to Z)', value: 'name' },
		{ name: 'Name (Z to A)', value: '-name' },
	],
	default: 'name',
});

/** How the texts of a list speak of what it lists. */
interface Listed {
	/** E.g. `connections`. */
	plural: string;
	/** A name, as the placeholder shows one. */
	example: string;
}

/** Filters of a list by name and state, behind one of its own. */
export function namedFilters({ plural, example }: Listed, own: INodeProperties): INodeProperties {
	return filtersCollection([
		own,
		{ ...nameFilter, placeholder: `e.g. ${example}` },
		{ ...stateFilter, description: `The state of the ${plural} to return` },
	]);
}

/** The order of a list by name. */
export function sortOptionFor({ plural }: Pick<Listed, 'plural'>): INodeProperties {
	return {
		...sortOption,
		description: `The order of the ${plural}; by default, the one that Adobe gives`,
	};
}

/**
 * What {@link namedFilters} and {@link sortOptionFor} ask for; undefined for what was not added.
 *
 * @throws UserError
 */
export function readNamedQuery(
	parameters: ItemParameters,
	filters: INodeProperties,
): { name?: string; state?: string; orderBy?: 'name' | '-name' } {
	const chosen = parameters.collection(filters);
	return {
		name: chosen.text(nameFilter) || undefined,
		state: chosen.text(stateFilter) || undefined,
		orderBy: readOptions(parameters).choice(sortOption),
	};
}
