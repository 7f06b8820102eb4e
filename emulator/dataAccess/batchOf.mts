import type { PromotionFacts } from '../flowService/runs/runFacts.mts';
import type { StoredRun } from '../flowService/runs/runStore.mts';
import type { StoredBatch } from './batchStore.mts';

/** The batch that a run has written. */
export function batchOf(
	{ imsOrgId, sandboxName, facts }: StoredRun,
	promotion: PromotionFacts,
	more: Pick<StoredBatch, 'failed' | 'dataSetId' | 'rejected'>,
): StoredBatch {
	return {
		id: promotion.batchId,
		imsOrgId,
		sandboxName,
		startedAt: promotion.startedAtUTC,
		completedAt: promotion.completedAtUTC,
		inputRecords: promotion.inputRecords,
		outputRecords: promotion.outputRecords,
		failedRecords: promotion.failedRecords,
		inputBytes: facts.copy?.bytes ?? 0,
		errors: promotion.errors,
		diagnostics: promotion.diagnostics,
		...more,
	};
}
