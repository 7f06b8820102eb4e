/** flow-service.md 7.1; `partialSuccess`: flow-service-more.md 1. */
export const RUN_STATUSES = [
	'scheduled',
	'inProgress',
	'success',
	'partialSuccess',
	'failed',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One of the reasons why something failed: flow-service.md 5.5. */
export interface RunError {
	code: string;
	message: string;
	/** Number of records that it concerns. */
	recordCount?: number;
}

/** The rows whose delta column is between the two, one of which is included (`windowEdge`); epoch milliseconds. */
export interface RunWindow {
	/** 0 means no start. */
	start: number;
	end: number;
}

/** The outcome of copying from the database. Counts are of what was really read. */
export interface CopyFacts {
	startedAtUTC: number;
	completedAtUTC: number;
	/** The rows as JSON, bytes. */
	bytes: number;
	files: number;
	/** Why it failed. */
	error?: RunError;
	/** The same in the backend's own words: flow-service-more.md 1, `errorDetail`. */
	errorDetail?: string;
}

/** The outcome of mapping, checking and writing to the data lake. */
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
	/** What did not keep a record from being written. */
	warnings?: RunError[];
	/** Whether error diagnostics were on. */
	diagnostics: boolean;
}

/** Everything that is known of a run; what the API shows is derived from it. */
export interface RunFacts {
	status: RunStatus;
	/** Whether it is on demand, or the only run of a schedule with frequency once. */
	oneTime: boolean;
	window: RunWindow;
	/** The column that the window applies to; absent when the whole table is copied. */
	deltaColumn?: string;
	startedAtUTC?: number;
	completedAtUTC?: number;
	copy?: CopyFacts;
	promotion?: PromotionFacts;
}
