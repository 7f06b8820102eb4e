import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ItemParameters } from '../../operations/parameters';
import { CONNECTION_URL, ID_IN_CONNECTION_URL } from './connectionUrl';

// Wider than a UUID, as Adobe does not promise one; nothing in it can change a path.
const ID = /^[\w-]{1,100}$/;

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
						regex: CONNECTION_URL,
						errorMessage: "This URL holds no connection's ID",
					},
				},
			],
			extractValue: { type: 'regex', regex: ID_IN_CONNECTION_URL },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. {{ $json.connectionId }}',
		},
	],
};

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readConnectionId(parameters: ItemParameters): string {
	const id = parameters.locator('connectionId', 'Connection');
	if (!ID.test(id)) {
		throw new UserError("'Connection' is not the ID of a connection", {
			description:
				'Choose one from the list, or give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as connectionId. A name is not enough.',
		});
	}
	return id;
}
