import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import type { StartedReference } from '../../adobe/lostWrites/runStarts';
import type { Run } from '../../adobe/runModel';
import { endOf, RUN } from '../../adobe/runModel';
import type { RunWindow } from '../../adobe/runs';
import { waitForRun } from '../../adobe/waitFor';
import { runUrl } from '../../adobe/webLinks';
import type { OperationCall } from '../../operation/operation';
import type { ItemParameters, NumberParameter } from '../../operation/parameters';
import type { Place } from '../../adobe/webLinks';
import type { AboutRun } from '../../outputs/run';
import { adviceOf, runOutput } from '../../outputs/run';
import type { ItemClient } from '../../platform/client';
import { asIs, isProblem, Problem, toProblem } from '../../platform/errors/problem';

/** What is known of a run that was just started, before Adobe shows it. */
export interface StartedRun extends StartedReference {
	flowId?: string;
	window?: RunWindow;
}

/**
 * Output for a run that was just started. Adobe shows the window of a run when it copies, so until then
 * it is the one that was asked for.
 *
 * @param run as Adobe shows it; undefined where that is not known
 */
export function startedRun(
	place: Place,
	run: Run | undefined,
	{ id, flowId, window, isFound }: StartedRun,
	wanted: AboutRun,
): IDataObject {
	const about = { ...wanted, mayBeAnothers: isFound };
	const known = run ?? RUN.read({ id, raw: {} });
	return runOutput(
		place,
		{
			...known,
			flowId: known.flowId ?? flowId,
			windowStartEpochMs: known.windowStartEpochMs ?? milliseconds(window?.start),
			windowEndEpochMs: known.windowEndEpochMs ?? milliseconds(window?.end),
		},
		run === undefined ? { ...about, summary: 'The run was started' } : about,
	);
}

function milliseconds(seconds: number | undefined): number | undefined {
	return seconds === undefined ? undefined : seconds * 1000;
}

const MAX_REASONS = 10;

const waitParameter: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		"Whether to wait until the run has ended. A failed run is then an error with Adobe's reasons; one that rejected records says so in the output.",
};

const MINUTES_PER_DAY = 24 * 60;

const maxWaitParameter: NumberParameter = {
	displayName: 'Maximum Wait',
	name: 'maxWait',
	type: 'number',
	typeOptions: { minValue: 0.05, maxValue: 7 * MINUTES_PER_DAY, numberPrecision: 2 },
	default: 60,
	displayOptions: { show: { waitForCompletion: [true] } },
	description:
		'The number of minutes to wait at most. The run continues at Adobe when they are over.',
};

/** Whether to wait for the end of a run that was started, and for how long. */
export const waitParameters: INodeProperties[] = [waitParameter, maxWaitParameter];

/**
 * How long to wait for the end of a run, in milliseconds; undefined for not at all.
 *
 * @throws UserError for a value that can't be used
 */
export function readMaxWaitMs(parameters: ItemParameters): number | undefined {
	return parameters.boolean(waitParameter)
		? parameters.number(maxWaitParameter) * 60_000
		: undefined;
}

const STARTED = 'started run';

const MAY_BE_ANOTHERS =
	"Adobe's answer was lost and this run was found. If another execution started the same at that time, it is not clear whose run it is, and one more may start.";

/**
 * Starts a run and follows it. Where n8n tries an item again, it goes on with the run that an earlier try
 * has started, unless that run has failed.
 *
 * @param client of the item, whose time the start and what follows at once have together
 * @param maxWaitMs undefined for not waiting
 * @param start starts it
 */
export async function startAndFollow<T extends { started: StartedReference }>(
	{ memory, openClient }: Pick<OperationCall, 'memory' | 'openClient'>,
	client: ItemClient,
	maxWaitMs: number | undefined,
	start: () => Promise<T>,
): Promise<T & { run: Run | undefined }> {
	const begun = memory.recall<T>(STARTED) ?? (await start());
	memory.keep(STARTED, begun);
	try {
		const { id } = begun.started;
		const run =
			maxWaitMs === undefined
				? await getResource(client, RUN, id).catch(() => undefined)
				: await followRun(openClient, id, maxWaitMs);
		return { ...begun, run };
	} catch (error) {
		if (isProblem(error, 'runFailed')) memory.keep(STARTED, undefined);
		if (begun.started.isFound !== true) throw asIs(error);
		throw toProblem(error).noting(MAY_BE_ANOTHERS);
	}
}

/**
 * A run that was just started, as it is at its end. It has started whatever happens here, so its ID is
 * never lost.
 *
 * @throws Problem that names the run
 */
async function followRun(
	openClient: () => ItemClient,
	id: string,
	maxWaitMs: number,
): Promise<Run> {
	const run = await waitForRun(openClient, id, maxWaitMs).catch((error: unknown) => {
		throw withRun(error, id);
	});
	if (endOf(run) === 'failed') throw failedRun(openClient(), run);
	return run;
}

/** A run was started, so its ID is never lost. */
export function withRun(error: unknown, id: string): Problem {
	const problem = toProblem(error);
	if (problem.details.runId !== undefined) return problem;
	return problem
		.retitled(`The run was started but could not be followed: ${problem.message}`)
		.noting(`The run ${id} continues at Adobe.`)
		.detailing({ runId: id });
}

/** Adobe's reasons, and what to do. */
export function failedRun(client: ItemClient, run: Run): Problem {
	const reasons = run.errors.slice(0, MAX_REASONS).map(({ text }) => text);
	const more = run.errors.length - reasons.length;
	const said = reasons.length === 0 ? 'Adobe gives no reason' : reasons.join('; ');
	const url = runUrl(client, run);
	return new Problem('The run of the dataflow failed', {
		kind: 'runFailed',
		advice: [
			adviceOf(run),
			'When the cause is fixed, the operation Retry of the resource Run ingests the same rows.',
		]
			.filter((sentence) => sentence !== undefined)
			.join(' '),
		notes: [`It is the run ${run.id}${url === undefined ? '' : ` (${url})`}.`],
		adobeMessage: `${said}${more > 0 ? `; and ${more} more` : ''}`,
		details: {
			code: run.errors.find(({ code }) => code !== undefined)?.code ?? 'RUN_FAILED',
			runId: run.id,
			operation: 'Wait for a run',
			sandboxName: client.sandboxName,
		},
	});
}
