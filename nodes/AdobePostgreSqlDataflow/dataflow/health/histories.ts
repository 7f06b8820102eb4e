import type { Run } from '../../../adobe/runModel';
import { endOf } from '../../../adobe/runModel';

/** The runs of a dataflow that were read. */
export interface History {
	/** The newest ones, newest first and without gaps. */
	runs: Run[];
	/** Set where there are no older ones. */
	isComplete: boolean;
	/** Of one whose failures go back further than `runs`: the first run after its last success. */
	firstOfFailures?: Run;
	/** The same one's last success, where it has one. */
	lastSuccess?: Run;
}

interface Reading {
	runs: Map<string, Run>;
	isComplete: boolean;
	firstOfFailures?: Run;
	lastSuccess?: Run;
	/** Set where it is known that no run has ever succeeded. */
	neverSucceeded?: boolean;
}

/** What is read of the runs of many dataflows, page by page. */
export class Histories {
	private readonly byFlow: Map<string, Reading>;
	private oldestEpochMs?: number;

	constructor(flowIds: readonly string[]) {
		this.byFlow = new Map(flowIds.map((id) => [id, { runs: new Map(), isComplete: false }]));
	}

	flowIds(): string[] {
		return [...this.byFlow.keys()];
	}

	/** Runs of other dataflows are passed over. */
	add(runs: Iterable<Run>): void {
		for (const run of runs) this.byFlow.get(run.flowId ?? '')?.runs.set(run.id, run);
	}

	/** A page of the newest runs of all; those of other dataflows tell how far back it goes, too. */
	addRecent(runs: readonly Run[]): void {
		this.add(runs);
		const oldest = runs.at(-1)?.createdEpochMs;
		if (oldest !== undefined) this.oldestEpochMs = oldest;
	}

	/** All runs since then are known; undefined where that is not known. */
	knownBackTo(): number | undefined {
		return this.oldestEpochMs;
	}

	complete(flowIds: readonly string[]): void {
		for (const id of flowIds) {
			const reading = this.byFlow.get(id);
			if (reading !== undefined) reading.isComplete = true;
		}
	}

	has(flowId: string, runId: string): boolean {
		return this.byFlow.get(flowId)?.runs.has(runId) ?? false;
	}

	/** Whether older runs may say since when the dataflow fails. */
	isOpen(flowId: string): boolean {
		const reading = this.byFlow.get(flowId);
		return reading !== undefined && !reading.isComplete && !hasSuccess(reading);
	}

	/** Those of which all runs that were read failed, and that have older ones. */
	failingFromUnknown(): string[] {
		return this.flowIds().filter((id) => {
			const runs = [...(this.byFlow.get(id)?.runs.values() ?? [])];
			return this.isOpen(id) && runs.some((run) => endOf(run) === 'failed');
		});
	}

	/**
	 * @param runs newest first, that succeeded
	 * @param areAll whether these dataflows have no others that did
	 */
	addSuccesses(flowIds: readonly string[], runs: readonly Run[], areAll: boolean): void {
		for (const run of runs) {
			const reading = this.byFlow.get(run.flowId ?? '');
			if (reading === undefined || endOf(run) !== 'success') continue;
			reading.lastSuccess ??= run;
		}
		for (const id of areAll ? flowIds : []) {
			const reading = this.byFlow.get(id);
			if (reading !== undefined) reading.neverSucceeded = reading.lastSuccess === undefined;
		}
	}

	/** Whose first failure is to be looked for after which time; those that fail for longest come first. */
	beginningsToRead(): Array<{ flowId: string; afterEpochMs?: number }> {
		return this.failingFromUnknown()
			.map((flowId) => ({ flowId, reading: this.byFlow.get(flowId) }))
			.filter(
				({ reading }) =>
					reading?.neverSucceeded === true || reading?.lastSuccess?.createdEpochMs !== undefined,
			)
			.map(({ flowId, reading }) => ({
				flowId,
				afterEpochMs: reading?.lastSuccess?.createdEpochMs,
			}))
			.sort((one, other) => (one.afterEpochMs ?? 0) - (other.afterEpochMs ?? 0));
	}

	addBeginning(flowId: string, run: Run | undefined): void {
		const reading = this.byFlow.get(flowId);
		if (reading !== undefined && run?.flowId === flowId && endOf(run) === 'failed') {
			reading.firstOfFailures = run;
		}
	}

	sorted(): Map<string, History> {
		return new Map(
			[...this.byFlow].map(([id, { runs, isComplete, firstOfFailures, lastSuccess }]) => {
				const newestFirst = [...runs.values()].sort((one, other) => madeAt(other) - madeAt(one));
				return [id, { runs: newestFirst, isComplete, firstOfFailures, lastSuccess }];
			}),
		);
	}
}

function hasSuccess({ runs }: Reading): boolean {
	return [...runs.values()].some((run) => endOf(run) === 'success');
}

function madeAt({ createdEpochMs, startedEpochMs }: Run): number {
	return createdEpochMs ?? startedEpochMs ?? 0;
}
