import type { IDataObject } from 'n8n-workflow';

import type { Place } from '../../../adobe/webLinks';
import { dataflowUrl } from '../../../adobe/webLinks';
import { output } from '../../../outputs/common';
import { scheduleInWords } from '../../../outputs/schedule';
import { profileMembers } from '../create/createDataflow';
import type { Plan } from '../create/plan';
import type { WantedDataflow } from '../create/request';
import { mappingInShort } from '../mapping/sameMapping';
import { scheduleParams } from '../schedule';
import { readSchedule } from '../../../adobe/dataflows';
import type { CheckedRow, RowProblem } from './checkRows';

/** The members that hold the user's own rows. */
export const ROW_MEMBERS = ['row', 'arrives'];

/** What Create would do. */
export type Outlook = 'created' | 'unchanged' | 'kept' | 'updated';

/** A preview as a whole. */
export interface Preview {
	wanted: WantedDataflow;
	outlook: Outlook;
	/** The dataflow that is there already. */
	flowId?: string;
	/** What differs about it, in the words of Create's output. */
	differences: string[];
	plan: Plan;
	rows: CheckedRow[];
	notChecked: number;
}

type Clock = Parameters<typeof scheduleParams>[0];

/** The plan with what the rows come to; the first item of a preview. */
export function planOutput(place: Place & Clock, preview: Preview): IDataObject {
	const { wanted, outlook, flowId, differences, plan, rows, notChecked } = preview;
	const { dataset } = plan;
	const isNew = !('id' in dataset);
	const rejected = rows.filter((row) => row.wouldBeRejected).length;
	return output({
		kind: 'plan',
		summary: summaryOf(preview, rejected),
		wouldBe: outlook,
		name: wanted.name,
		rowsChecked: rows.length,
		rowsRejected: rejected,
		rowsLosingValues: rows.filter(losesValues).length,
		rowsNotChecked: notChecked === 0 ? undefined : notChecked,
		rejections: rejectionsOf(rows),
		table: wanted.table,
		dataset: dataset.name ?? (isNew ? undefined : dataset.id),
		schedule: scheduleInWords(readSchedule(scheduleParams(place, wanted.schedule))),
		deltaColumn: plan.deltaColumn,
		mapping: mappingInShort(plan.mappings),
		mappedFields: plan.mappings.length,
		unmappedColumns: plan.unmappedColumns,
		possibleMatches: plan.possibleMatches.map((match): IDataObject => ({ ...match })),
		...profileMembers(plan),
		differences,
		wouldCreate: outlook === 'created' ? partsOf(dataset) : [],
		flowId,
		connectionId: wanted.connectionId,
		datasetId: isNew ? undefined : dataset.id,
		url: flowId === undefined ? undefined : dataflowUrl(place, flowId),
		sandboxName: place.sandboxName,
	});
}

/** One row: as it is in the table, as it would arrive, and what would be rejected. */
export function rowOutput({ wanted }: Preview, checked: CheckedRow, index: number): IDataObject {
	const { row, arrives, wouldBeRejected, problems } = checked;
	const textsOf = (rejects: boolean) =>
		problems.filter((one) => one.rejects === rejects).map(inWords);
	return output({
		kind: 'row',
		wouldBeRejected,
		reasons: textsOf(true),
		row: row as IDataObject,
		arrives: arrives as IDataObject,
		leftEmpty: textsOf(false),
		problems: problems.map((problem): IDataObject => ({ ...problem })),
		rowNumber: index + 1,
		name: wanted.name,
		table: wanted.table,
		connectionId: wanted.connectionId,
	});
}

function inWords({ field, source, message }: RowProblem): string {
	return `${field}${source === null ? '' : ` (from ${source})`} ${message}`;
}

function losesValues({ wouldBeRejected, problems }: CheckedRow): boolean {
	return !wouldBeRejected && problems.length > 0;
}

const PARTS = ['source connection', 'target connection', 'mapping set', 'dataflow'];

function partsOf(dataset: Plan['dataset']): string[] {
	if ('id' in dataset) return PARTS;
	const identity = dataset.identity === undefined ? [] : ['primary identity'];
	return ['field group', 'schema', ...identity, 'dataset', ...PARTS];
}

/** Each reason with the number of its rows, the most frequent first. */
function rejectionsOf(rows: readonly CheckedRow[]): IDataObject[] {
	const counts = new Map<string, number>();
	for (const { problems } of rows) {
		const reasons = new Set(problems.filter(({ rejects }) => rejects).map(inWords));
		for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	}
	return [...counts]
		.sort(([, one], [, other]) => other - one)
		.map(([message, count]) => ({ message, rows: count }));
}

const OUTLOOKS: Record<Outlook, string> = {
	created: 'Create would make this dataflow.',
	unchanged: 'The dataflow is there already, as it is wanted.',
	kept: 'The dataflow is there already with other settings, and Create would leave it as it is.',
	updated: 'The dataflow is there already, and Create would change what differs.',
};

function summaryOf({ outlook, rows, wanted, notChecked }: Preview, rejected: number): string {
	const checked = rows.length === 1 ? '1 row was checked' : `${rows.length} rows were checked`;
	const beside = notChecked === 0 ? '' : `, ${notChecked} more were not ('Limit')`;
	const fate = rejected === 0 ? 'none would be rejected' : `${rejected} would be rejected`;
	const losing = rows.filter(losesValues).length;
	return [
		OUTLOOKS[outlook],
		rows.length === 0 ? 'There was no row to check.' : `${checked}${beside}: ${fate}.`,
		...(losing === 0 ? [] : [`${losing} would arrive without some of their values.`]),
		...(rejected === 0 ? [] : [whatARunDoes(wanted, rejected / rows.length)]),
	].join(' ');
}

function whatARunDoes({ options }: WantedDataflow, share: number): string {
	const allowed = options?.partialIngestionPercent;
	if (allowed === undefined) {
		return "One rejected row makes a run fail; 'Partial Ingestion Threshold' allows more.";
	}
	return share * 100 > allowed
		? `A run fails when more than ${allowed} % are rejected; of these rows, more would be.`
		: `A run fails when more than ${allowed} % are rejected; of these rows, fewer would be.`;
}
