import type { IHttpRequestOptions } from 'n8n-workflow';

import { readBody } from '../answerBody';
import { asRecord } from '../json';
import type { NodeContext } from '../n8nHost';

/** What came of asking for something that is there for everybody: its text, or the status of a refusal. */
export type PublicAnswer = { text: string } | { status: number };

/** A key has a kilobyte, and the answer to a challenge less. */
const MAX_BYTES = 64 * 1024;

/** Adobe waits ten seconds for our answer, which needs what is asked for here. */
const TIMEOUT_MS = 4_000;

/**
 * Gets something that Adobe shows to everybody, without a credential and without following a redirect.
 *
 * @param origin one of the credential's; never out of a request
 * @param pathAndQuery checked by the caller
 * @throws what n8n's HTTP client throws where there is no answer
 */
export async function getPublicFile(
	context: NodeContext,
	origin: string,
	pathAndQuery: string,
): Promise<PublicAnswer> {
	const request: IHttpRequestOptions = {
		method: 'GET',
		url: origin + pathAndQuery,
		json: false,
		encoding: 'stream',
		timeout: TIMEOUT_MS,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	const answer: unknown = await context.helpers.httpRequest(request);
	const { statusCode, body } = asRecord(answer) ?? {};
	const text = await readBody(body, MAX_BYTES, (json) => json);
	return statusCode === 200 && typeof text === 'string' ? { text } : { status: Number(statusCode) };
}
