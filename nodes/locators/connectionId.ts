import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';
import { readResourceId, urlWithId } from './resourceId';

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
			...urlWithId('a connection'),
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
	return readResourceId(parameters, {
		displayName: 'Connection',
		what: 'a connection',
		member: 'connectionId',
	});
}
