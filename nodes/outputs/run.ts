import type { IDataObject } from 'n8n-workflow';

import type { Run, RunError } from '../adobe/runModel';
import { countOf, endOf, hasRejections } from '../adobe/runModel';
import { runErrorAdvice } from '../adobe/errors/runErrorAdvice';
import { isoDate } from '../operation/time';
import { withoutSecrets } from '../redaction/secrets';

/**
 * A run as every node returns it: with Simplify in groups, with every error of every activity in words;
 * without it everything that Adobe sent. `runId` and `id` are the same.
 */
export function runDetails(run: Run, sandboxName: string, simplify: boolean): IDataObject {
	if (simplify) return runOutput(run, sandboxName);
	return { runId: run.id, ...(withoutSecrets(run.raw) as IDataObject) };
}

/**
 * The simplified run. One that succeeded has `errors` too if it rejected records. What Adobe does not
 * say is null.
 */
export function runOutput(run: Run, sandboxName: string): IDataObject {
	const end = endOf(run);
	return {
		runId: run.id,
		id: run.id,
		flowId: run.flowId ?? null,
		status: run.status ?? run.statusWord ?? null,
		run: {
			sandboxName: run.sandboxName ?? sandboxName,
			createdAt: isoDate(run.createdEpochMs),
			updatedAt: isoDate(run.updatedEpochMs),
		},
		result: {
			succeeded: end === undefined ? null : end === 'success',
			rejectedRecords: run.status === 'success' ? hasRejections(run) : null,
			summary: summaryOf(run),
			advice: adviceOf(run) ?? null,
		},
		records: recordsOf(run),
		timing: {
			startedAt: isoDate(run.startedEpochMs),
			completedAt: isoDate(run.completedEpochMs),
			durationSeconds: durationOf(run),
		},
		window: {
			start: isoDate(run.windowStartEpochMs),
			end: isoDate(run.windowEndEpochMs),
		},
		errors: run.errors.map(errorOutput),
	};
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
			const left = rejected > 0 ? `${countOf(rejected, 'record')} rejected` : 'not without errors';
			return `${taken}, ${left}${reasonOf(errors)}`;
		}
		case 'scheduled':
			return 'The run has not started yet';
		case 'inProgress':
			return 'The run is under way';
		default:
			return `The run is '${run.statusWord ?? 'without a state'}'`;
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

function recordsOf({ counts }: Run): IDataObject {
	return {
		input: counts.inputRecords ?? null,
		output: counts.outputRecords ?? null,
		rejected: counts.failedRecords ?? null,
		skipped: counts.skippedRecords ?? null,
		inputBytes: counts.inputBytes ?? null,
		outputBytes: counts.outputBytes ?? null,
		inputFiles: counts.inputFiles ?? null,
		outputFiles: counts.outputFiles ?? null,
	};
}

function durationOf({ startedEpochMs, completedEpochMs }: Run): number | null {
	if (startedEpochMs === undefined || completedEpochMs === undefined) return null;
	return Math.round((completedEpochMs - startedEpochMs) / 1000);
}

function errorOutput({ activity, code, message, recordCount, text }: RunError): IDataObject {
	return {
		activity: activity ?? null,
		code: code ?? null,
		message,
		recordCount: recordCount ?? null,
		text,
	};
}
