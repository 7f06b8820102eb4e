import type { Refusal } from './refusals';
import { explainRefusal } from './refusals';

/** Why Adobe does not start a run, by its code (Adobe's page "Sources errors"). */
const REFUSALS = new Map<string, Refusal>([
	[
		'1381',
		{
			message: "'Window End' lies before 'Window Start'",
			description: 'Give a window that ends after it starts, or leave both empty.',
		},
	],
	[
		'1382',
		{
			message: "'Delta Column' is not the one that this dataflow runs by",
			description:
				"A dataflow keeps the delta column of its first run. Leave 'Delta Column' empty to use that one.",
		},
	],
	[
		'1383',
		{
			message: "'Delta Column' is needed for the first run of this dataflow",
			description:
				'Give the date-time column of the table that marks new rows; later runs go by the same one.',
		},
	],
	[
		'1384',
		{
			message: 'Adobe does not accept the window of the run',
			description: "Check 'Window Start', 'Window End' and 'Delta Column'.",
		},
	],
	[
		'1386',
		{
			message: 'Adobe runs only those dataflows on demand that are scheduled once',
			description:
				"This one has another schedule and runs by itself. Use a dataflow whose 'Schedule' is Once: create a second one for the same table, or wait for the next run.",
		},
	],
	[
		'1387',
		{
			message: 'This run can’t be retried in the state that it is in',
			description:
				'Adobe retries runs that failed, and runs that succeeded without taking in a single record. Choose such a run, and wait until it has ended.',
		},
	],
	[
		'1388',
		{
			message: 'The dataflow of this run is not enabled',
			description: 'Enable it first, with the operation Enable of the resource Dataflow.',
		},
	],
	[
		'1444',
		{
			message: 'The dataflow is not enabled',
			description: 'Enable it first, with the operation Enable of the resource Dataflow.',
		},
	],
]);

/** The same error in the words of the node, where Adobe's code is known; any other as it came. */
export function explainRunRefusal(error: unknown): unknown {
	return explainRefusal(error, REFUSALS);
}
