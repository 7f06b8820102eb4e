import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../../adobe/collection';
import { DATAFLOW } from '../../../adobe/dataflows';
import type { Located } from '../../../locators/locate';
import type { OperationCall } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import { asIs, toProblem } from '../../../platform/errors/problem';
import { failedRun } from '../../run/startedRun';
import { deltaColumnFor } from '../runDeltaColumn';
import type { LoadedWindow } from './loadWindows';
import { WindowLoader } from './loadWindows';
import { backfillOutput, summaryOf } from './output';
import type { Backfill } from './parameters';

/**
 * Loads a span in windows, and returns one item a window and one with the sums.
 *
 * @throws Problem that says how far it came; executed again, it continues there
 */
export async function loadBackfill(
	call: OperationCall,
	dataflow: Located,
	backfill: Backfill,
	givenColumn: string | undefined,
): Promise<IDataObject[]> {
	const client = call.openClient();
	const flowId = await dataflow.id(client);
	const flow = await getResource(client, DATAFLOW, flowId);
	const deltaColumn = await deltaColumnFor(client, flow, givenColumn);
	checkPast(client, backfill);
	const loaded: LoadedWindow[] = [];
	const { windows } = backfill;
	try {
		const loader = await WindowLoader.open(call, { flowId, deltaColumn }, backfill);
		for (const window of windows) {
			const one = await loader.load(window);
			if (one.end === 'failed' && !backfill.continues) throw failedRun(call.openClient(), one.run);
			loaded.push(one);
		}
	} catch (error) {
		throw stoppedAt(error, loaded, windows.length);
	}
	const about = { flowId, flowName: flow.name, deltaColumn, expected: backfill.expected };
	return backfillOutput(client, loaded, about);
}

/** Adobe's clock may be behind n8n's, and a run loads nothing that comes after it. */
function checkPast(client: ItemClient, { windows }: Backfill): void {
	const end = (windows.at(-1)?.end ?? 0) * 1000;
	if (end <= (client.adobeEpochMs() ?? Infinity)) return;
	throw new UserError("'To' is in the future by Adobe's clock", {
		description: `The last window would end at ${new Date(end).toISOString()}. Set an earlier 'To', or wait until then; and check the clock of n8n's server.`,
	});
}

function stoppedAt(error: unknown, loaded: readonly LoadedWindow[], count: number): unknown {
	if (error instanceof UserError) return asIs(error);
	const problem = toProblem(error);
	const at = `window ${loaded.length + 1} of ${count}`;
	const titled =
		problem.kind === 'stopped'
			? problem
			: problem.retitled(`The backfill stopped at ${at}: ${problem.message}`);
	return titled.noting(
		`${summaryOf(loaded)}. Executed again, the backfill continues at ${at}: what is loaded is not loaded again, and a run in progress is waited for.`,
	);
}
