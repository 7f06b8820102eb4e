import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/problem';
import type { BaseConnection } from './connections';
import { getConnection } from './connections';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

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
	for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
		const connection = await getConnection(client, id);
		if (connection.state !== 'initializing') return connection;
		if (client.remainingMs() <= pauseMs) {
			throw new Problem(
				"The connection is still 'initializing' after the time that 'Timeout' allows",
				{
					description:
						"Adobe goes on preparing it. Raise 'Timeout' under Options, or test it later with the operation Test.",
					details: {
						connectionId: id,
						operation: 'Wait for a connection',
						sandboxName: client.sandboxName,
					},
				},
			);
		}
		await client.pause(pauseMs);
	}
}
