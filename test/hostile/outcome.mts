import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { wholeTextOf } from '../support/connectionNode.mts';
import { executeNode, wire } from '../support/core.mts';
import type { AdobeDouble } from './adobeDouble.mts';
import { CLIENT_SECRET, TOKEN } from './adobeDouble.mts';

export const DATABASE_PASSWORD = 'database-password-of-the-tests';
export const CONNECTION_STRING = `Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=${DATABASE_PASSWORD}`;

/** How a run of the node ended. */
export type Outcome = { items: INodeExecutionData[] } | { error: unknown };

/** Runs a node against the double, whatever comes of it. */
export async function outcomeOf(
	double: AdobeDouble,
	parameters: INodeParameters,
	json: INodeExecutionData['json'] = {},
	nodeType: INodeType = new AdobePostgreSqlConnection(),
): Promise<Outcome> {
	const wired = wire({
		nodeType,
		parameters,
		credentials: {
			ims: double.credential(),
			source: { authMode: 'connectionString', connectionString: CONNECTION_STRING },
		},
	});
	try {
		return { items: await executeNode(wired, [{ json }]) };
	} catch (error) {
		return { error };
	}
}

/** What JavaScript or a library says when code has not reckoned with a value. */
const UNCLEAR =
	/Cannot read|Cannot convert|Cannot set|is not a function|is not iterable|is not defined|not a constructor|URI malformed|Maximum call stack|Unexpected token|Invalid time|Invalid URL|Invalid regular|\[object |undefined|ERR_UNESCAPED|unknown reason/;

/** Items that can be stored, or one of n8n's errors with words in it; no secret in either. */
export function expectGoodEnd(outcome: Outcome): void {
	if ('items' in outcome) {
		for (const { json } of outcome.items) {
			const text = JSON.stringify(json);
			expect(typeof text).toBe('string');
			expectNoSecretIn(text);
		}
		return;
	}
	const { error } = outcome;
	if (!(error instanceof NodeOperationError) && !(error instanceof NodeApiError)) throw error;
	expect(error.message).not.toMatch(UNCLEAR);
	expect(error.message.length).toBeGreaterThan(5);
	expectNoSecretIn(wholeTextOf(error));
}

export function expectNoSecretIn(text: string): void {
	for (const secret of [DATABASE_PASSWORD, CLIENT_SECRET, TOKEN]) {
		expect(text).not.toContain(secret);
	}
}

/** The members of JavaScript's own prototypes, before anything hostile was let in. */
const CLEAN = [Object.prototype, Array.prototype, Function.prototype].map((prototype) =>
	Reflect.ownKeys(prototype),
);

export function expectCleanPrototypes(): void {
	const now = [Object.prototype, Array.prototype, Function.prototype].map((prototype) =>
		Reflect.ownKeys(prototype),
	);
	expect(now).toStrictEqual(CLEAN);
}
