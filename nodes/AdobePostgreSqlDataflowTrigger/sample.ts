import { UserError } from 'n8n-workflow';

import { listResources, PAGE_SIZE } from '../adobe/collection';
import { MAX_IDS_PER_FILTER } from '../adobe/filters/limits';
import { RUN } from '../adobe/runModel';
import { NEWEST_FIRST } from '../adobe/runs';
import type { ItemClient } from '../platform/client';
import type { RunEventName } from '../operation/runEventParameters';
import type { RunEvent } from '../outputs/runEvents';
import { inOrder } from '../outputs/runEvents';
import type { FlowEvent } from './flowEvents';
import { RunLedger } from './runLedger';

/**
 * The newest event of the wanted kinds, out of one page of the newest runs: for trying the workflow.
 *
 * @param flowEvent the newest one of dataflows themselves, where there is any
 * @throws UserError that says why there is none
 */
export async function sampleEvent(
	client: ItemClient,
	flowIds: readonly string[],
	wanted: readonly RunEventName[],
	flowEvent?: FlowEvent,
): Promise<RunEvent | FlowEvent> {
	if (flowIds.length === 0) {
		throw new UserError(`The sandbox '${client.sandboxName}' has no PostgreSQL dataflow`, {
			description:
				'Create one with the node Adobe PostgreSQL Dataflow, or choose another sandbox under Options. You can publish the workflow anyway.',
		});
	}
	if (wanted.length === 0) return flowEvent ?? noneNow();
	const { items } = await listResources(client, RUN, {
		filters: flowIds.length > MAX_IDS_PER_FILTER ? [] : [`flowId==${flowIds.join(',')}`],
		orderBy: NEWEST_FIRST,
		limit: PAGE_SIZE,
	});
	const flows = new Set(flowIds);
	const ledger = new RunLedger([]);
	const events = items
		.filter(({ flowId = '' }) => flows.has(flowId))
		.flatMap((run) => ledger.see(run, -Infinity))
		.filter(({ event }) => wanted.includes(event));
	const newest = inOrder(events).at(-1);
	if (newest !== undefined && newest.atEpochMs >= (flowEvent?.atEpochMs ?? 0)) return newest;
	if (flowEvent !== undefined) return flowEvent;
	throw new UserError('No matching run yet', {
		description: `None of the newest ${items.length} runs matches 'Trigger On'. Choose more events, run a dataflow, or use pinned data to build the workflow. You can publish the workflow anyway.`,
	});
}

/** @throws UserError */
function noneNow(): never {
	throw new UserError('No matching dataflow now', {
		description:
			"No dataflow is as 'Trigger On' says at the moment. Choose more events, disable a dataflow, or use pinned data to build the workflow. You can publish the workflow anyway.",
	});
}
