import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../operations/parameters';

// Adobe's pages and API links of a connection all end in, or contain, its UUID.
const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** The locator of a base connection, by default the one on the incoming item. */
export const connectionIdParameter: INodeProperties = {
	displayName: 'Connection',
	name: 'connectionId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The base connection to work on',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchConnections', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder:
				'e.g. https://experience.adobe.com/#/@org/sname:prod/platform/source/accounts/2c15b1c5-73bf-47ab-9098-0467fcd854d9',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `^https://.*${UUID}.*$`,
						errorMessage: "This URL holds no connection's ID",
					},
				},
			],
			extractValue: { type: 'regex', regex: `^https://.*(${UUID})` },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. {{ $json.connectionId }}',
		},
	],
};

/** @throws UserError when the locator is empty */
export function readConnectionId(parameters: ItemParameters): string {
	return parameters.locator('connectionId', 'Connection');
}
