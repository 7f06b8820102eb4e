import type { INodeExecutionData } from 'n8n-workflow';

import { runDetails } from '../outputs/run';
import type { RunEvent } from './events';

/**
 * An event as the trigger puts it out: what happened, to a run of which dataflow, and the run as it
 * was then, simplified or raw.
 */
export function eventItem(
	{ eventId, event, run }: RunEvent,
	flowName: string | undefined,
	sandboxName: string,
	simplify: boolean,
): INodeExecutionData {
	return {
		json: {
			eventId,
			event,
			flowName: flowName ?? null,
			...runDetails(run, sandboxName, simplify),
		},
	};
}
