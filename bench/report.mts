import { formatTable } from '../demo/table.mts';
import type { Case } from './cases.mts';
import { RATE_PER_SECOND } from './cases.mts';
import type { Measurement } from './measure.mts';
import type { PackageFigures } from './packageFigures.mts';
import type { RowName } from './rows.mts';
import { ROW_MEANINGS } from './rows.mts';

export type ResultRow = { row: RowName } & { [Key in keyof Measurement]: number | null } & {
	/** What the medians are of. With a credential, the first run has no token yet. */
	runs: Measurement[];
};

export interface Result {
	case: string;
	rows: ResultRow[];
}

const COLUMNS: Array<[title: string, key: keyof Measurement]> = [
	['ms', 'ms'],
	['CPU ms', 'cpuMs'],
	['failed', 'failed'],
	['duplicates', 'duplicates'],
	['wrong IDs', 'wrongIds'],
	['requests', 'requests'],
	['refused', 'refused'],
	['reads', 'reads'],
	['writes', 'writes'],
	['IMS calls', 'imsCalls'],
	['decryptions', 'decryptions'],
	['peak in flight', 'peakInFlight'],
	['MB before', 'baseRssMb'],
	['peak MB', 'peakRssMb'],
];

/** One case for people: the ratios first, then the numbers. */
export function describeResult(measured: Case, { rows }: Result): string {
	const node = rows.find(({ row }) => row === 'node');
	const ratios = rows
		.filter(({ row }) => row !== 'node')
		.map(
			(other) =>
				`  time ${ratio(node, other, 'ms')}, processor ${ratio(node, other, 'cpuMs')}, memory ${ratio(node, other, 'peakRssMb')} of ${other.row}`,
		);
	const table = formatTable(
		['row', ...COLUMNS.map(([title]) => title)],
		rows.map((one) => [
			one.row,
			...COLUMNS.map(([, key]) => (one[key] === null ? '–' : String(one[key]))),
		]),
	);
	return [
		`${measured.name}: ${measured.meaning}`,
		...ratios,
		...(measured.leftOut === undefined ? [] : [`  left out: ${measured.leftOut}`]),
		table,
		'',
	].join('\n');
}

/** What each row is. */
export function describeRows(): string {
	return Object.entries(ROW_MEANINGS)
		.map(([row, meaning]) => `  ${row}: ${meaning}`)
		.join('\n');
}

function ratio(
	one: ResultRow | undefined,
	other: ResultRow | undefined,
	key: keyof Measurement,
): string {
	const value = quotient(one, other, key);
	return value === undefined ? '–' : value.toFixed(2);
}

function quotient(
	one: ResultRow | undefined,
	other: ResultRow | undefined,
	key: keyof Measurement,
): number | undefined {
	const [above, below] = [one?.[key], other?.[key]];
	return typeof above === 'number' && typeof below === 'number' && below > 0
		? above / below
		: undefined;
}

/** The greatest value of some runs; undefined without any. */
function most(runs: Measurement[], key: keyof Measurement): number | undefined {
	return runs.length === 0 ? undefined : Math.max(...runs.map((run) => run[key] ?? 0));
}

