import type { SourceColumn } from '../../adobe/tables';
import {
	columnType,
	deltaColumnsOf,
	named,
	timeColumnProblem,
	undecided,
} from '../dataflow/columns';
import { fits } from '../dataflow/create/fieldMatch';
import { lacksDeltaColumn } from '../dataflow/schedule';
import type { Actual } from './actual';
import { additionsOf } from './additions';
import type { Change } from './change';
import type { Desired } from './desired';
import { columnsOf, isOfColumn } from './expectedMapping';

/** How the columns of a table have moved since its dataflow was made. */
export interface ColumnDrift {
	/** Those that the dataflow reads, in the order in which their fields were made. */
	known: SourceColumn[];
	added: SourceColumn[];
	removed: SourceColumn[];
	retyped: Array<{ before: SourceColumn; now: SourceColumn }>;
}

/** Where Adobe does not show what a dataflow reads, those count that its mapping takes. */
export function columnDrift(
	{ source, mapping = [] }: Pick<Actual, 'source' | 'mapping'>,
	now: readonly SourceColumn[],
): ColumnDrift {
	const read = source?.columns ?? [];
	const mapped = columnsOf(mapping, now);
	const known = read.length > 0 ? read : now.filter(({ name }) => mapped.has(name));
	const byName = new Map(now.map((column) => [column.name, column]));
	const names = new Set(known.map(({ name }) => name));
	return {
		known,
		added: now.filter(({ name }) => !names.has(name)),
		removed: known.filter(({ name }) => !byName.has(name)),
		retyped: known.flatMap((before) => {
			const one = byName.get(before.name);
			return one === undefined || columnType(one) === columnType(before)
				? []
				: [{ before, now: one }];
		}),
	};
}

interface Ground {
	desired: Desired;
	actual: Actual;
	now: readonly SourceColumn[];
	tenantId: string;
	drift: ColumnDrift;
}

/** What has become of the table's columns, as far as the dataflow is concerned. */
export function columnChanges(ground: Ground): Change[] {
	const danger = deltaColumnChange(ground);
	const isOther = ({ name }: SourceColumn) => name !== danger?.column;
	const { removed, retyped } = ground.drift;
	return [
		...addedChanges(ground),
		...removed.filter(isOther).map((column) => removedChange(ground, column)),
		...retyped.filter(({ now }) => isOther(now)).map((one) => retypedChange(ground, one)),
		...(danger === undefined ? [] : [danger]),
	];
}

const NOT_LOADED = 'Its values are not loaded.';

function addedChanges({ desired, actual, tenantId, drift }: Ground): Change[] {
	const { schema, flows } = actual;
	const { newColumns } = desired;
	const additions =
		schema === undefined || newColumns !== 'add'
			? []
			: additionsOf({ desired, schema, tenantId }, drift.known, drift.added);
	const isStopped = flows[0]?.state === 'disabled';
	return drift.added.map((column): Change => {
		const base = {
			kind: 'columnAdded' as const,
			column: column.name,
			what: `The column '${column.name}' (${columnType(column)}) is new.`,
			breaking: false,
		};
		if (newColumns === 'ignore' || desired.mapping !== 'automatic') {
			const why =
				newColumns === 'ignore'
					? "Set 'New Columns' to Add to load it."
					: "Name it in 'mapping' to load it.";
			return { ...base, effect: NOT_LOADED, proposal: why, applies: false, ignored: true };
		}
		if (newColumns === 'stop') {
			return {
				...base,
				effect: 'The dataflow is to stop until somebody has decided about it.',
				proposal: isStopped
					? "Decide: set 'New Columns' to Add or Ignore for this table, and enable the dataflow."
					: 'Apply disables the dataflow.',
				applies: !isStopped,
			};
		}
		const addition = additions.find((one) => one.column.name === column.name);
		if (addition === undefined) {
			return {
				...base,
				effect: NOT_LOADED,
				proposal:
					'The schema was not made from this table and has no field of its name: add one in Experience Platform, and plan again.',
				applies: false,
			};
		}
		const { destination } = addition.mapping;
		return {
			...base,
			effect: `Its values go into the field '${destination}', from the next run on.`,
			proposal:
				addition.field === undefined
					? 'Apply maps it.'
					: 'Apply adds the field to the field group, and maps it.',
			applies: true,
		};
	});
}

function removedChange({ desired }: Ground, { name }: SourceColumn): Change {
	return {
		kind: 'columnRemoved',
		column: name,
		what: `The table '${desired.table}' no longer has the column '${name}'.`,
		effect: 'The dataflow reads it, so that its runs fail.',
		proposal:
			'Bring the column back in PostgreSQL, e.g. in a view, or delete the dataflow and create it again without the column.',
		breaking: true,
		applies: false,
	};
}

function retypedChange(
	{ actual: { mapping = [], schema } }: Ground,
	{ before, now }: { before: SourceColumn; now: SourceColumn },
): Change {
	const destinations = mapping.filter((one) => isOfColumn(one, now.name));
	const fields = destinations.map(({ destination }) =>
		schema?.fields.find(({ path }) => path === destination),
	);
	const isUnfit = fields.some((field) => field === undefined || !fits(now, field));
	const names = destinations.map(({ destination }) => `'${destination}'`).join(', ');
	return {
		kind: 'columnRetyped',
		column: now.name,
		what: `The column '${now.name}' was ${columnType(before)} and is now ${columnType(now)}.`,
		effect: isUnfit
			? `Its field ${names} does not take such values: they are rejected or become empty.`
			: destinations.length === 0
				? 'Nothing is mapped from it.'
				: `Its field ${names} still takes its values.`,
		proposal: isUnfit
			? 'Bring the type back in PostgreSQL, map the column to another field by a calculation, or load the table into a new dataset. A field can not change its type.'
			: 'Nothing has to be done; a new dataflow would show the new type.',
		breaking: isUnfit,
		applies: false,
	};
}

/** The column that marks new rows, as it will be: one that is given takes the place of a lost one. */
function deltaColumnChange({ desired, actual, now }: Ground): Change | undefined {
	const { frequency, deltaColumn } = desired.schedule;
	const [flow] = actual.flows;
	if (frequency === 'once' || flow === undefined) return undefined;
	const name = deltaColumn ?? flow.deltaColumn;
	const words = { label: 'Delta Column', table: desired.table };
	if (name === undefined) {
		const found = deltaColumnsOf(now);
		if (!lacksDeltaColumn(flow, { frequency }) || found.only !== undefined) return undefined;
		const { message, description } = undecided(found, words.label, words.table);
		return {
			kind: 'deltaColumnInDanger',
			what: `${message}.`,
			effect: 'The dataflow can not run repeatedly.',
			proposal: description,
			breaking: true,
			applies: false,
		};
	}
	if (timeColumnProblem(now, { name, ...words }) === undefined) return undefined;
	const { candidates } = deltaColumnsOf(now);
	const others =
		candidates.length === 0
			? 'The table has no other column with date and time.'
			: `These have date and time: ${named(candidates)}.`;
	return {
		kind: 'deltaColumnInDanger',
		column: name,
		what: now.some((column) => column.name === name)
			? `The delta column '${name}' holds no date and time.`
			: `The table '${desired.table}' does not have the delta column '${name}'.`,
		effect: 'Runs fail or miss rows: nothing marks the new rows.',
		proposal: `Bring the column back in PostgreSQL, or set another 'Delta Column'. ${others}`,
		breaking: true,
		applies: false,
	};
}
