import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { findFlows } from '../../adobe/dataflows';
import { isId } from '../../locators/locators';
import {
	getManyOperation,
	namedFilters,
	readNamedQuery,
	sortOptionFor,
} from '../../operation/getOperations';
import type { ItemParameters } from '../../operation/parameters';
import { dataflowDetails } from '../../outputs/dataflow';

const LISTED = { plural: 'dataflows', example: 'Orders from PostgreSQL' };

const connectionFilter: INodeProperties = {
	displayName: 'Connection ID',
	name: 'connectionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.connectionId }}',
	description: 'The base connection that the dataflows read through, by its ID',
};

const filters = namedFilters(LISTED, connectionFilter);

export const getAll = getManyOperation({
	action: 'Get many dataflows',
	description: 'Get many dataflows that take tables of PostgreSQL into Adobe Experience Platform',
	filters,
	options: [sortOptionFor(LISTED)],
	readQuery: ({ parameters }) => ({
		...readNamedQuery(parameters, filters),
		connectionId: readConnectionFilter(parameters),
	}),
	find: findFlows,
	details: dataflowDetails,
});

/** @throws UserError for what would be more than one value of a filter */
function readConnectionFilter(parameters: ItemParameters): string | undefined {
	const id = parameters.collection(filters).text(connectionFilter)?.trim() || undefined;
	if (id === undefined || isId(id)) return id;
	throw new UserError("'Connection ID' is not the ID of a connection", {
		description:
			'Give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
	});
}
