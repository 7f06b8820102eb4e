import { waitWhileInitializing } from '../../flowService/connectionReadiness';
import type { BaseConnection } from '../../flowService/connections';
import { deleteConnection } from '../../flowService/connections';
import { testConnection } from '../../flowService/connectionTest';
import type { ItemClient } from '../../platform/client';
import { Problem, toProblem } from '../../platform/problem';

const TEST_FAILED = 'Adobe could not log in to the database, so no connection is passed on';

/**
 * Makes sure that a connection made just now can be used: waits while Adobe prepares it and lets
 * Adobe log in to the database.
 *
 * A connection that fails the test is deleted again, as nothing can use it yet: another try of
 * the same item then starts clean, and no broken connection is left behind with every try.
 *
 * @throws Problem that says what is wrong with the database details and what became of the connection
 */
export async function verifyNewConnection(client: ItemClient, id: string): Promise<BaseConnection> {
	try {
		return await verify(client, id);
	} catch (error) {
		throw withConnection(error, id);
	}
}

async function verify(client: ItemClient, id: string): Promise<BaseConnection> {
	const connection = await waitWhileInitializing(client, id);
	if (connection.state !== undefined && connection.state !== 'enabled') {
		throw new Problem(`The new connection is '${connection.state}' and not 'enabled'`, {
			description: 'Look at it in Experience Platform under Sources > Accounts.',
			details: aboutConnection(client, id),
		});
	}
	const outcome = await testConnection(client, id);
	if (outcome.passed) return connection;
	const removal = await remove(client, id);
	throw new Problem(TEST_FAILED, {
		description: `${outcome.advice} Adobe says: ${outcome.reason.replace(/\.$/, '')}. ${removal.text}`,
		details: { ...aboutConnection(client, id), connectionId: removal.done ? undefined : id },
		failure: { cause: 'configuration-invalid' },
	});
}

/** Whatever else stopped the verification, the connection is there, and its ID must not be lost. */
function withConnection(error: unknown, id: string): Problem {
	const problem = toProblem(error);
	if (problem.message === TEST_FAILED) return problem;
	return problem.with({
		message: `The connection was made but could not be verified: ${problem.message}`,
		description: `${problem.description} The connection ${id} is kept.`,
		details: { connectionId: id },
	});
}

async function remove(client: ItemClient, id: string): Promise<{ done: boolean; text: string }> {
	try {
		await deleteConnection(client, id);
		return { done: true, text: 'The connection was removed again.' };
	} catch (error) {
		const why = error instanceof Error ? error.message : 'for an unknown reason';
		return { done: false, text: `The connection ${id} could not be removed again: ${why}.` };
	}
}

function aboutConnection(client: ItemClient, id: string) {
	return {
		code: 'TEST_FAILED',
		connectionId: id,
		operation: 'Create a connection',
		sandboxName: client.sandboxName,
	};
}
