import type { ItemClient } from '../platform/client';
import { steadyEpochMs } from '../platform/clocks/steadyClock';
import { asIs, Problem } from '../platform/errors/problem';
import { getResource } from './collection';
import type { BaseConnection } from './connections';
import { CONNECTION } from './connections';
import type { Run } from './runModel';
import { countOf, endOf, RUN } from './runModel';
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
 * @param client whose time limits the waiting
 * @param outOfTime the error when that time is up before, given the last reading
 */
async function waitUntil<T>(
	client: Pick<ItemClient, 'pause' | 'remainingMs'>,
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

const MINUTE_MS = 60_000;

/** Readings in a row that may fail while a run is waited for, each after its own retries: some minutes. */
const MAX_FAILED_READINGS = 10;

/** Reads a run; one that was read before stays as it was while Adobe can't answer for a moment. */
function patientReading(openClient: () => ItemClient, id: string): () => Promise<Run> {
	let last: Run | undefined;
	let failed = 0;
	return async () => {
		try {
			last = await getResource(openClient(), RUN, id);
			failed = 0;
		} catch (error) {
			failed++;
			if (last === undefined || failed > MAX_FAILED_READINGS || !isTemporary(error))
				throw asIs(error);
		}
		return last;
	};
}

function isTemporary(error: unknown): boolean {
	const cause = error instanceof Problem ? error.failure?.cause : undefined;
	return cause === 'temporarily-unavailable' || cause === 'rate-limited';
}

/**
 * Waits until a run has ended, well or not, and returns it as it is then. A run takes as long as its rows
 * do, so the waiting has a limit of its own, and the time of an item limits each of the readings.
 *
 * @param openClient gives a client whose time begins now
 * @param limit the parameter that the waiting is limited by
 * @throws Problem when the time is up before; the last state is in its message
 */
export async function waitForRun(
	openClient: () => ItemClient,
	id: string,
	maxWaitMs: number,
	limit = 'Maximum Wait',
): Promise<Run> {
	const client = openClient();
	const endEpochMs = steadyEpochMs() + maxWaitMs;
	return await waitUntil(
		{
			pause: async (durationMs) => await client.pause(durationMs),
			remainingMs: () => endEpochMs - steadyEpochMs(),
		},
		RUN_PAUSES,
		patientReading(openClient, id),
		(run) => endOf(run) !== undefined,
		(run) => stillRunning(client, run, maxWaitMs / MINUTE_MS, limit),
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

function stillRunning(client: ItemClient, run: Run, minutes: number, limit: string): Problem {
	const url = runUrl(client, run);
	return new Problem(
		`The run is still '${run.statusWord ?? 'without a state'}' after ${countOf(minutes, 'minute')}`,
		{
			advice: `Raise '${limit}', or look at it later with the operation Get of the resource Run.`,
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