/** The aims, each with what was measured; those of cases that were not run are left out. */
export function describeAims(all: Case[], results: Result[], figures: PackageFigures): string {
	const row = (name: string, rowName: RowName) =>
		results.find((result) => result.case === name)?.rows.find((one) => one.row === rowName);
	const node = (name: string) => row(name, 'node');
	const limited = all.find(({ name }) => name === 'create-1000-limit-100');
	const allowedMs = (((limited?.items ?? 0) - RATE_PER_SECOND) / RATE_PER_SECOND) * 1000;
	const limit = node('create-1000-limit-100');
	const crowded = node('create-400-concurrency-3');
	const resets = node('create-1000-resets');
	const upsert = node('upsert-1000-unchanged-990');
	const creates = node('create-1000')?.runs ?? [];
	const perItem = (name: string) => {
		const requests = node(name)?.requests;
		const items = all.find((one) => one.name === name)?.items;
		return typeof requests === 'number' && items !== undefined ? requests / items : undefined;
	};
	// Of each table one is necessary.
	const besideExplore = (name: string) => {
		const each = perItem(name);
		return each === undefined ? undefined : each - 1;
	};
	// Requests divided by the rate, refused ones apart.
	const atRate = (measured: ResultRow | undefined) => {
		if (typeof measured?.ms !== 'number' || typeof measured.requests !== 'number') return undefined;
		const requests = measured.requests - (measured.refused ?? 0);
		return measured.ms / ((requests / RATE_PER_SECOND) * 1000);
	};
	const aims: Array<[text: string, value: number | null | undefined, most: number]> = [
		[
			'1,000 creates: time of httpRequestHeader',
			quotient(node('create-1000'), row('create-1000', 'httpRequestHeader'), 'ms'),
			0.7,
		],
		[
			'1,000 creates: time of httpRequestCredential',
			quotient(node('create-1000'), row('create-1000', 'httpRequestCredential'), 'ms'),
			0.35,
		],
		[
			'limit of 100 a second: time of what the limit allows',
			limit?.ms === undefined || limit.ms === null || allowedMs <= 0
				? undefined
				: limit.ms / allowedMs,
			1.15,
		],
		['limit of 100 a second: items failed', limit?.failed, 0],
		['limit of 100 a second: duplicates', limit?.duplicates, 0],
		[
			'three at a time: time of floor, which knows that',
			quotient(crowded, row('create-400-concurrency-3', 'floor'), 'ms'),
			1.5,
		],
		['three at a time: items failed', crowded?.failed, 0],
		['three at a time: duplicates', crowded?.duplicates, 0],
		['resets: items failed', resets?.failed, 0],
		['resets: duplicates', resets?.duplicates, 0],
		['resets: wrong IDs', resets?.wrongIds, 0],
		[
			'10,000 creates: time of 1,000',
			quotient(node('create-10000'), node('create-1000'), 'ms'),
			10.5,
		],
		[
			'10,000 creates: peak memory of httpRequestHeader',
			quotient(node('create-10000'), row('create-10000', 'httpRequestHeader'), 'peakRssMb'),
			0.6,
		],
		['creates: IMS calls without a token', creates[0]?.imsCalls, 1],
		['creates: IMS calls with a token', most(creates.slice(1), 'imsCalls'), 0],
		['creates: decryptions with a token', most(creates.slice(1), 'decryptions'), 1],
		['upsert: writes', upsert?.writes, 10],
		['upsert: reads', upsert?.reads, 60],
		['dataflows: requests for each', perItem('dataflows-300'), 10.5],
		['dataflows, unchanged: requests for all', node('dataflows-300-unchanged')?.requests, 60],
		[
			'dataflows, limit of 100 a second: time of floor',
			quotient(node('dataflows-300-limit-100'), row('dataflows-300-limit-100', 'floor'), 'ms'),
			1.2,
		],
		['dataflows, limit of 100 a second: items failed', node('dataflows-300-limit-100')?.failed, 0],
		['plan, unchanged: requests for each beside its explore', besideExplore('plan-300'), 0.3],
		['plan, unchanged: items not found unchanged', node('plan-300')?.failed, 0],
		[
			'plan, limit of 100 a second: time of its requests at that rate',
			atRate(node('plan-300-limit-100')),
			1.2,
		],
		[
			'plan, limit of 100 a second: time of floor, which sends the first 100 at once',
			quotient(node('plan-300-limit-100'), row('plan-300-limit-100', 'floor'), 'ms'),
			1.2,
		],
		['plan, limit of 100 a second: items failed', node('plan-300-limit-100')?.failed, 0],
		['tarball, kB', figures.tarballBytes / 1000, 260],
		['loading dist, ms', figures.loadMs, 30],
	];
	return formatTable(
		['aim', 'measured', 'at most', ''],
		aims
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([text, value, most]) => [
				text,
				String(Math.round((value ?? 0) * 100) / 100),
				String(most),
				(value ?? Infinity) <= most ? 'met' : 'not met',
			]),
	);
}
