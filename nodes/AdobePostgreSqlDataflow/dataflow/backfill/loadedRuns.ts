import { findResource, findResources, listResources } from '../../../adobe/collection';
import { latestRunOf } from '../../../adobe/lostWrites/runStarts';
import type { Run } from '../../../adobe/runModel';
import { endOf, RUN } from '../../../adobe/runModel';
import type { RunWindow } from '../../../adobe/runs';
import { NEWEST_FIRST } from '../../../adobe/runs';
import type { ItemClient } from '../../../platform/client';
import { Problem } from '../../../platform/errors/problem';

/** Runs come one after another, so that a new one is among these. */
const NEWEST = 20;

/**
 * What Adobe shows of the runs of a dataflow. It alone says which windows are loaded: what n8n keeps is lost
 * with a worker that is killed.
 */
export class LoadedRuns {
	private readonly runs = new Map<string, Run>();
	/** What this execution has asked for, by the run; Adobe shows the window of a run only when it copies. */
	private readonly own = new Map<string, RunWindow>();
	private readonly accepted = new Set<string>();

	private constructor(
		private readonly flowId: string,
		private readonly ignoreBeforeEpochMs: number,
	) {}

	/** @param ignoreBeforeEpochMs runs that were created before do not count, unless they have not ended */
	static async read(
		client: ItemClient,
		flowId: string,
		ignoreBeforeEpochMs: number,
	): Promise<LoadedRuns> {
		const read = new LoadedRuns(flowId, ignoreBeforeEpochMs);
		const filters = [`flowId==${flowId}`];
		const runs = await findResources(client, RUN, { filters, orderBy: NEWEST_FIRST });
		read.learn(runs);
		read.accept(runs.filter((run) => endOf(run) !== undefined));
		return read;
	}

	/** Learns of runs that are new, also of one that this process has started and no list shows yet. */
	async refresh(client: ItemClient): Promise<void> {
		const page = await listResources(client, RUN, {
			filters: [`flowId==${this.flowId}`],
			orderBy: NEWEST_FIRST,
			limit: NEWEST,
		});
		this.learn(page.items);
		const latestId = latestRunOf(client, this.flowId);
		if (latestId === undefined || this.runs.has(latestId)) return;
		const latest = await findResource(client, RUN, latestId);
		if (latest !== undefined) this.learn([latest]);
	}

	/** This execution has started a run just now. */
	start(id: string, window: RunWindow): void {
		this.own.set(id, window);
	}

	/** As they are now. */
	learn(runs: readonly Run[]): void {
		for (const run of runs) {
			if ((run.flowId ?? this.flowId) !== this.flowId) continue;
			// A list may be older than what was read by the ID.
			const known = this.runs.get(run.id);
			if (known === undefined || endOf(known) === undefined) this.runs.set(run.id, run);
		}
	}

	ids(): Set<string> {
		return new Set(this.runs.keys());
	}

	/** A run that has not ended. */
	open(): Run | undefined {
		return [...this.runs.values()].find((run) => endOf(run) === undefined);
	}

	/** The run that has loaded exactly this window. */
	loaded(window: RunWindow): Run | undefined {
		return this.succeeded().find((run) => {
			const { start, end } = this.windowOf(run);
			return start === window.start && end === window.end;
		});
	}

	/**
	 * That no row of these windows is loaded twice.
	 *
	 * @throws Problem where another run has loaded a part of one, or does not show what it has loaded
	 */
	checkUnloaded(client: ItemClient, windows: readonly RunWindow[]): void {
		const missing = windows.filter((window) => this.loaded(window) === undefined);
		if (missing.length === 0) return;
		for (const run of this.succeeded()) {
			if (run.counts.outputRecords === 0) continue;
			const { start, end } = this.windowOf(run);
			if (start === undefined || end === undefined) throw unknownWindow(client, run);
			const touched = missing.find((window) => start < window.end && end > window.start);
			if (touched !== undefined) throw loadedBefore(client, run, { start, end });
		}
	}

	/** Runs of others over this span that were not accepted yet and had not ended when the runs were first read. */
	others({ start, end }: RunWindow): Run[] {
		return [...this.runs.values()].filter((run) => {
			if (this.accepted.has(run.id) || this.own.has(run.id)) return false;
			const window = this.windowOf(run);
			return (window.start ?? Infinity) < end && (window.end ?? -Infinity) > start;
		});
	}

	/** These are not counted among those of others any more. */
	accept(runs: readonly Run[]): void {
		for (const { id } of runs) this.accepted.add(id);
	}

	private succeeded(): Run[] {
		return [...this.runs.values()].filter(
			(run) =>
				endOf(run) === 'success' &&
				(run.createdEpochMs ?? run.startedEpochMs ?? Infinity) >= this.ignoreBeforeEpochMs,
		);
	}

	private windowOf({
		id,
		windowStartEpochMs: start,
		windowEndEpochMs: end,
	}: Run): Partial<RunWindow> {
		if (start === undefined || end === undefined) return this.own.get(id) ?? {};
		return { start: start / 1000, end: end / 1000 };
	}
}

const INSTEAD =
	"To load its rows a second time, set 'Ignore Runs Before' under Options to a time after it.";

function loadedBefore(client: ItemClient, run: Run, { start, end }: RunWindow): Problem {
	return new Problem('Another run has already loaded a part of the span', {
		advice: `Set 'From' and 'To' to a span outside of it, or cut the windows as before. ${INSTEAD}`,
		notes: [
			`The run ${run.id} has loaded the rows from ${dateOf(start)} to ${dateOf(end)}. They would be loaded twice.`,
		],
		details: detailsOf(client, run),
		failure: { cause: 'configuration-invalid' },
	});
}

function unknownWindow(client: ItemClient, run: Run): Problem {
	return new Problem('Adobe does not show the window of an earlier run of this dataflow', {
		advice: `Find out which rows it has loaded before you load the span. ${INSTEAD}`,
		notes: [`It is the run ${run.id}, which succeeded. Its rows might be loaded twice.`],
		details: detailsOf(client, run),
		failure: { cause: 'configuration-invalid' },
	});
}

function detailsOf({ sandboxName }: ItemClient, { id }: Run) {
	return { runId: id, operation: 'Load windows', sandboxName };
}

function dateOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
