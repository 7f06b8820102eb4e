import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { RejectedRow } from '../dataAccess/batchStore.mts';
import { compileMapping } from '../dataPrep/compileMapping.mts';
import type { StoredFlow } from '../flowService/flows/flowParts.mts';
import type { RunError } from '../flowService/runs/runFacts.mts';
import type { EmulatorState } from '../state.mts';

/** Number of different reasons that are reported. */
const MAX_REASONS = 20;
/** Rows mapped before other work gets its turn. */
const ROWS_PER_YIELD = 1000;

/** The outcome for the rows. */
export interface Promotion {
	/** The records to write; none if too many were rejected. */
	records: object[];
	rejected: number;
	/** The same rows with their reasons; with error diagnostics only. */
	rejectedRows: RejectedRow[];
	/** Whether more records were rejected than the flow allows. */
	failed: boolean;
	errors: RunError[];
	/** Fields that could not be transformed, in records that were written without them. */
	warnings: RunError[];
	dataSetId: string | undefined;
}

/**
 * Maps rows, checks each record against the dataset's schema, and judges the result by the flow's
 * options: flow-service.md 5.3 `optionSpec`, 5.5. A field that can't be transformed stays empty, with a
 * warning; a record is rejected where it does not fit the schema, so where a required field is empty
 * (flow-service.md 12 (15), Data Prep's troubleshooting guide). Without partial ingestion one rejected record fails
 * all; with it a run succeeds with errors as long as no more than that percentage was rejected.
 *
 * @param named the mapping set of the run, and its version
 */
export async function promote(
	state: EmulatorState,
	flow: StoredFlow,
	named: { id: string; version: number } | undefined,
	rows: Array<Record<string, unknown>>,
): Promise<Promotion> {
	const target = state.targetConnections.find(flow.targetConnectionIds[0]);
	const dataSet = target && state.dataSets.find(target.params.dataSetId);
	const schema = dataSet && state.schemas.find(dataSet.schemaRef.id);
	const keepsRows = flow.options?.errorDiagnosticsEnabled === true;
	const set = named && state.mappingSets.find(named.id, named.version);
	if (schema === undefined || set === undefined) {
		const what = schema === undefined ? 'dataset or its schema' : 'mapping set';
		const error = { code: 'INGEST-1212-400', message: `The flow's ${what} is not there any more.` };
		const rejected = rows.length;
		return {
			records: [],
			rejected,
			rejectedRows: keepsRows ? rows.map((row) => ({ row, errors: [error] })) : [],
			failed: true,
			errors: [error],
			warnings: [],
			dataSetId: undefined,
		};
	}
	const map = compileMapping(set.mappings, schema.fields);
	const records: object[] = [];
	const reasons: Counted = new Map();
	const warnings: Counted = new Map();
	const rejectedRows: RejectedRow[] = [];
	let done = 0;
	for (const row of rows) {
		const { record, errors: transformErrors } = map(row);
		const misfits = state.schemas.validate(schema.$id, record).map((message) => ({
			code: 'INGEST-1212-400',
			message: `The record does not fit the schema: ${message}`,
		}));
		if (misfits.length === 0) {
			records.push(record);
			count(warnings, transformErrors);
		} else {
			const found = count(reasons, [...transformErrors, ...misfits]);
			if (keepsRows) rejectedRows.push({ row, errors: found });
		}
		if (++done % ROWS_PER_YIELD === 0) await yieldToEventLoop();
	}
	const rejected = rows.length - records.length;
	const allowed = flow.options?.partialIngestionPercent ?? 0;
	const failed = rejected * 100 > allowed * rows.length;
	const errors =
		rejected === 0
			? []
			: [summary(rejected, rows.length, failed, allowed), ...mostFrequent(reasons)];
	return {
		records: failed ? [] : records,
		rejected,
		rejectedRows,
		failed,
		errors,
		warnings: failed ? [] : mostFrequent(warnings),
		dataSetId: dataSet?.id,
	};
}

/** What was found, each with the number of its records. */
type Counted = Map<string, RunError & { recordCount: number }>;

/** Counts what was found in one record, each of it once. @returns each of it once */
function count(counted: Counted, found: readonly RunError[]): RunError[] {
	const once = new Map(found.map(({ code, message }) => [`${code} ${message}`, { code, message }]));
	for (const [key, one] of once) {
		const known = counted.get(key) ?? { ...one, recordCount: 0 };
		known.recordCount++;
		counted.set(key, known);
	}
	return [...once.values()];
}

function mostFrequent(counted: Counted): RunError[] {
	return [...counted.values()].sort((a, b) => b.recordCount - a.recordCount).slice(0, MAX_REASONS);
}

/** flow-service.md 5.5: the first of the nested errors in the sample has no count. */
function summary(rejected: number, all: number, failed: boolean, allowed: number): RunError {
	const limit = allowed === 0 ? 'partial ingestion is off' : `at most ${allowed} percent may be`;
	const end = failed ? `nothing was ingested: ${limit}` : 'the others were ingested';
	return {
		code: 'INGEST-1212-400',
		message: `${rejected} of ${all} records were rejected, ${end}.`,
	};
}
