import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { asksForValidation, challengeIn, validationPathIn } from '../adobe/ioEvents/challenge';
import type { PlatformClient } from '../platform/client';
import { describeFailure } from '../platform/errors/nodeError';
import { getPublicFile } from '../platform/send';
import { answer } from './answer';
import { eventsIn } from './delivery';
import { openWebhook } from './openWebhook';
import type { OpenWebhook } from './openWebhook';
import { followDelivery } from './followDelivery';

/** Adobe's largest delivery; n8n itself takes sixteen megabytes from whoever comes. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/**
 * One request to the webhook. Nothing in it is believed before its signature has been checked, and of what it
 * says then only which run to look at. Adobe is answered at once, and the work follows.
 *
 * It never throws: n8n would then answer a second time.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	if (context.getWebhookName() === 'setup') return answerChallenge(context);
	let platform: PlatformClient | undefined;
	try {
		const body = bodyOf(context);
		if (body === undefined) return answer(context, 413, 'Too large');
		const json = parse(body);
		if (json === undefined) return answer(context, 400, 'Not JSON');
		const webhook = await openWebhook(context);
		platform = webhook.platform;
		if (asksForValidation(json)) return await validate(context, webhook, json);
		const verdict = await eventsIn(context, webhook, body, json);
		if ('refusal' in verdict) {
			context.logger.warn(`A request to the webhook was refused: ${verdict.refusal}`, {
				node: context.getNode().name,
			});
			return answer(context, verdict.status, 'Refused');
		}
		answer(context, 200, 'OK');
		const items = await followDelivery(context, webhook, verdict);
		if (items.length === 0) return { noWebhookResponse: true };
		return { noWebhookResponse: true, workflowData: [items] };
	} catch (error) {
		const { message, description } = describeFailure(error, platform?.secrets() ?? []);
		context.logger.error(`An event of a dataflow run could not be handled: ${message}`, {
			node: context.getNode().name,
			description,
		});
		// Adobe delivers again what was not answered with success.
		return answer(context, 503, 'Not available');
	}
}

/** Adobe asks by GET whether the events are wanted. */
function answerChallenge(context: IWebhookFunctions): IWebhookResponseData {
	const challenge = challengeIn(context.getQueryData());
	return challenge === undefined
		? answer(context, 400, 'No challenge')
		: answer(context, 200, challenge);
}

/** The other way: an address to be called, which has to be Adobe's own. */
async function validate(
	context: IWebhookFunctions,
	{ origins }: OpenWebhook,
	json: unknown,
): Promise<IWebhookResponseData> {
	const path = validationPathIn(json, origins.challengeOrigin);
	if (path === undefined) {
		context.logger.warn("A request to the webhook was refused: its validationUrl is not Adobe's", {
			node: context.getNode().name,
		});
		return answer(context, 400, 'Refused');
	}
	answer(context, 200, 'OK');
	await getPublicFile(context, origins.challengeOrigin, path);
	return { noWebhookResponse: true };
}

/** The bytes as they came, which are what was signed; undefined for too many. */
function bodyOf(context: IWebhookFunctions): Uint8Array | undefined {
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const bytes = rawBody instanceof Uint8Array ? rawBody : new Uint8Array();
	return bytes.length > MAX_BODY_BYTES ? undefined : bytes;
}

function parse(body: Uint8Array): unknown {
	try {
		return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
	} catch {
		return undefined;
	}
}
