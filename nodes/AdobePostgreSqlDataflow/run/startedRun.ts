import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Reference } from '../../adobe/collection';
import { getResource } from '../../adobe/collection';
import type { Run } from '../../adobe/runModel';
import { endOf, RUN } from '../../adobe/runModel';
import type { RunWindow } from '../../adobe/runs';
import { waitForRun } from '../../adobe/waitFor';
import { runUrl } from '../../adobe/webLinks';
import type { ItemParameters } from '../../operation/parameters';
import { adviceOf, runOutput } from '../../outputs/run';
import type { ItemClient } from '../../platform/client';
import { asIs, isProblem, Problem, toProblem } from '../../platform/errors/problem';
import type { ItemMemory } from '../../platform/itemMemory';

/** What is known of a run that was just started, before Adobe shows it. */
export interface StartedRun {
	id: string;
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
	run: Run | undefined,
	{ id, flowId, window }: StartedRun,
	sandboxName: string,
): IDataObject {
	const known = run ?? RUN.read({ id, raw: {} });
	return runOutput(
		{
			...known,
			flowId: known.flowId ?? flowId,
			windowStartEpochMs: known.windowStartEpochMs ?? milliseconds(window?.start),
			windowEndEpochMs: known.windowEndEpochMs ?? milliseconds(window?.end),
		},
		sandboxName,
	);
}

function milliseconds(seconds: number | undefined): number | undefined {
	return seconds === undefined ? undefined : seconds * 1000;
}

const MAX_REASONS = 10;

export const waitParameter: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		"Whether to wait until the run has ended, for as long as 'Timeout' under Options allows. A run that ends badly is then an error with Adobe's reasons; one that left records out says so in the output.",
};

/** @throws UserError for anything but true and false */
export function readWait(parameters: ItemParameters): boolean {
	return parameters.boolean(waitParameter);
}

const STARTED = 'started run';

/**
 * Starts a run and follows it. Where n8n tries an item again, it goes on with the run that an earlier try
 * has started, unless that run has failed.
 *
 * @param start starts it
 */
export async function startAndFollow<T extends { started: Reference }>(
	client: ItemClient,
	memory: ItemMemory,
	wait: boolean,
	start: () => Promise<T>,
): Promise<T & { run: Run | undefined }> {
	const begun = memory.recall<T>(STARTED) ?? (await start());
	memory.keep(STARTED, begun);
	try {
		return { ...begun, run: await followRun(client, begun.started.id, wait) };
	} catch (error) {
		if (isProblem(error, 'runFailed')) memory.keep(STARTED, undefined);
		throw asIs(error);
	}
}

/**
 * A run that was just started: as it is at its end when that is waited for, else as it is now. It has
 * started whatever happens here, so its ID is never lost.
 *
 * @returns undefined where it is not waited for and can't be read yet
 * @throws Problem that names the run
 */
async function followRun(client: ItemClient, id: string, wait: boolean): Promise<Run | undefined> {
	if (!wait) return await getResource(client, RUN, id).catch(() => undefined);
	const run = await waitForRun(client, id).catch((error: unknown) => {
		throw withRun(error, id);
	});
	if (endOf(run) === 'failed') throw failedRun(client, run);
	return run;
}

function withRun(error: unknown, id: string): Problem {
	const problem = toProblem(error);
	if (problem.details.runId !== undefined) return problem;
	return problem
		.retitled(`The run was started but could not be followed: ${problem.message}`)
		.noting(`The run ${id} continues at Adobe.`)
		.detailing({ runId: id });
}

function failedRun(client: ItemClient, run: Run): Problem {
	const reasons = run.errors.slice(0, MAX_REASONS).map(({ text }) => text);
	const more = run.errors.length - reasons.length;
	const said = reasons.length === 0 ? 'Adobe gives no reason' : reasons.join('; ');
	const url = runUrl(client, run);
	return new Problem('The run of the dataflow failed', {
		kind: 'runFailed',
		advice: [
			adviceOf(run),
			'When the cause is removed, the operation Retry of the resource Run takes in the same rows.',
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
