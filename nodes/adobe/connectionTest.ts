import type { ItemClient } from '../platform/client';
import { asRecord } from '../platform/json';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';
import { FLOW_SERVICE } from './collection';
import { adviceFor, isDatabaseError } from './errors/databaseErrors';

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

/**
 * `GET /connections/{id}/test`: Adobe itself logs in to the database. `{ "result": true }` says
 * that it could. A database that can't be used shows as `{ "result": false }` or as an error of
 * the connector; the documentation shows only the first, so both are read as a failed test.
 *
 * @throws Problem when the test itself could not be made
 */
export async function testConnection(client: ItemClient, id: string): Promise<TestResult> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...FLOW_SERVICE, 'connections', id, 'test'],
		operation: 'Test a connection',
		permission: 'View Sources',
		subject: `The connection '${id}'`,
	};
	try {
		return await requestValue(client, request, 'true or false in "result"', readResult);
	} catch (error) {
		return failedTest(error);
	}
}

function readResult(body: unknown): TestResult | undefined {
	const result = asRecord(body)?.result;
	if (result === true) return { passed: true };
	if (result !== false) return undefined;
	return { passed: false, reason: 'Adobe gave no reason', advice: adviceFor('') };
}

function failedTest(error: unknown): TestResult {
	if (!isDatabaseError(error)) throw error;
	const reason = error.adobeMessage ?? error.message;
	return { passed: false, reason, advice: adviceFor(reason) };
}
