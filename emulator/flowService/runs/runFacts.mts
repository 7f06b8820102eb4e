/** flow-service.md 7.1 */
export const RUN_STATUSES = ['scheduled', 'inProgress', 'success', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One of the reasons why something failed: flow-service.md 5.5. */
export interface RunError {
	code: string;
	message: string;
	/** How many records it concerns. */
	recordCount?: number;
}

/** The rows whose delta column lies behind `start` and not behind `end`, epoch milliseconds. */
export interface RunWindow {
	/** 0 stands for no beginning. */
	start: number;
	end: number;
}

/** What the copying from the database has come to. Counts are of what was really read. */
export interface CopyFacts {
	startedAtUTC: number;
	completedAtUTC: number;
	/** The rows as JSON, bytes. */
	bytes: number;
	files: number;
	/** Why it failed. */
	error?: RunError;
}

/** What the mapping, checking and writing to the data lake has come to. */
export interface PromotionFacts {
	startedAtUTC: number;
	completedAtUTC: number;
	batchId: string;
	inputRecords: number;
	outputRecords: number;
	/** Records that were rejected. */
	failedRecords: number;
	outputBytes: number;
	outputFiles: number;
	errors: RunError[];
	/** Whether error diagnostics were on. */
	diagnostics: boolean;
}

/** Everything that is known of a run; what the API shows is worked out from it. */
export interface RunFacts {
	status: RunStatus;
	/** Whether it was asked for, or is the one of a schedule of frequency once. */
	oneTime: boolean;
	window: RunWindow;
	/** The column that the window is about; absent when the whole table is copied. */
	deltaColumn?: string;
	startedAtUTC?: number;
	completedAtUTC?: number;
	copy?: CopyFacts;
	promotion?: PromotionFacts;
}
