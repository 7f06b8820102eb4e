import type { Refusal } from './refusals';

/**
 * Why Adobe does not make or change a dataflow or one of its ends, by its code (Adobe's pages
 * "Sources errors" and "Flow Service errors").
 */
export const FLOW_REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
	[
		'1304',
		{
			message: 'Adobe misses something that a dataflow is made from',
			description: 'Fill in what is named below.',
		},
	],
	[
		'1312',
		{
			message: 'Adobe does not accept one of the values that the dataflow is made from',
			description: 'Correct the value that is named below.',
		},
	],
	[
		'1360',
		{
			message: "'Start Time' is in the past for Adobe",
			description:
				"Give a later 'Start Time', or leave it empty for a start in five minutes. Check the clock of n8n's machine, too.",
		},
	],
	[
		'1361',
		{
			message: "'Interval' is not for a dataflow with the schedule Once",
			description: "Leave 'Interval' out, or choose another 'Schedule'.",
		},
	],
	[
		'1362',
		{
			message: "'Interval' is too short",
			description: 'Adobe takes 15 minutes, or one hour, day or week, at the least.',
		},
	],
	[
		'1363',
		{
			message: "'Interval' does not go with 'Schedule'",
			description: 'Adobe takes 15 minutes, or one hour, day or week, at the least.',
		},
	],
	[
		'1364',
		{
			message: "'Backfill' is not for a dataflow with the schedule Once",
			description: "Leave 'Backfill' out, or choose another 'Schedule'.",
		},
	],
	[
		'1366',
		{
			message: "'Start Time' can't be changed any more, as it has passed",
			description:
				"Remove 'Start Time' under Update Fields. For another start, delete the dataflow and create it anew.",
		},
	],
	[
		'1367',
		{
			message: "'Delta Column' is needed where a dataflow is to run again and again",
			description:
				'Give the date-time column of the table that marks new rows, or set the schedule to Once.',
		},
	],
	[
		'1369',
		{
			message: "'Delta Column' is not for a dataflow with the schedule Once",
			description: "Leave 'Delta Column' out, or choose another 'Schedule'.",
		},
	],
	[
		'CONNECTOR-1403',
		{
			message: "'Schedule' can't be changed to Once any more, as the start time has passed",
			description:
				'Disable the dataflow to stop its runs. For runs on demand, create another dataflow with the schedule Once.',
		},
	],
	[
		'CONNECTOR-1404',
		{
			message: "'Backfill' can't be changed any more, as the start time has passed",
			description:
				"Remove 'Backfill' under Update Fields. To take in the older rows, create another dataflow.",
		},
	],
	[
		'1420',
		{
			message: 'Adobe is still working on the dataflow, and changes nothing meanwhile',
			description: 'Try again in a minute.',
		},
	],
	[
		'1421',
		{
			message: 'Adobe is still working on the dataflow, and changes nothing meanwhile',
			description: 'Try again in a minute.',
		},
	],
	[
		'1422',
		{
			message: 'The dataflow is in a state in which this is not possible',
			description: 'Look at its state with Get; a drafted dataflow must be published first.',
		},
	],
	[
		'1425',
		{
			message: "The mapping is for another schema than the dataset's",
			description:
				"The dataset's schema may have been changed meanwhile. Execute the node again, or choose another 'Dataset'.",
		},
	],
	[
		'1447',
		{
			message: 'A dataflow still uses it, so Adobe did not delete it',
			description: 'Delete that dataflow first.',
		},
	],
]);
