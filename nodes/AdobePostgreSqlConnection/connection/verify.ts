import type { INodeProperties } from 'n8n-workflow';

import { deleteResource } from '../../adobe/collection';
import type { BaseConnection } from '../../adobe/connections';
import { CONNECTION } from '../../adobe/connections';
import type { TestResult } from '../../adobe/connectionTest';
import { testConnection } from '../../adobe/connectionTest';
import type { MadeConnection } from '../../adobe/lostWrites/connectionCreations';
import { waitWhileInitializing } from '../../adobe/waitFor';
import type { ItemClient } from '../../platform/client';
import { asIs, isProblem, Problem, toProblem } from '../../platform/errors/problem';

export const verifyParameter: INodeProperties = {
	displayName: 'Verify Connection',
	name: 'verify',
	type: 'boolean',
	default: true,
	description:
		'Whether to have Adobe test the login first. A new connection that fails is removed. On AWS this waits until the connection is ready.',
};

type FailedTest = Extract<TestResult, { passed: false }>;

/** What became of a connection whose test failed. */
interface Outcome {
	text: string;
	/** Set when the connection still exists. */
	connectionId?: string;
}

interface Verification {
	/** What was done to the connection before, as messages say it. */
	done: 'created' | 'changed' | 'left unchanged';
	operation: string;
	failedTest: string;
	afterFailedTest(): Promise<Outcome>;
}

/**
 * Makes sure that a connection that was just created can be used: waits while Adobe prepares it and
 * lets Adobe log in to the database.
 *
 * A connection that fails the test is deleted, as nothing can use it yet: the next attempt of the same
 * item starts clean, and no attempt leaves a broken connection behind. One that was adopted is kept:
 * it may be somebody else's.
 *
 * @throws Problem that says what is wrong with the database details and what became of the connection
 */
export async function verifyNewConnection(
	client: ItemClient,
	{ id, adopted, others }: Pick<MadeConnection, 'id' | 'adopted' | 'others'>,
): Promise<BaseConnection> {
	const verified = verify(client, id, {
		done: 'created',
		operation: 'Create a connection',
		failedTest: 'Adobe could not log in to the database, so no connection ID is returned',
		afterFailedTest: async () => (adopted ? keptAsAdopted(id) : await remove(client, id)),
	});
	return await verified.catch((error: unknown) => {
		throw error instanceof Problem ? withOthers(error, others) : asIs(error);
	});
}

/** The same problem, told with what may have come of attempts whose answers were lost. */
export function withOthers(problem: Problem, others: MadeConnection['others']): Problem {
	if (others === undefined) return problem;
	const what =
		others === 'unknown'
			? 'it is not clear whether Adobe has created another connection of this name'
			: `perhaps ${others.ids.join(', ')} of this name as well`;
	return problem
		.noting(`An answer was lost before: ${what}. Look for it before you try again.`)
		.detailing({ leftBehind: what });
}

/** What was done to a connection that existed already. */
interface Change {
	/** As in the output, e.g. `updated`. */
	action: string;
	/** Whether it was given database details. */
	sentDetails: boolean;
}

/**
 * The same for a connection that existed already. It is kept when the test fails, as dataflows may use
 * it, and what it held before can't be read back.
 *
 * @throws Problem that says what is wrong with the database details
 */
export async function verifyChangedConnection(
	client: ItemClient,
	id: string,
	{ action, sentDetails }: Change,
): Promise<BaseConnection> {
	const isChanged = action === 'updated';
	return await verify(client, id, {
		done: isChanged ? 'changed' : 'left unchanged',
		operation: 'Update a connection',
		failedTest: isChanged
			? 'The connection was changed, but Adobe cannot log in to the database with it'
			: 'The connection needed no change, but Adobe cannot log in to the database with it',
		afterFailedTest: async () => ({
			text: sentDetails
				? `The connection ${id} holds the new details.`
				: `The database details of the connection ${id} were not changed.`,
			connectionId: id,
		}),
	});
}

/** Whether Adobe could not log in; anything else may have other reasons. */
export function isFailedTest(error: unknown): boolean {
	return isProblem(error, 'testFailed');
}

/** Whether a new connection has failed the test and is not there any more. */
export function isRemovedAgain(error: unknown): boolean {
	return isProblem(error, 'testFailed') && error.details.connectionId === undefined;
}

async function verify(
	client: ItemClient,
	id: string,
	verification: Verification,
): Promise<BaseConnection> {
	const { connection, failure } = await findFailure(client, id).catch((error: unknown) => {
		throw withConnection(error, id, verification);
	});
	if (failure === undefined) return connection;
	const outcome = await verification.afterFailedTest();
	throw new Problem(verification.failedTest, {
		kind: 'testFailed',
		advice: failure.advice,
		notes: [outcome.text],
		adobeMessage: failure.reason,
		details: {
			code: 'TEST_FAILED',
			operation: verification.operation,
			sandboxName: client.sandboxName,
			connectionId: outcome.connectionId,
		},
		failure: { cause: 'configuration-invalid' },
	});
}

/** Why Adobe cannot log in, with what to do about it; undefined when it can. */
async function findFailure(
	client: ItemClient,
	id: string,
): Promise<{ connection: BaseConnection; failure?: FailedTest }> {
	const connection = await waitWhileInitializing(client, id);
	if (connection.state !== undefined && connection.state !== 'enabled') {
		throw new Problem(`it is '${connection.state}' and not 'enabled'`, {
			advice: 'Look at it in Experience Platform under Sources > Accounts.',
			details: { sandboxName: client.sandboxName },
		});
	}
	const outcome = await testConnection(client, id);
	return outcome.passed ? { connection } : { connection, failure: outcome };
}

/** Whatever else stopped the verification, the connection exists, and its ID must not be lost. */
function withConnection(error: unknown, id: string, { done, operation }: Verification): Problem {
	const problem = toProblem(error);
	return problem
		.retitled(`The connection was ${done} but could not be verified: ${problem.message}`)
		.noting(`The connection ${id} is kept.`)
		.detailing({ connectionId: id, operation });
}

function keptAsAdopted(id: string): Outcome {
	return {
		text: `The connection ${id} was not removed: Adobe's answer was lost, and this connection was found because it was created under the same name at that time. Somebody else may have created it. If it is yours, delete it.`,
		connectionId: id,
	};
}

async function remove(client: ItemClient, id: string): Promise<Outcome> {
	try {
		await deleteResource(client, CONNECTION, id);
		return { text: 'The connection was removed again.' };
	} catch (error) {
		const why = error instanceof Error ? error.message : 'for an unknown reason';
		return {
			text: `The connection ${id} could not be removed again: ${why}.`,
			connectionId: id,
		};
	}
}
