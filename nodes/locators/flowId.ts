import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';
import { readResourceId, urlWithId } from './resourceId';

/** The locator of a dataflow, by default the one on the incoming item. */
export const flowIdParameter: INodeProperties = {
	displayName: 'Dataflow',
	name: 'flowId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The dataflow to work on',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchDataflows', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder:
				'e.g. https://platform.adobe.io/data/foundation/flowservice/flows/2edc08ac-4df5-4fe6-936f-81a19ce92f5c',
			...urlWithId('a dataflow'),
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. {{ $json.flowId }}',
		},
	],
};

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readFlowId(parameters: ItemParameters): string {
	return readResourceId(parameters, {
		displayName: 'Dataflow',
		what: 'a dataflow',
		member: 'flowId',
	});
}
