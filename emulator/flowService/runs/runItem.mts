import type { CopyFacts, PromotionFacts, RunError, RunFacts } from './runFacts.mts';

const EXPORT = 'https://platform.adobe.io/data/foundation/export/batches';

/** What a run's activities refer to. */
export interface RunReferences {
	sourceConnectionId: string;
	targetConnectionId: string;
	/** Of the backend that copies: flow-service.md 5.5 `AdfRunId`. */
	copyId: string;
}

/**
 * The members of a run that describe its outcome: flow-service.md 5.5. What is not known yet is
 * absent; how a scheduled run looks in full is ⚠UNV.
 */
export function describeRun(facts: RunFacts, references: RunReferences): RunDescription {
	const { copy, promotion } = facts;
	const top = topErrors(facts);
	const isOver = facts.status === 'success' || facts.status === 'failed';
	const refs = top.length === 0 ? {} : { activityRefs: [promotion ? PROMOTION : COPY] };
	return {
		metrics: {
			durationSummary: times(facts),
			...(isOver && {
				sizeSummary: {
					// flow-service.md 5.5: so in the samples of failed runs.
					inputBytes:
						facts.status === 'failed' && copy?.error !== undefined ? -1 : (copy?.bytes ?? 0),
					outputBytes: promotion?.outputBytes ?? 0,
				},
				recordSummary: records(promotion),
				fileSummary: {
					inputFileCount: copy?.files ?? 0,
					outputFileCount: promotion?.outputFiles ?? 0,
					...refs,
				},
			}),
			statusSummary: {
				status: facts.status,
				...(top.length > 0 && { errors: top, ...refs }),
			},
		},
		activities: [
			...(copy === undefined ? [] : [copyActivity(copy, facts, references)]),
			...(promotion === undefined ? [] : [promotionActivity(promotion, facts, references)]),
		],
	};
}

/** What `describeRun` returns. */
export interface RunDescription {
	metrics: {
		durationSummary: { startedAtUTC?: number; completedAtUTC?: number };
		statusSummary: { status: RunFacts['status']; [member: string]: unknown };
		[member: string]: unknown;
	};
	activities: object[];
}

const COPY = 'copyActivity';
const PROMOTION = 'promotionActivity';

/** The general messages: flow-service.md 5.5. The useful ones are with the activity. */
function topErrors({ copy, promotion }: RunFacts): RunError[] {
	if (copy?.error !== undefined) {
		return [{ code: 'CONNECTOR-1001-500', message: 'Error occurred at copy activity.' }];
	}
	if (promotion === undefined || promotion.errors.length === 0) return [];
	return [{ code: 'CONNECTOR-2001-500', message: 'Error occurred at promotion activity.' }];
}

function copyActivity(copy: CopyFacts, facts: RunFacts, references: RunReferences): object {
	const failed = copy.error !== undefined;
	return {
		id: COPY,
		updatedAtUTC: copy.completedAtUTC,
		durationSummary: {
			...times(copy),
			extensions: { windowStart: facts.window.start, windowEnd: facts.window.end },
		},
		sizeSummary: { inputBytes: failed ? -1 : copy.bytes, outputBytes: failed ? 0 : copy.bytes },
		recordSummary: {},
		fileSummary: { inputFileCount: copy.files, outputFileCount: copy.files },
		statusSummary: {
			status: failed ? 'failed' : 'success',
			...(failed && { errors: topErrors(facts) }),
			extensions: {
				type: facts.oneTime ? 'one-time' : 'recurring',
				...(failed && { errors: [copy.error] }),
			},
		},
		sourceInfo: [
			{
				id: references.sourceConnectionId,
				type: 'SourceConnection',
				reference: { type: 'AdfRunId', ids: [references.copyId] },
			},
		],
	};
}

function promotionActivity(
	promotion: PromotionFacts,
	facts: RunFacts,
	references: RunReferences,
): object {
	const { batchId, diagnostics, errors } = promotion;
	const meta = `${EXPORT}/${batchId}/meta?path=`;
	return {
		id: PROMOTION,
		updatedAtUTC: promotion.completedAtUTC,
		durationSummary: times(promotion),
		sizeSummary: { inputBytes: facts.copy?.bytes ?? 0, outputBytes: promotion.outputBytes },
		recordSummary: records(promotion),
		fileSummary: {
			inputFileCount: facts.copy?.files ?? 0,
			outputFileCount: promotion.outputFiles,
			extensions: { manifest: { fileInfo: `${meta}input_files` } },
		},
		statusSummary: {
			status: facts.status,
			...(errors.length > 0 && {
				errors: topErrors(facts),
				extensions: {
					// flow-service.md 5.5; that these are present with error diagnostics only is ⚠UNV.
					...(diagnostics && {
						manifest: {
							failedRecords: `${meta}row_errors`,
							sampleErrors: `${meta}row_error_samples.json`,
						},
					}),
					errors,
				},
			}),
		},
		targetInfo: [
			{
				id: references.targetConnectionId,
				type: 'TargetConnection',
				reference: { type: 'Batch', ids: [batchId] },
			},
		],
	};
}

function records(promotion: PromotionFacts | undefined) {
	return {
		inputRecordCount: promotion?.inputRecords ?? 0,
		outputRecordCount: promotion?.outputRecords ?? 0,
		failedRecordCount: promotion?.failedRecords ?? 0,
	};
}

function times({
	startedAtUTC,
	completedAtUTC,
}: {
	startedAtUTC?: number;
	completedAtUTC?: number;
}) {
	return {
		...(startedAtUTC === undefined ? {} : { startedAtUTC }),
		...(completedAtUTC === undefined ? {} : { completedAtUTC }),
	};
}
