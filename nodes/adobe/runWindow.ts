import type { ItemClient } from '../platform/client';
import { collectPages } from '../platform/pages';
import { Problem } from '../platform/errors/problem';
import { findResource, listResources, PAGE_SIZE } from './collection';
import type { Run } from './runModel';
import { endOf, RUN } from './runModel';
import { NEWEST_FIRST } from './runs';

/**
 * Where the next window of a dataflow starts: at the latest end, in epoch seconds, of the windows of the
 * runs that succeeded; undefined where there is none. The window of a failed run does not count: the
 * next run covers it as well.
 *
 * @param latestId of a run that was started a short time ago: lists may not show it yet
 * @throws Problem while a newer run is in progress, as its rows would be ingested twice or not at all;
 *   and where a run that succeeded does not show its window and may have gone further than those that do
 */
export async function lastWindowEnd(
	client: ItemClient,
	flowId: string,
	latestId?: string,
): Promise<number | undefined> {
	const withoutWindow: Run[] = [];
	const withWindow = await collectPages(async (continuationToken) => {
		const page = await listResources(client, RUN, {
			filters: [`flowId==${flowId}`],
			orderBy: NEWEST_FIRST,
			limit: PAGE_SIZE,
			continuationToken,
		});
		const isFirst = continuationToken === undefined;
		const runs = isFirst ? await withLatest(client, page.items, latestId) : page.items;
		const open = runs.find((run) => endOf(run) === undefined);
		if (open !== undefined) throw stillRunning(client, open);
		const succeeded = runs.filter(({ status }) => status === 'success');
		const items: Run[] = [];
		for (const run of succeeded) {
			(run.windowEndEpochMs === undefined ? withoutWindow : items).push(run);
		}
		// Older pages hold older windows.
		return { items, next: items.length > 0 ? undefined : page.next };
	});
	const [furthest] = withWindow.sort((one, other) => endAt(other) - endAt(one));
	const unknown = withoutWindow.find((run) => mayHaveGoneFurther(run, furthest));
	if (unknown !== undefined) throw windowUnknown(client, unknown);
	return furthest === undefined ? undefined : Math.floor(endAt(furthest) / 1000);
}

/** Where the list does not show it yet, it is read by its ID. */
async function withLatest(client: ItemClient, runs: Run[], id?: string): Promise<Run[]> {
	if (id === undefined || runs.some((run) => run.id === id)) return runs;
	const latest = await findResource(client, RUN, id);
	return latest === undefined ? runs : [latest, ...runs];
}

function endAt({ windowEndEpochMs }: Run): number {
	return windowEndEpochMs ?? -Infinity;
}

/**
 * A run ingests nothing that came after its start. That is by Adobe's clock, and the end of a window by
 * that of n8n, so a later run counts as well.
 */
function mayHaveGoneFurther(run: Run, furthest: Run | undefined): boolean {
	if (furthest === undefined) return true;
	return startOf(run) > endAt(furthest) || startOf(run) > startOf(furthest);
}

function startOf({ startedEpochMs, createdEpochMs }: Run): number {
	return createdEpochMs ?? startedEpochMs ?? Infinity;
}

function windowUnknown(client: ItemClient, run: Run): Problem {
	return new Problem("'Window Start' is needed: Adobe does not show the window of the last run", {
		advice: "Set 'Window Start' to the time up to which the dataset has the rows of the table.",
		notes: [
			`The run ${run.id} succeeded, but Adobe does not show its window. Without it, rows would be loaded twice or not at all.`,
		],
		details: { runId: run.id, operation: 'Run a dataflow', sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}

function stillRunning(client: ItemClient, run: Run): Problem {
	return new Problem(
		`Another run of this dataflow is still '${run.statusWord ?? 'without a state'}'`,
		{
			advice: "Try again when it has ended, or set 'Window Start'.",
			notes: [`The next window starts where the run ${run.id} ends.`],
			details: { runId: run.id, operation: 'Run a dataflow', sandboxName: client.sandboxName },
			failure: { cause: 'temporarily-unavailable' },
		},
	);
}
