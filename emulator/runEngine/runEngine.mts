import { FlowError } from '../flowService/flowErrors.mts';
import type { StoredFlow } from '../flowService/flows/flowParts.mts';
import type { CopyFacts, RunError, RunFacts } from '../flowService/runs/runFacts.mts';
import type { StoredRun } from '../flowService/runs/runStore.mts';
import type { Origin } from '../identity/caller.mts';
import { batchOf } from '../dataAccess/batchOf.mts';
import { makeBatchId } from '../lake/dataLake.mts';
import type { EmulatorState } from '../state.mts';
import { mappingOf } from '../flowService/flows/transformations.mts';
import { type CopiedRows, copyTable } from './copyTable.mts';
import { promote } from './promote.mts';

/** The mapping set that a run uses, and its version. */
type NamedMapping = ReturnType<typeof mappingOf>;

/**
 * Executes runs: scheduled, then inProgress while the rows are copied, mapped, checked and
 * written, then success or failed. flow-service.md 5.5
 */
export class RunEngine {
	constructor(private readonly state: EmulatorState) {}

	/**
	 * Creates a run and starts it.
	 *
	 * @param facts of a scheduled run
	 * @param startAt epoch milliseconds; a time that has passed means now
	 */
	begin(flow: StoredFlow, facts: RunFacts, by: Origin, startAt = 0): StoredRun {
		const { clock, runs, settings } = this.state;
		const run = runs.create(flow, facts, by);
		const now = clock.now();
		const due = Math.max(now, startAt) + settings.scheduledMs;
		// flow-service-more.md 4: another mapping applies to runs that are scheduled after it.
		const mapping = mappingOf(flow.transformations);
		clock.at(due, async () => await this.copy(run, flow, mapping), startAt <= now);
		return run;
	}

	private async copy(run: StoredRun, flow: StoredFlow, mapping: NamedMapping): Promise<void> {
		const { clock, runs, settings } = this.state;
		if (this.isGone(run)) return;
		const startedAtUTC = clock.now();
		runs.update(run, { facts: { status: 'inProgress', startedAtUTC } });
		let copied: CopiedRows | RunError;
		try {
			copied = await copyTable(this.state, flow.sourceConnectionIds[0], run.facts);
		} catch (error) {
			copied = reasonOf(error);
		}
		if (this.isGone(run)) return;
		const result = copied;
		const isRead = 'rows' in result;
		const copy: CopyFacts = {
			startedAtUTC,
			completedAtUTC: clock.now(),
			bytes: isRead ? result.bytes : 0,
			files: isRead && result.rows.length > 0 ? 1 : 0,
			...(isRead ? {} : failureOf(result, settings.runForm)),
		};
		runs.update(run, { facts: { copy } });
		const due = startedAtUTC + settings.runDurationMs;
		const rows = isRead ? result.rows : undefined;
		clock.at(due, async () => await this.finish(run, flow, mapping, rows), true);
	}

	private async finish(
		run: StoredRun,
		flow: StoredFlow,
		mapping: NamedMapping,
		rows: CopiedRows['rows'] | undefined,
	): Promise<void> {
		const { clock, runs, lake, batches, settings } = this.state;
		if (this.isGone(run)) return;
		if (rows === undefined) {
			runs.update(run, { facts: { status: 'failed', completedAtUTC: clock.now() } });
			return;
		}
		const startedAtUTC = clock.now();
		const batchId = makeBatchId(startedAtUTC);
		const { records, rejected, rejectedRows, failed, errors, warnings, dataSetId } = await promote(
			this.state,
			flow,
			mapping,
			rows,
		);
		if (this.isGone(run)) return;
		const written =
			dataSetId === undefined ? undefined : await lake.write(dataSetId, batchId, records);
		if (this.isGone(run)) return;
		const completedAtUTC = clock.now();
		const promotion = {
			startedAtUTC,
			completedAtUTC,
			batchId,
			inputRecords: rows.length,
			outputRecords: records.length,
			failedRecords: rejected,
			outputBytes: written?.bytes ?? 0,
			outputFiles: records.length > 0 ? 1 : 0,
			errors,
			warnings,
			diagnostics: flow.options?.errorDiagnosticsEnabled === true,
		};
		batches.add(batchOf(run, promotion, { failed, dataSetId, rejected: rejectedRows }));
		const isPartial = rejected > 0 && settings.runForm === 'newer';
		const status = failed ? 'failed' : isPartial ? 'partialSuccess' : 'success';
		runs.update(run, { facts: { status, completedAtUTC, promotion } });
	}

	/** Whether the emulator was reset in the meantime, or is closing. */
	private isGone(run: StoredRun): boolean {
		return this.state.closing.signal.aborted || this.state.runs.find(run.id) !== run;
	}
}

/** flow-service-more.md 1: the newer samples have the backend's code and, in a text, its own words. */
function failureOf(
	error: RunError,
	form: 'older' | 'newer',
): Pick<CopyFacts, 'error' | 'errorDetail'> {
	if (form === 'older') return { error };
	const type = 'Microsoft.DataTransfer.Common.Shared.HybridDeliveryException';
	return {
		error: { code: '2200', message: `Failure happened on the source side. ${error.code}` },
		errorDetail: `ErrorCode=UserErrorFailedToConnect,'Type=${type},Message=${error.message},Source=Microsoft.DataTransfer.ClientLibrary,'`,
	};
}

function reasonOf(error: unknown): RunError {
	if (error instanceof FlowError) return { code: error.code, message: error.detail };
	return { code: 'CONNECTOR-1100-400', message: 'An internal error occurred while copying.' };
}
