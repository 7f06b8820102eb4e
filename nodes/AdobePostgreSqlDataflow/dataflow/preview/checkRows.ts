import type { MappedRow } from '../../../adobe/dataPrep/previewMapping';
import type { Mapping } from '../../../adobe/mappingSets';
import type { ItemClient } from '../../../platform/client';
import { asIs } from '../../../platform/errors/problem';
import { sourceInWords } from '../mapping/sameMapping';
import type { Rule } from './checkRecord';
import { checkRecord } from './checkRecord';
import type { TableRow } from './rowsToCheck';

/** What is wrong about one field of a row. */
export interface RowProblem {
	field: string;
	/** Where its value comes from; null where nothing is mapped to it. */
	source: string | null;
	/** `mapping` where the value could not be made; the field then stays empty. */
	rule: Rule | 'mapping';
	message: string;
	/** Whether Adobe rejects the row for it. */
	rejects: boolean;
}

/** How a row would fare. */
export interface CheckedRow {
	row: TableRow;
	arrives: Record<string, unknown>;
	wouldBeRejected: boolean;
	problems: RowProblem[];
}

/** What rows are judged by. */
export interface Judge {
	/** The schema with all references resolved. */
	schema: Record<string, unknown>;
	mappings: readonly Mapping[];
	map(row: TableRow): MappedRow | Promise<MappedRow>;
}

/** The client limits the requests in flight. */
const ROWS_AT_A_TIME = 50;

/** A thousand rows must not keep n8n from everything else. */
const ROWS_PER_YIELD = 100;

/** Maps and checks rows, in their order. @throws the first Problem of a request */
export async function checkRows(
	client: Pick<ItemClient, 'pause'>,
	judge: Judge,
	rows: readonly TableRow[],
): Promise<CheckedRow[]> {
	const checked: CheckedRow[] = [];
	const [first, ...others] = rows.keys();
	if (first === undefined) return checked;
	const check = async (index: number) => {
		const row = rows[index] ?? {};
		checked[index] = judged(judge, row, await judge.map(row));
		if (index % ROWS_PER_YIELD === ROWS_PER_YIELD - 1) await client.pause(0);
	};
	// Alone: with it, the form is known that Adobe takes.
	await check(first);
	let isOver = false;
	const work = async () => {
		for (let next = others.shift(); next !== undefined && !isOver; next = others.shift()) {
			try {
				await check(next);
			} catch (error) {
				isOver = true;
				throw asIs(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(ROWS_AT_A_TIME, others.length) }, work));
	return checked;
}

/**
 * A value that can't be made leaves its field empty and the row goes on, unless the field is required (Adobe's
 * troubleshooting guide of Data Prep).
 */
function judged({ schema, mappings }: Judge, row: TableRow, mapped: MappedRow): CheckedRow {
	const { record, faults } = mapped;
	const sourceOf = (field: string) => {
		const found = mappings.find(({ destination }) => destination === field);
		return found === undefined ? null : sourceInWords(found);
	};
	const misfits = checkRecord(schema, record).map(({ field, rule, message }): RowProblem => {
		const fault = faults.find(({ destination }) => destination === field);
		const because = rule === 'required' && fault !== undefined ? ` (${fault.reason})` : '';
		return { field, source: sourceOf(field), rule, message: message + because, rejects: true };
	});
	const known = new Set(misfits.map(({ field }) => field));
	const left = faults
		.filter(({ destination }) => destination === undefined || !known.has(destination))
		.map(({ destination, source, reason }): RowProblem => {
			const message = `stays empty, as its value can't be made (${reason})`;
			const field = destination ?? source ?? '';
			return { field, source: sourceOf(field), rule: 'mapping', message, rejects: false };
		});
	return {
		row,
		arrives: record,
		wouldBeRejected: misfits.length > 0,
		problems: [...misfits, ...left],
	};
}
