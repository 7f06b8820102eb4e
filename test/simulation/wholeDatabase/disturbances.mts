import type { StoredFlow } from '../../../emulator/emulator.mts';
import type { ColumnKind } from '../../../emulator/postgresql/columnTypes.mts';
import type { Table } from '../database/databases.mts';
import type { Adobe } from '../engine/adobe.mts';
import { askAs } from '../engine/adobe.mts';
import type { Random } from '../engine/randomness.mts';
import { flowNameOf, pathOf } from './tables.mts';

/** Something that somebody does to a table, or to its dataflow at Adobe; nothing where there is nothing to change. */
interface Disturbance {
	what: string;
	/** Set where Apply has little to do afterwards. */
	isRare?: true;
	make(adobe: Adobe, table: Table, random: Random): Promise<void> | void;
}

const ofFlow =
	(change: (adobe: Adobe, flow: StoredFlow) => Promise<unknown>): Disturbance['make'] =>
	async (adobe, table) => {
		const name = flowNameOf(pathOf(table));
		const flow = adobe.state.flows.all().find((one) => one.name === name);
		if (flow !== undefined) await change(adobe, flow);
	};

const patched = (path: string, value: unknown): Disturbance['make'] =>
	ofFlow(async (adobe, { id, etag }) => {
		const operation = { op: 'add', path, value };
		await askAs(adobe, adobe.stranger, 'PATCH', `/flows/${id}`, [operation], { 'if-match': etag });
	});

const retyped =
	(column: string, kind: ColumnKind): Disturbance['make'] =>
	(_adobe, table) => {
		for (const one of table.columns) if (one.name === column) one.kind = kind;
	};

const without =
	(column: string): Disturbance['make'] =>
	(_adobe, table) => {
		table.columns = table.columns.filter(({ name }) => name !== column);
	};

/** What the name of a source connection begins with that is somebody else's now. */
export const TAKEN_OVER = 'Taken over';

/** One of every kind that can come at any time. */
export const DISTURBANCES: Disturbance[] = [
	{
		what: 'a column more',
		make: (_adobe, table, random) => {
			const kind = random.pick(['text', 'integer', 'number', 'boolean', 'date'] as const);
			table.columns.push({ name: `extra_${table.columns.length}_${random.between(1, 99)}`, kind });
		},
	},
	{
		what: 'a column more with an odd name',
		make: (_adobe, table) => {
			if (table.columns.some(({ name }) => name === 'Unit.Price (net)')) return;
			table.columns.push({ name: 'Unit.Price (net)', kind: 'number' });
		},
	},
	{ what: 'a column less', make: without('label') },
	{ what: 'another type that its field does not take', make: retyped('total', 'text') },
	{ what: 'another type that its field takes', make: retyped('total', 'integer') },
	{ what: 'no delta column', isRare: true, make: without('updated_at') },
	{ what: 'a delta column of days', isRare: true, make: retyped('updated_at', 'date') },
	{ what: 'another frequency', make: patched('/scheduleParams/frequency', 'week') },
	{ what: 'another interval', make: patched('/scheduleParams/interval', '3') },
	{ what: 'other options', make: patched('/options/partialIngestionPercent', 50) },
	{ what: 'another description', make: patched('/description', 'Not to be touched!') },
	{
		what: 'a disabled dataflow',
		isRare: true,
		make: ofFlow(
			async (adobe, { id }) =>
				await askAs(adobe, adobe.stranger, 'POST', `/flows/${id}/action?op=disable`),
		),
	},
	{
		what: 'no dataflow',
		make: ofFlow(
			async (adobe, { id }) => await askAs(adobe, adobe.stranger, 'DELETE', `/flows/${id}`),
		),
	},
	{
		// Without its marker, it is somebody else's.
		what: 'a dataflow that somebody has taken over',
		isRare: true,
		make: ofFlow(async (adobe, { sourceConnectionIds: [id = ''] }) => {
			const end = adobe.state.sourceConnections.find(id);
			const operation = { op: 'replace', path: '/name', value: `${TAKEN_OVER} ${id}` };
			const version = { 'if-match': end?.etag ?? '' };
			await askAs(adobe, adobe.stranger, 'PATCH', `/sourceConnections/${id}`, [operation], version);
		}),
	},
];
