import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { findFlows } from '../../adobe/dataflows';
import { isId } from '../../locators/locators';
import {
	filtersCollection,
	limitParameters,
	optionsCollection,
	readLimit,
	readOptions,
	simplifyParameter,
} from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import type { Collection } from '../../operation/parameters';
import { choiceParameter } from '../../operation/parameters';
import { dataflowDetails } from '../../outputs/dataflow';

const connectionFilter: INodeProperties = {
	displayName: 'Connection ID',
	name: 'connectionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.connectionId }}',
	description: 'The base connection that the dataflows read through, by its ID',
};

const nameFilter: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Orders from PostgreSQL',
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
	description: 'The state of the dataflows to return',
};

const filters = filtersCollection([connectionFilter, nameFilter, stateFilter]);

const sortOption = choiceParameter({
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	options: [
		{ name: 'Name (A to Z)', value: 'name' },
		{ name: 'Name (Z to A)', value: '-name' },
	],
	default: 'name',
	description: 'The order of the dataflows; by default, the one that Adobe gives',
});

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many dataflows',
	description: 'Get many dataflows that take tables of PostgreSQL into Adobe Experience Platform',
	parameters: [...limitParameters, simplifyParameter, filters, optionsCollection([sortOption])],
	async prepare({ parameters, openClient }) {
		const limit = readLimit(parameters);
		const simplify = parameters.boolean(simplifyParameter);
		const chosen = parameters.collection(filters);
		const query = {
			name: chosen.text(nameFilter) || undefined,
			state: chosen.text(stateFilter) || undefined,
			connectionId: readConnectionFilter(chosen),
			orderBy: readOptions(parameters).choice(sortOption),
		};
		return async () => {
			const client = openClient();
			const flows = await findFlows(client, query, limit);
			return flows.map((flow) => dataflowDetails(flow, client.sandboxName, simplify));
		};
	},
};

/** @throws UserError for what would be more than one value of a filter */
function readConnectionFilter(filter: Collection): string | undefined {
	const id = filter.text(connectionFilter)?.trim() || undefined;
	if (id === undefined || isId(id)) return id;
	throw new UserError("'Connection ID' is not the ID of a connection", {
		description:
			'Give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
	});
}
