import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';
import { readResourceId, urlWithId } from './resourceId';

/** The locator of a run, by default the one on the incoming item. */
export const runIdParameter: INodeProperties = {
	displayName: 'Run',
	name: 'runId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The run of a dataflow to work on',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchRuns', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder:
				'e.g. https://experience.adobe.com/#/@org/sname:prod/platform/source/dataflows/2edc08ac-4df5-4fe6-936f-81a19ce92f5c/activity/9830305a-985f-47d0-b030-5a985fd7d004',
			...urlWithId('a run'),
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. {{ $json.runId }}',
		},
	],
};

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readRunId(parameters: ItemParameters): string {
	return readResourceId(parameters, { displayName: 'Run', what: 'a run', member: 'runId' });
}
