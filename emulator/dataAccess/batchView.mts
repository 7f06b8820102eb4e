import type { StoredBatch } from './batchStore.mts';

/** How tags are shown, which differs between editions of Adobe's documents: flow-service-more.md 2.2. */
export type BatchTags = 'values' | 'lists';

/** A batch as Catalog shows it: flow-service-more.md 2.2. */
export function viewBatch(batch: StoredBatch, form: BatchTags): Record<string, unknown> {
	const { id, dataSetId, failed, diagnostics, startedAt, completedAt, errors } = batch;
	const tag = (value: boolean) => (form === 'lists' ? [String(value)] : value);
	return {
		status: failed ? 'failed' : 'success',
		// That the tag is there without error diagnostics, too, is ⚠UNV.
		tags: { acp_enableErrorDiagnostics: tag(diagnostics) },
		relatedObjects: dataSetId === undefined ? [] : [{ type: 'dataSet', id: dataSetId }],
		id,
		externalId: id,
		inputFormat: { format: 'parquet' },
		imsOrg: batch.imsOrgId,
		started: startedAt,
		completed: completedAt,
		created: startedAt,
		updated: completedAt,
		metrics: {
			inputByteSize: batch.inputBytes,
			inputFileCount: 1,
			inputRecordCount: batch.inputRecords,
			outputRecordCount: batch.outputRecords,
			failedRecordCount: batch.failedRecords,
		},
		// flow-service-more.md 2.2: the counts of records come with error diagnostics only.
		errors: errors.map(({ code, message, recordCount }) => ({
			code,
			description: message,
			...(diagnostics && recordCount !== undefined && { recordCount }),
		})),
		version: '1.0.5',
	};
}
