import { Problem } from '../../platform/errors/problem';

/** An error of Adobe in the words of the node. */
interface CatalogueEntry {
	message: string;
	advice: string;
}

/** By number, or by `PREFIX-number` where the number alone means different things. */
export type ErrorCatalogue = ReadonlyMap<string, CatalogueEntry>;

/** `CONNECTOR-1360-400`: the prefix says whose the number is, as both of Adobe's catalogues use the same ones. */
const CODE = /^(CONNECTOR|FLOW)-(\d{4})-\d{3}$/;

/** The same error in the words of the node, where Adobe's code is known; any other as it came. */
export function explainByCode(error: unknown, catalogue: ErrorCatalogue): unknown {
	if (!(error instanceof Problem)) return error;
	const [, prefix = '', number = ''] = CODE.exec(error.details.code ?? '') ?? [];
	const known = catalogue.get(`${prefix}-${number}`) ?? catalogue.get(number);
	if (known === undefined) return error;
	return error.retitled(known.message).advising(known.advice);
}

/**
 * Why Adobe does not create or change a dataflow, its source or its target connection (Adobe's pages
 * "Sources errors" and "Flow Service errors").
 */
export const FLOW_ERRORS: ErrorCatalogue = new Map<string, CatalogueEntry>([
	[
		'1304',
		{
			message: 'Adobe reports a missing field (named below)',
			advice: 'Fill in what is named below.',
		},
	],
	[
		'1312',
		{
			message: 'Adobe does not accept one of the values that the dataflow is made from',
			advice: 'Correct the value that is named below.',
		},
	],
	[
		'1360',
		{
			message: "'Start Time' is in the past for Adobe",
			advice:
				"Give a later 'Start Time', or leave it empty for a start in five minutes. Check the clock of n8n's machine, too.",
		},
	],
	[
		'1361',
		{
			message: "'Interval' is not for a dataflow with the schedule Once",
			advice: "Leave 'Interval' out, or choose another 'Schedule'.",
		},
	],
	[
		'1362',
		{
			message: "'Interval' is too short",
			advice: 'Adobe requires at least 15 minutes, or one hour, day or week.',
		},
	],
	[
		'1363',
		{
			message: "'Interval' does not go with 'Schedule'",
			advice: 'Adobe requires at least 15 minutes, or one hour, day or week.',
		},
	],
	[
		'1364',
		{
			message: "'Backfill' is not for a dataflow with the schedule Once",
			advice: "Leave 'Backfill' out, or choose another 'Schedule'.",
		},
	],
	[
		'1366',
		{
			message: "'Start Time' can't be changed any more, as it has passed",
			advice:
				"Remove 'Start Time' under Update Fields. For another start, delete the dataflow and create it again.",
		},
	],
	[
		'1367',
		{
			message: "'Delta Column' is needed for a dataflow that runs repeatedly",
			advice:
				'Choose the date-time column of the table that marks new rows, or set the schedule to Once.',
		},
	],
	[
		'1369',
		{
			message: "'Delta Column' is not for a dataflow with the schedule Once",
			advice: "Leave 'Delta Column' out, or choose another 'Schedule'.",
		},
	],
	[
		'CONNECTOR-1403',
		{
			message: "'Schedule' can't be changed to On Demand or Once after the start time",
			advice:
				'Disable the dataflow to stop its runs. For runs on demand, create another dataflow with the schedule On Demand.',
		},
	],
	[
		'CONNECTOR-1404',
		{
			message: "'Backfill' can't be changed any more, as the start time has passed",
			advice:
				"Remove 'Backfill' under Update Fields. To load the older rows, create another dataflow.",
		},
	],
	[
		'1420',
		{
			message: 'Adobe is still working on the dataflow, and changes nothing meanwhile',
			advice: 'Try again in a minute.',
		},
	],
	[
		'1421',
		{
			message: 'Adobe is still working on the dataflow, and changes nothing meanwhile',
			advice: 'Try again in a minute.',
		},
	],
	[
		'1422',
		{
			message: 'The dataflow is in a state in which this is not possible',
			advice: 'Look at its state with Get; a drafted dataflow must be published first.',
		},
	],
	[
		'1425',
		{
			message: "The mapping is for another schema than the dataset's",
			advice:
				"The dataset's schema may have been changed meanwhile. Execute the node again, or choose another 'Dataset'.",
		},
	],
	[
		'1447',
		{
			message: 'A dataflow still uses it, so Adobe did not delete it',
			advice: 'Delete that dataflow first.',
		},
	],
]);

/** Why Adobe does not start a run (Adobe's page "Sources errors"). */
export const RUN_ERRORS: ErrorCatalogue = new Map<string, CatalogueEntry>([
	[
		'1381',
		{
			message: "'Window End' is before 'Window Start'",
			advice: 'Enter a window that ends after it starts, or leave both empty.',
		},
	],
	[
		'1382',
		{
			message: "'Delta Column' is not the one that this dataflow runs by",
			advice:
				"A dataflow keeps the delta column of its first run. Leave 'Delta Column' empty to use that one.",
		},
	],
	[
		'1383',
		{
			message: "'Delta Column' is needed for the first run of this dataflow",
			advice:
				'Give the date-time column of the table that marks new rows; later runs go by the same one.',
		},
	],
	[
		'1384',
		{
			message: 'Adobe does not accept the window of the run',
			advice: "Check 'Window Start', 'Window End' and 'Delta Column'.",
		},
	],
	[
		'1386',
		{
			message: 'Only dataflows scheduled On Demand or Once can be run on demand',
			advice:
				"This one has another schedule and runs by itself. Create a second one for the same table with the 'Schedule' On Demand, or wait for the next run.",
		},
	],
	[
		'1387',
		{
			message: 'This run can’t be retried in the state that it is in',
			advice:
				'Adobe retries runs that failed, and runs that succeeded without taking in a single record. Choose such a run, and wait until it has ended.',
		},
	],
	[
		'1388',
		{
			message: 'The dataflow of this run is not enabled',
			advice: 'Enable it first, with the operation Enable of the resource Dataflow.',
		},
	],
	[
		'1444',
		{
			message: 'The dataflow is not enabled',
			advice: 'Enable it first, with the operation Enable of the resource Dataflow.',
		},
	],
]);
