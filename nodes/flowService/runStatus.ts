/** The states of a run, in the order that it goes through them; it ends in one of the last two. */
export type RunStatus = 'scheduled' | 'inProgress' | 'success' | 'failed';

/**
 * How Adobe writes each of them: in runs, in the samples of its documents, and as its providers
 * report them (StatusDTO in the API description).
 */
export const STATUS_SPELLINGS: Readonly<Record<RunStatus, readonly string[]>> = {
	scheduled: ['scheduled', 'Scheduled', 'SCHEDULED', 'QUEUED'],
	inProgress: ['inProgress', 'InProgress', 'IN_PROGRESS'],
	success: ['success', 'Success', 'SUCCESS', 'COMPLETED', 'PARTIAL_SUCCESS'],
	failed: ['failed', 'Failed', 'FAILED', 'PARTIAL_FAILURE'],
};

const BY_WORD = new Map(
	Object.entries(STATUS_SPELLINGS).flatMap(([status, spellings]) =>
		spellings.map((spelling) => [plain(spelling), status as RunStatus] as const),
	),
);

/** The state behind Adobe's word for it; undefined for words that this package does not know. */
export function runStatusOf(word: string): RunStatus | undefined {
	return BY_WORD.get(plain(word));
}

/** Whether the word says that a run succeeded although not all of it did. */
export function saysPartial(word: string): boolean {
	return plain(word).startsWith('partial');
}

function plain(word: string): string {
	return word.toLowerCase().replace(/[^a-z]/g, '');
}
