import type { IDataObject } from 'n8n-workflow';

import { countOf } from '../../../adobe/runModel';
import type { Place } from '../../../adobe/webLinks';
import type { Outcome } from '../../../operation/operation';
import { output } from '../../../outputs/common';
import { isoDate } from '../../../operation/time';
import { startedRun } from '../../run/startedRun';
import type { ExpectedCounts } from './expectedCounts';
import type { LoadedWindow } from './loadWindows';

/** What all windows have in common. */
export interface About {
	flowId: string;
	flowName?: string;
	deltaColumn: string;
	expected?: ExpectedCounts;
}

/** One item a window, and a last one with the sums, whose window is the whole span. */
export function backfillOutput(
	place: Place,
	loaded: readonly LoadedWindow[],
	about: About,
): IDataObject[] {
	const items = loaded.map((one, index) =>
		windowOutput(place, one, { ...about, index, count: loaded.length }),
	);
	return [...items, totalOutput(place, loaded, about)];
}

function windowOutput(
	place: Place,
	{ window, run, end }: LoadedWindow,
	{
		flowId,
		flowName,
		deltaColumn,
		expected,
		index,
		count,
	}: About & { index: number; count: number },
): IDataObject {
	const action = end === undefined ? 'alreadyLoaded' : end === 'success' ? 'loaded' : 'failed';
	const known = { id: run.id, flowId, window };
	const json = startedRun(place, run, known, { flowName, action, deltaColumn });
	const { summary, status, recordsRead, recordsWritten, recordsRejected, ...others } = json;
	const written = end === 'failed' ? 0 : run.counts.outputRecords;
	return output({
		summary: `Window ${index + 1} of ${count}: ${String(summary)}`,
		part: 'window',
		window: index + 1,
		status,
		flowName,
		action,
		recordsRead,
		recordsWritten,
		recordsRejected,
		...comparison(expected?.ofWindows?.[index], written),
		...others,
	});
}

function totalOutput(
	{ sandboxName }: Place,
	loaded: readonly LoadedWindow[],
	{ flowId, flowName, deltaColumn, expected }: About,
): IDataObject {
	const failed = loaded.filter(({ end }) => end === 'failed').length;
	const before = loaded.filter(({ end }) => end === undefined).length;
	const good = loaded.filter(({ end }) => end !== 'failed');
	const written = sumOf(good.map(({ run }) => run.counts.outputRecords));
	const span = { start: loaded[0]?.window.start, end: loaded.at(-1)?.window.end };
	return output({
		summary: summaryOf(loaded, written),
		part: 'total',
		status: failed === 0 ? 'success' : 'failed',
		flowName,
		action: 'backfilled',
		recordsRead: sumOf(good.map(({ run }) => run.counts.inputRecords)),
		recordsWritten: written,
		recordsRejected: sumOf(good.map(({ run }) => run.counts.failedRecords)),
		...comparison(expected?.total, written),
		windowsLoaded: good.length - before,
		windowsAlreadyLoaded: before,
		windowsFailed: failed,
		succeeded: failed === 0,
		durationSeconds: durationOf(loaded),
		windowStart: timeOf(span.start),
		windowEnd: timeOf(span.end),
		deltaColumn,
		flowId,
		sandboxName,
	});
}

/** In one sentence, e.g. for the error where it stopped. */
export function summaryOf(loaded: readonly LoadedWindow[], written = writtenBy(loaded)): string {
	const failed = loaded.filter(({ end }) => end === 'failed').length;
	const before = loaded.filter(({ end }) => end === undefined).length;
	const count = loaded.length - failed;
	return [
		`${countOf(count, 'window')} loaded`,
		...(before > 0 ? [`${before.toLocaleString('en-US')} of them before`] : []),
		...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
		...(written === undefined ? [] : [`${countOf(written, 'record')} written`]),
	].join(', ');
}

function writtenBy(loaded: readonly LoadedWindow[]): number | undefined {
	const good = loaded.filter(({ end }) => end !== 'failed');
	return sumOf(good.map(({ run }) => run.counts.outputRecords));
}

const MAX_NAMED = 10;

/** What the counts of the items' backfills differ by from those that were expected, in a sentence each. */
export function differencesIn(outcomes: readonly Outcome[]): string[] {
	return outcomes.flatMap(({ itemIndex, json: { part, difference, flowName } }) => {
		if (part !== 'total' || difference === undefined || difference === 0) return [];
		const differing = outcomes
			.filter((one) => one.itemIndex === itemIndex && one.json.part === 'window')
			.flatMap(({ json }) => ((json.difference ?? 0) === 0 ? [] : [String(json.window)]));
		const named = differing.slice(0, MAX_NAMED).join(', ');
		const more = differing.length > MAX_NAMED ? ' and others' : '';
		const where = named === '' ? '' : ` It is in window ${named}${more}.`;
		const what = `The records written differ from 'Expected Counts' by ${String(difference)}`;
		return [`${what}${flowName === undefined ? '' : ` in '${String(flowName)}'`}.${where}`];
	});
}

/** Negative where records are missing in the dataset. */
function comparison(expected: number | undefined, written: number | undefined): IDataObject {
	if (expected === undefined) return {};
	const difference = written === undefined ? undefined : written - expected;
	return output({ recordsExpected: expected, difference });
}

/** Undefined where one is not known: the sum would be too small. */
function sumOf(counts: ReadonlyArray<number | undefined>): number | undefined {
	let sum = 0;
	for (const count of counts) {
		if (count === undefined) return undefined;
		sum += count;
	}
	return sum;
}

/** What the runs took, without the time between them. */
function durationOf(loaded: readonly LoadedWindow[]): number | undefined {
	const milliseconds = sumOf(
		loaded.map(({ run: { startedEpochMs, completedEpochMs } }) =>
			startedEpochMs === undefined || completedEpochMs === undefined
				? undefined
				: completedEpochMs - startedEpochMs,
		),
	);
	return milliseconds === undefined ? undefined : Math.round(milliseconds / 1000);
}

function timeOf(seconds: number | undefined): string | undefined {
	return seconds === undefined ? undefined : (isoDate(seconds * 1000) ?? undefined);
}
