import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ItemClient } from '../platform/client';
import {
	limitParameters,
	optionsCollection,
	readLimit,
	simplifyParameter,
} from './commonParameters';
import type { Operation, OperationCall } from './operation';

/** What a resource returns, with Simplify and without. */
type Details<Found> = (found: Found, client: ItemClient, simplify: boolean) => IDataObject;

/** What the operation Get of a resource has of its own. */
interface Get<Found> extends Pick<Operation, 'action' | 'description'> {
	/** The locator of the one to get. */
	locator: INodeProperties;
	/** @throws UserError */
	locate(call: OperationCall): { id(client: ItemClient): Promise<string> };
	get(client: ItemClient, id: string): Promise<Found>;
	details: Details<Found>;
}

export function getOperation<Found>({
	locator,
	locate,
	get,
	details,
	...texts
}: Get<Found>): Operation {
	return {
		value: 'get',
		name: 'Get',
		...texts,
		parameters: [locator, simplifyParameter, optionsCollection()],
		async prepare(call) {
			const wanted = locate(call);
			const simplify = call.parameters.boolean(simplifyParameter);
			return async () => {
				const client = call.openClient();
				const found = await get(client, await wanted.id(client));
				return details(found, client, simplify);
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
			// It is executed for one item as a rule, and reads one page after another.
			optionsCollection(options, ['timeout']),
		],
		async prepare(call) {
			const query = readQuery(call);
			const limit = readLimit(call.parameters);
			const simplify = call.parameters.boolean(simplifyParameter);
			return async () => {
				const client = call.openClient();
				const found = await find(client, query, limit);
				return found.map((one) => details(one, client, simplify));
			};
		},
	};
}
