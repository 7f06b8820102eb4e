import type { RowName } from './rows.mts';

/** One thing that is measured. */
export interface Case {
	name: string;
	/** One sentence for the reader. */
	meaning: string;
	work: 'create' | 'upsert' | 'list' | 'dataflow' | 'poll' | 'plan';
	items: number;
	/** Requests a second that the emulator takes, with one second's worth at once. */
	ratePerSecond?: number;
	/** Requests at a time that the emulator takes. */
	concurrency?: number;
	/** Every so many-th create is cut off after its work was done. */
	resetEvery?: number;
	/** Connections that are there before; those of an upsert have the items' names. */
	seeded?: number;
	/** Whether the same was executed once before, so that all is there. */
	isRepeated?: boolean;
	/** Items of an upsert that differ from what is there. */
	changed?: number;
	/** Whether each detail of the database comes out of the item, with an expression of its own. */
	detailsOfItem?: boolean;
	rows: RowName[];
	/** Rows left out, and why. */
	leftOut?: string;
}

const ALL: RowName[] = ['node', 'httpRequestCredential', 'httpRequestHeader', 'floor'];
const IN_N8N: RowName[] = ['node', 'httpRequestCredential', 'httpRequestHeader'];

/** Milliseconds that the emulator adds to every answer. */
export const LATENCY_MS = 50;
export const RATE_PER_SECOND = 100;
export const CONCURRENCY = 3;

/** @param scale 1 for the real thing, less for a quick look */
export function cases(scale = 1): Case[] {
	const some = (count: number) => Math.max(1, Math.round(count * scale));
	return [
		{
			name: 'create-1000',
			meaning: `${some(1_000)} connections are made, without a limit`,
			work: 'create',
			items: some(1_000),
			rows: ALL,
		},
		{
			name: 'create-1000-limit-100',
			meaning: `${some(1_000)} connections are made; Adobe takes ${RATE_PER_SECOND} requests a second and refuses the rest (429)`,
			work: 'create',
			items: some(1_000),
			ratePerSecond: RATE_PER_SECOND,
			rows: IN_N8N,
			leftOut: 'floor: it has no rule for 429',
		},
		{
			name: 'create-1000-resets',
			meaning: `${some(1_000)} connections are made; one request in twenty is cut off after Adobe has done the work`,
			work: 'create',
			items: some(1_000),
			resetEvery: 20,
			rows: IN_N8N,
			leftOut: 'floor: it has no rule for a cut line',
		},
		{
			name: 'create-400-concurrency-3',
			meaning: `${some(400)} connections are created; Adobe takes ${CONCURRENCY} requests at a time and refuses the rest (429)`,
			work: 'create',
			items: some(400),
			concurrency: CONCURRENCY,
			rows: ALL,
		},
		{
			name: 'create-10000',
			meaning: `${some(10_000)} connections are made, without a limit`,
			work: 'create',
			items: some(10_000),
			rows: ALL,
		},
		{
			name: 'sheet-1000',
			meaning: `${some(1_000)} connections are created from the rows of a sheet, seven expressions for each; Adobe takes ${RATE_PER_SECOND} requests per second`,
			work: 'create',
			items: some(1_000),
			detailsOfItem: true,
			ratePerSecond: RATE_PER_SECOND,
			rows: IN_N8N,
			leftOut: 'floor: it has no rule for 429',
		},
		{
			name: 'upsert-1000-unchanged-990',
			meaning: `${some(1_000)} connections are there; Create or Update for all, of which ${some(10)} differ`,
			work: 'upsert',
			items: some(1_000),
			seeded: some(1_000),
			changed: some(10),
			rows: ['node'],
			leftOut: 'the others: HTTP Request has no such operation',
		},
		{
			name: 'list-10000',
			meaning: `${some(10_000)} connections are listed, a hundred a page`,
			work: 'list',
			items: 1,
			seeded: some(10_000),
			rows: ALL,
		},
		{
			name: 'dataflows-300',
			meaning: `${some(300)} dataflows of one table into one dataset are created; the connection comes from a node before`,
			work: 'dataflow',
			items: some(300),
			rows: ALL,
		},
		{
			name: 'dataflows-300-limit-100',
			meaning: `the same; Adobe takes ${RATE_PER_SECOND} requests a second and refuses the rest (429)`,
			work: 'dataflow',
			items: some(300),
			ratePerSecond: RATE_PER_SECOND,
			rows: ['node', 'floor'],
			leftOut: 'the others: without a rule for 429 they fail',
		},
		{
			name: 'dataflows-300-unchanged',
			meaning: `${some(300)} dataflows are there as they are wanted; Create for all`,
			work: 'dataflow',
			items: some(300),
			isRepeated: true,
			rows: ['node', 'floor'],
			leftOut: 'the others: HTTP Request does not look what is there',
		},
		{
			name: 'poll-1000-dataflows',
			meaning: `${some(1_000)} dataflows are watched, one run of every hundredth has failed; one poll of the trigger, in n8n's own classes`,
			work: 'poll',
			items: some(1_000),
			rows: ['node', 'floor'],
			leftOut: 'the others: HTTP Request keeps no account of what it has told',
		},
		{
			name: 'plan-300',
			meaning: `${some(300)} tables have a dataflow and a dataset each, as they are wanted; Plan for all`,
			work: 'plan',
			items: some(300),
			rows: ['node', 'floor'],
			leftOut: 'the others: HTTP Request compares nothing',
		},
		{
			name: 'plan-300-limit-100',
			meaning: `the same; Adobe takes ${RATE_PER_SECOND} requests a second and refuses the rest (429)`,
			work: 'plan',
			items: some(300),
			ratePerSecond: RATE_PER_SECOND,
			rows: ['node', 'floor'],
			leftOut: 'the others: HTTP Request compares nothing',
		},
	];
}
