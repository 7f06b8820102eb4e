import type { INodeProperties } from 'n8n-workflow';

import { flowIdParameter } from '../locators/flowId';
import { sandboxNameOption } from '../operations/options';
import { simplifyParameter } from '../operations/simplify';

/** The parameters of the trigger. */
export const triggerParameters: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'triggerOn',
		type: 'multiOptions',
		required: true,
		options: [
			{
				name: 'Run Failed',
				value: 'failed',
				description: 'A run has ended without success',
			},
			{
				name: 'Run Started',
				value: 'started',
				description: 'A run has begun; a short one may have ended already when it is seen',
			},
			{
				name: 'Run Succeeded',
				value: 'succeeded',
				description: 'A run has ended well, and every record was taken in',
			},
			{
				name: 'Run Succeeded With Rejected Records',
				value: 'rejectedRecords',
				description: 'A run has ended well, but has left records out that did not fit',
			},
		],
		default: ['failed'],
		description: 'What starts the workflow; each event of a run does so once',
	},
	{
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		options: [
			{ name: 'Every PostgreSQL Dataflow', value: 'all' },
			{ name: 'One Dataflow', value: 'one' },
		],
		default: 'one',
		description: 'Whose runs to watch; new dataflows of the sandbox are included in every one',
	},
	{
		...flowIdParameter,
		description: 'The dataflow whose runs to watch',
		displayOptions: { show: { watch: ['one'] } },
	},
	simplifyParameter,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [sandboxNameOption],
	},
];
