import type { IDataObject } from 'n8n-workflow';

import type { Run, RunError } from '../adobe/runModel';
import { countOf, endOf, hasRejections } from '../adobe/runModel';
import { runErrorAdvice } from '../adobe/errors/runErrorAdvice';
import { runUrl } from '../adobe/webLinks';
import { isoDate } from '../operation/time';
import { withoutSecrets } from '../redaction/secrets';
import type { Members } from './common';
import { output } from './common';
import type { Place } from '../adobe/webLinks';

/** What is known of a run beside itself. */
export interface AboutRun {
	flowName?: string;
	/** Behind the summary, e.g. what the trigger has seen. */
	event?: string;
	/** What was done. */
	action?: string;
	/** Where Adobe does not show the run yet. */
	summary?: string;
	deltaColumn?: string;
	/** Set where another execution may have started it, and one more may come. */
	mayBeAnothers?: boolean;
	/** IDs beside its own. */
	ids?: Members;
}

/**
 * A run as every node returns it: with Simplify in columns to read, with every error of every activity in
 * words; without it everything that Adobe sent.
 */
export function runDetails(
	place: Place,
	run: Run,
	about: AboutRun,
	simplify: boolean,
): IDataObject {
	if (simplify) return runOutput(place, run, about);
	const { event, flowName, ids } = about;
	const own = output({
		summary: summaryOf(run),
		event,
		flowName,
		...ids,
		runId: run.id,
		url: urlOf(place, run),
	});
	return { ...own, ...(withoutSecrets(run.raw) as IDataObject) };
}

/**
 * The simplified run: what became of it, of which dataflow, its records, then the IDs and the link. One that
 * succeeded has `errors` too if it rejected records. What Adobe does not say is left out.
 */
export function runOutput(place: Place, run: Run, about: AboutRun = {}): IDataObject {
	const end = endOf(run);
	const { counts } = run;
	const { flowName, event, action, summary = summaryOf(run), deltaColumn, ids } = about;
	const possibleDuplicates = about.mayBeAnothers === true ? null : undefined;
	return output({
		summary,
		event,
		status: run.status ?? run.statusWord,
		flowName,
		action,
		recordsRead: counts.inputRecords,
		recordsWritten: counts.outputRecords,
		recordsRejected: counts.failedRecords,
		recordsSkipped: counts.skippedRecords,
		succeeded: end === undefined ? undefined : end === 'success',
		hasRejectedRecords: run.status === 'success' ? hasRejections(run) : undefined,
		advice: adviceOf(run),
		errors: run.errors.map(errorOutput),
		startedAt: timeOf(run.startedEpochMs),
		completedAt: timeOf(run.completedEpochMs),
		durationSeconds: durationOf(run),
		windowStart: timeOf(run.windowStartEpochMs),
		windowEnd: timeOf(run.windowEndEpochMs),
		deltaColumn,
		bytesRead: counts.inputBytes,
		bytesWritten: counts.outputBytes,
		filesRead: counts.inputFiles,
		filesWritten: counts.outputFiles,
		createdAt: timeOf(run.createdEpochMs),
		updatedAt: timeOf(run.updatedEpochMs),
		possibleDuplicates,
		...ids,
		runId: run.id,
		flowId: run.flowId,
		url: urlOf(place, run),
		sandboxName: run.sandboxName ?? place.sandboxName,
	});
}

function urlOf(place: Place, run: Run): string | undefined {
	return runUrl({ ...place, sandboxName: run.sandboxName ?? place.sandboxName }, run);
}

function timeOf(epochMs: number | undefined): string | undefined {
	return isoDate(epochMs) ?? undefined;
}

/** What became of a run, in one sentence. */
export function summaryOf(run: Run): string {
	const { counts, errors, status } = run;
	const written = counts.outputRecords;
	switch (status) {
		case 'failed':
			return `The run failed${reasonOf(errors)}`;
		case 'success': {
			const taken =
				written === undefined ? 'The run succeeded' : `${countOf(written, 'record')} written`;
			if (!hasRejections(run)) return taken;
			const rejected = counts.failedRecords ?? 0;
			const left = rejected > 0 ? `${countOf(rejected, 'record')} rejected` : 'with errors';
			return `${taken}, ${left}${reasonOf(errors)}`;
		}
		case 'scheduled':
			return 'The run has not started yet';
		case 'inProgress':
			return 'The run is in progress';
		default:
			return run.statusWord === undefined
				? 'Adobe shows no state of the run'
				: `The run is '${run.statusWord}'`;
	}
}

/** The first of the nested errors says more than the one around it, which is sorted behind it. */
function causeOf(errors: RunError[]): RunError | undefined {
	const [first] = errors.filter(({ recordCount }) => recordCount !== undefined);
	return first ?? errors[0];
}

/** What to change, so that the next run goes well; undefined where nobody knows. */
export function adviceOf({ errors }: Pick<Run, 'errors'>): string | undefined {
	const cause = causeOf(errors);
	const [first] = [cause, ...errors].flatMap((error) =>
		error === undefined ? [] : (runErrorAdvice(error) ?? []),
	);
	return first;
}

function reasonOf(errors: RunError[]): string {
	const error = causeOf(errors);
	return error === undefined ? '' : `. ${error.text}`;
}

function durationOf({ startedEpochMs, completedEpochMs }: Run): number | undefined {
	if (startedEpochMs === undefined || completedEpochMs === undefined) return undefined;
	return Math.round((completedEpochMs - startedEpochMs) / 1000);
}

function errorOutput({ activity, code, message, recordCount, text }: RunError): IDataObject {
	return output({ text, code, activity, recordCount, message });
}
