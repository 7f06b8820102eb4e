import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/errors/problem';
import { getResource } from './collection';
import type { BaseConnection } from './connections';
import { CONNECTION } from './connections';
import type { Run } from './runModel';
import { endOf, RUN } from './runModel';
import { runUrl } from './webLinks';

/** How long to wait between two readings: at first, and at most; each time half as long again. */
interface Pauses {
	firstMs: number;
	maxMs: number;
}

const RUN_PAUSES: Pauses = { firstMs: 500, maxMs: 15_000 };
const CONNECTION_PAUSES: Pauses = { firstMs: 1_000, maxMs: 10_000 };

/**
 * Reads something again and again until it is in the wanted state.
 *
 * @param outOfTime the error when the item's time is up before, given the last reading
 */
async function waitUntil<T>(
	client: ItemClient,
	{ firstMs, maxMs }: Pauses,
	read: () => Promise<T>,
	isThere: (read: T) => boolean,
	outOfTime: (last: T) => Problem,
): Promise<T> {
	for (let pauseMs = firstMs; ; pauseMs = Math.min(pauseMs * 1.5, maxMs)) {
		const now = await read();
		if (isThere(now)) return now;
		if (client.remainingMs() <= pauseMs) throw outOfTime(now);
		await client.pause(pauseMs);
	}
}

/**
 * Waits until a run has ended, well or not, and gives it as it is then.
 *
 * @throws Problem when the item's time is up before; the last state is in its message
 */
export async function waitForRun(client: ItemClient, id: string): Promise<Run> {
	return await waitUntil(
		client,
		RUN_PAUSES,
		async () => await getResource(client, RUN, id),
		(run) => endOf(run) !== undefined,
		(run) => stillRunning(client, run),
	);
}

/**
 * Waits while Adobe says `initializing` (a new base connection on AWS does for about 90 seconds;
 * on Azure it is `enabled` at once), and gives the connection in the state that it ended in.
 *
 * @throws Problem when the item's time is up before; the last state is in its message
 */
export async function waitWhileInitializing(
	client: ItemClient,
	id: string,
): Promise<BaseConnection> {
	return await waitUntil(
		client,
		CONNECTION_PAUSES,
		async () => await getResource(client, CONNECTION, id),
		({ state }) => state !== 'initializing',
		() => stillInitializing(client, id),
	);
}

function stillRunning(client: ItemClient, run: Run): Problem {
	const url = runUrl(client, run);
	return new Problem(
		`The run is still '${run.statusWord ?? 'without a state'}' after the time that 'Timeout' allows`,
		{
			advice:
				"Raise 'Timeout' under Options, or look at it later with the operation Get of the resource Run.",
			notes: [
				`The run ${run.id} continues at Adobe.`,
				...(url === undefined ? [] : [`It is also at ${url}`]),
			],
			details: { runId: run.id, operation: 'Wait for a run', sandboxName: client.sandboxName },
		},
	);
}

function stillInitializing(client: ItemClient, id: string): Problem {
	return new Problem(
		"The connection is still 'initializing' after the time that 'Timeout' allows",
		{
			advice: "Raise 'Timeout' under Options, or test it later with the operation Test.",
			notes: ['Adobe continues to prepare it.'],
			details: {
				connectionId: id,
				operation: 'Wait for a connection',
				sandboxName: client.sandboxName,
			},
		},
	);
}
