import type { CopyFacts, PromotionFacts, RunError, RunFacts } from './runFacts.mts';

const EXPORT = 'https://platform.adobe.io/data/foundation/export/batches';

/** What a run's activities refer to. */
export interface RunReferences {
	sourceConnectionId: string;
	targetConnectionId: string;
	/** Of the backend that copies: flow-service.md 5.5 `AdfRunId`. */
	copyId: string;
	/** The activities' own IDs and names, where they have such: flow-service-more.md 1. */
	activities?: Record<'copy' | 'promotion', { id: string; name: string }>;
}

/** What an activity is known by in the older samples: flow-service.md 5.5. */
const OLDER_IDS = { copy: 'copyActivity', promotion: 'promotionActivity' };

function identityOf(which: 'copy' | 'promotion', { activities }: RunReferences) {
	return activities?.[which] ?? { id: OLDER_IDS[which] };
}

/**
 * The members of a run that describe its outcome: flow-service.md 5.5. What is not known yet is
 * absent; how a scheduled run looks in full is ⚠UNV.
 */
export function describeRun(facts: RunFacts, references: RunReferences): RunDescription {
	const { copy, promotion } = facts;
	const top = topErrors(facts);
	const isOver = ['success', 'partialSuccess', 'failed'].includes(facts.status);
	const { id: culprit } = identityOf(promotion ? 'promotion' : 'copy', references);
	const refs = top.length === 0 ? {} : { activityRefs: [culprit] };
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
				recordSummary: { ...records(promotion), ...failedInfo(facts, references) },
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
		...identityOf('copy', references),
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
				...(copy.errorDetail !== undefined && { errorDetail: copy.errorDetail }),
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
	const { batchId, diagnostics, errors, warnings = [] } = promotion;
	const meta = `${EXPORT}/${batchId}/meta?path=`;
	return {
		...identityOf('promotion', references),
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
			...(errors.length > 0 && { errors: topErrors(facts) }),
			...(errors.length + warnings.length > 0 && {
				extensions: {
					// flow-service.md 5.5; that these are present with error diagnostics only is ⚠UNV.
					...(diagnostics &&
						errors.length > 0 && {
							manifest: {
								failedRecords: `${meta}row_errors`,
								sampleErrors: `${meta}row_error_samples.json`,
							},
						}),
					...(errors.length > 0 && { errors }),
					// flow-service.md 12 (15): that fields were left empty is a warning; where Adobe shows it
					// is ⚠UNV.
					...(warnings.length > 0 && { warnings }),
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

/** flow-service-more.md 1: the newer samples have the reasons beside the counts, too. */
function failedInfo({ promotion }: RunFacts, { activities }: RunReferences) {
	const errors = promotion?.errors ?? [];
	if (activities === undefined || errors.length === 0) return {};
	return { failedInfo: errors.map(({ code, message }) => ({ code, message })) };
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
