import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/problem';
import { asRecord } from '../platform/shape';
import { FLOW_SERVICE } from './path';
import { adviceFor } from './testAdvice';

/** How Adobe's test of a base connection ended. */
export type TestResult =
	| { passed: true }
	| {
			passed: false;
			/** Adobe's own words, where it gave any. */
			reason: string;
			/** Which field to look at and what to do. */
			advice: string;
	  };

/** Refusals of the test call that are about the call and not about the database. */
const NOT_THE_DATABASE = new Set([401, 403, 404, 429]);

/**
 * `GET /connections/{id}/test`: Adobe itself logs in to the database. `{ "result": true }` says
 * that it could. A database that can't be used shows as `{ "result": false }` or as an error of
 * the connector; the documentation shows only the first, so both are read as a failed test.
 *
 * @throws Problem when the test itself could not be made
 */
export async function testConnection(client: ItemClient, id: string): Promise<TestResult> {
	try {
		const answer = await client.request({
			method: 'GET',
			path: [...FLOW_SERVICE, 'connections', id, 'test'],
			operation: 'Test a connection',
			permission: 'View Sources',
			subject: `The connection '${id}'`,
		});
		if (asRecord(answer.body)?.result === true) return { passed: true };
		return { passed: false, reason: 'Adobe gave no reason', advice: adviceFor('') };
	} catch (error) {
		return failedTest(error);
	}
}

function failedTest(error: unknown): TestResult {
	if (!(error instanceof Problem) || !isAboutTheDatabase(error)) throw error;
	const reason = error.adobeMessage ?? error.message;
	return { passed: false, reason, advice: adviceFor(reason) };
}

function isAboutTheDatabase({ details: { status, code } }: Problem): boolean {
	if (status === undefined || NOT_THE_DATABASE.has(status)) return false;
	return code?.startsWith('CONNECTOR-') === true || (status >= 400 && status < 500);
}
