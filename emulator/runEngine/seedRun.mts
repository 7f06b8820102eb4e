import { batchOf } from '../dataAccess/batchOf.mts';
import type { RejectedRow } from '../dataAccess/batchStore.mts';
import type { StoredFlow } from '../flowService/flows/flowParts.mts';
import {
	type CopyFacts,
	type PromotionFacts,
	RUN_STATUSES,
	type RunError,
	type RunFacts,
	type RunStatus,
} from '../flowService/runs/runFacts.mts';
import type { StoredRun } from '../flowService/runs/runStore.mts';
import { makeBatchId } from '../lake/dataLake.mts';
import type { EmulatorState } from '../state.mts';

/** A run that is not executed, as it appears. Times are epoch milliseconds. */
export interface RunOutcome {
	status: RunStatus;
	/** Default: `createdAt`, unless the run is only scheduled. */
	startedAtUTC?: number;
	/** Default: `startedAtUTC`, if the run has ended. */
	completedAtUTC?: number;
	/** Default: the emulator's time. */
	createdAt?: number;
	/** Default: the emulator's time. */
	updatedAt?: number;
	/** Default: output and failed records together. */
	inputRecordCount?: number;
	outputRecordCount?: number;
	failedRecordCount?: number;
	/** What the backend said of copying; with it, a failed run has failed there. */
	errorDetail?: string;
	/** Shown with the promotion activity, or with copying where that failed; default: one, when the run failed or rejected records. */
	errors?: RunError[];
	/** Rows in the files of the run's batch; with them, error diagnostics were on. */
	rejectedRows?: RejectedRow[];
	windowStart?: number;
	windowEnd?: number;
}

/** Members that a seeded run may have, and the types of their values, to check JSON by. */
const MEMBERS: Record<keyof RunOutcome, 'string' | 'number' | 'object'> = {
	status: 'string',
	startedAtUTC: 'number',
	completedAtUTC: 'number',
	createdAt: 'number',
	updatedAt: 'number',
	inputRecordCount: 'number',
	outputRecordCount: 'number',
	failedRecordCount: 'number',
	errorDetail: 'string',
	errors: 'object',
	rejectedRows: 'object',
	windowStart: 'number',
	windowEnd: 'number',
};

/**
 * Adds a run that is never executed.
 *
 * @throws RangeError for a flow that does not exist, TypeError for an invalid outcome
 */
export function seedRun(
	state: EmulatorState,
	{ flowId, ...outcome }: RunOutcome & { flowId: string },
): StoredRun {
	const flow: StoredFlow | undefined = state.flows.find(flowId);
	if (flow === undefined) throw new RangeError(`no flow has the ID ${flowId}`);
	checkOutcome(outcome);
	const createdAt = outcome.createdAt ?? state.clock.now();
	const run = state.runs.create(flow, factsOf(outcome, createdAt), flow, createdAt);
	keepBatch(state, run, outcome.rejectedRows);
	state.runs.update(run, outcome.updatedAt === undefined ? {} : { updatedAt: outcome.updatedAt });
	return run;
}

/**
 * Changes a run; what is not given stays the same.
 *
 * @throws RangeError for a run that does not exist, TypeError for an invalid outcome
 */
export function updateRun(
	state: EmulatorState,
	id: string,
	changes: Partial<RunOutcome>,
): StoredRun {
	const run = state.runs.find(id);
	if (run === undefined) throw new RangeError(`no run has the ID ${id}`);
	const rejectedRows = state.batches.find(run.facts.promotion?.batchId ?? '')?.rejected;
	const outcome = {
		...outcomeOf(run),
		...(rejectedRows !== undefined && rejectedRows.length > 0 && { rejectedRows }),
		...(changes.rejectedRows && { failedRecordCount: changes.rejectedRows.length }),
		...changes,
	};
	checkOutcome(outcome);
	const { createdAt = run.createdAt, updatedAt } = outcome;
	const { copy, promotion, ...facts } = factsOf(outcome, createdAt);
	state.runs.update(run, {
		facts: { ...facts, ...(copy && { copy }), ...(promotion && { promotion }) },
		createdAt,
		...(updatedAt !== undefined && { updatedAt }),
	});
	keepBatch(state, run, outcome.rejectedRows);
	return run;
}

