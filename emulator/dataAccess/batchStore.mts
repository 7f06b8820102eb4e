import type { RunError } from '../flowService/runs/runFacts.mts';
import type { Place } from '../identity/caller.mts';

/** A row that was not ingested, as it was read from the table, and why. */
export interface RejectedRow {
	row: Record<string, unknown>;
	errors: Array<Pick<RunError, 'code' | 'message'>>;
}

/** What one run wrote, or did not write, into a dataset. Times are epoch milliseconds. */
export interface StoredBatch extends Place {
	id: string;
	dataSetId: string | undefined;
	startedAt: number;
	completedAt: number;
	failed: boolean;
	inputRecords: number;
	outputRecords: number;
	failedRecords: number;
	inputBytes: number;
	errors: RunError[];
	/** Whether error diagnostics were on. */
	diagnostics: boolean;
	/** None without error diagnostics. */
	rejected: RejectedRow[];
}

/** The batches of all organizations and sandboxes, in memory. */
export class BatchStore {
	private readonly byId = new Map<string, StoredBatch>();

	add(batch: StoredBatch): void {
		this.byId.set(batch.id, batch);
	}

	find(id: string): StoredBatch | undefined {
		return this.byId.get(id);
	}

	reset(): void {
		this.byId.clear();
	}
}
