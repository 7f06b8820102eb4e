import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/problem';
import type { Run } from './run';
import { endOf } from './run';
import { getRun } from './runs';
import { runUrl } from './runUrl';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Waits until a run has ended, well or not, and gives it as it is then.
 *
 * @throws Problem when the item's time is up before; the last state is in its message
 */
export async function waitForRun(client: ItemClient, id: string): Promise<Run> {
	for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
		const run = await getRun(client, id);
		if (endOf(run) !== undefined) return run;
		if (client.remainingMs() <= pauseMs) throw stillGoing(client, run);
		await client.pause(pauseMs);
	}
}

function stillGoing(client: ItemClient, run: Run): Problem {
	const url = runUrl(client, run);
	return new Problem(
		`The run is still '${run.statusWord ?? 'without a state'}' after the time that 'Timeout' allows`,
		{
			description: `The run ${run.id} goes on at Adobe. Raise 'Timeout' under Options, or look at it later with the operation Get of the resource Run.${url === undefined ? '' : ` It is also at ${url}`}`,
			details: { runId: run.id, operation: 'Wait for a run', sandboxName: client.sandboxName },
		},
	);
}
