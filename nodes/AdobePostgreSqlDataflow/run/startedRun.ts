import type { IDataObject } from 'n8n-workflow';

import type { Run } from '../../flowService/run';
import { RUN } from '../../flowService/run';
import type { RunWindow } from '../../flowService/runs';
import { runOutput } from '../../outputs/run';

/** What is known of a run that was started just now, before Adobe shows it. */
export interface StartedRun {
	id: string;
	flowId?: string;
	window?: RunWindow;
}

/**
 * A run that was started just now as it is put out. Adobe shows the window of a run when it copies,
 * so until then it is the one that was asked for.
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