/** The batch of a run that has written, or would have. */
function keepBatch(state: EmulatorState, run: StoredRun, rejected: RejectedRow[] = []): void {
	const { promotion, status } = run.facts;
	if (promotion === undefined) return;
	const flow = state.flows.find(run.flowId);
	const target = flow && state.targetConnections.find(flow.targetConnectionIds[0]);
	const dataSetId = target?.params.dataSetId;
	state.batches.add(batchOf(run, promotion, { failed: status === 'failed', dataSetId, rejected }));
}

function outcomeOf({ facts, createdAt }: StoredRun): RunOutcome {
	const { status, startedAtUTC, completedAtUTC, copy, promotion, window } = facts;
	return {
		status,
		createdAt,
		windowStart: window.start,
		windowEnd: window.end,
		...(startedAtUTC !== undefined && { startedAtUTC }),
		...(completedAtUTC !== undefined && { completedAtUTC }),
		...(copy?.errorDetail !== undefined && { errorDetail: copy.errorDetail }),
		...(promotion && {
			inputRecordCount: promotion.inputRecords,
			outputRecordCount: promotion.outputRecords,
			failedRecordCount: promotion.failedRecords,
			errors: promotion.errors,
		}),
	};
}

function factsOf(outcome: RunOutcome, createdAt: number): RunFacts {
	const { status, windowStart = 0, windowEnd = createdAt } = outcome;
	const window = { start: windowStart, end: windowEnd };
	const isOver = ['success', 'partialSuccess', 'failed'].includes(status);
	if (status === 'scheduled') return { status, oneTime: false, window };
	const startedAtUTC = outcome.startedAtUTC ?? createdAt;
	if (!isOver) return { status, oneTime: false, window, startedAtUTC };
	const completedAtUTC = outcome.completedAtUTC ?? startedAtUTC;
	const { outputRecordCount = 0, rejectedRows = [] } = outcome;
	const { failedRecordCount = rejectedRows.length } = outcome;
	const inputRecords = outcome.inputRecordCount ?? outputRecordCount + failedRecordCount;
	const hasErrors = status === 'failed' || failedRecordCount > 0;
	const usual: RunError = {
		code: 'MAPPER-3700-400',
		message: 'Mapper Transform Error',
		...(failedRecordCount > 0 && { recordCount: failedRecordCount }),
	};
	const files = inputRecords > 0 ? 1 : 0;
	const copy: CopyFacts = { startedAtUTC, completedAtUTC, bytes: 0, files };
	const { errorDetail } = outcome;
	if (status === 'failed' && errorDetail !== undefined) {
		const [error = { code: '2200', message: 'Failure happened on the source side.' }] =
			outcome.errors ?? [];
		const failedCopy = { ...copy, error, errorDetail };
		return { status, oneTime: false, window, startedAtUTC, completedAtUTC, copy: failedCopy };
	}
	const promotion: PromotionFacts = {
		startedAtUTC,
		completedAtUTC,
		batchId: makeBatchId(completedAtUTC),
		inputRecords,
		outputRecords: outputRecordCount,
		failedRecords: failedRecordCount,
		outputBytes: 0,
		outputFiles: outputRecordCount > 0 ? 1 : 0,
		errors: outcome.errors ?? (hasErrors ? [usual] : []),
		diagnostics: rejectedRows.length > 0,
	};
	return { status, oneTime: false, window, startedAtUTC, completedAtUTC, copy, promotion };
}

function checkOutcome(outcome: Partial<RunOutcome>): void {
	if (!RUN_STATUSES.some((status) => status === outcome.status)) {
		throw new TypeError(`status must be one of ${RUN_STATUSES.join(', ')}`);
	}
	for (const [name, value] of Object.entries(outcome)) {
		const type = Object.hasOwn(MEMBERS, name) ? MEMBERS[name as keyof RunOutcome] : undefined;
		if (type === undefined) throw new TypeError(`a run has no ${name}`);
		if (value !== undefined && typeof value !== type)
			throw new TypeError(`${name} must be a ${type}`);
	}
	const { errors, rejectedRows = [] } = outcome;
	const isError = (one: unknown) => typeof (one as RunError | null)?.message === 'string';
	if (errors !== undefined && !(Array.isArray(errors) && errors.every(isError))) {
		throw new TypeError('errors must be a list of {code, message, recordCount}');
	}
	const isRejected = (one: Partial<RejectedRow> | null) =>
		typeof one?.row === 'object' && Array.isArray(one.errors);
	if (!(Array.isArray(rejectedRows) && rejectedRows.every(isRejected))) {
		throw new TypeError('rejectedRows must be a list of {row, errors}');
	}
}
