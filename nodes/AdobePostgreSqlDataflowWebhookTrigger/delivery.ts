import type { IWebhookFunctions } from 'n8n-workflow';

import type { RunSignal } from '../adobe/ioEvents/eventPayload';
import { readEnvelope, readRunSignals } from '../adobe/ioEvents/eventPayload';
import { isSigned } from '../adobe/ioEvents/publicKeys';
import { signaturesIn } from '../adobe/ioEvents/signature';
import { lowerCaseNames } from '../platform/json';
import { getPublicFile } from '../platform/send';
import type { OpenWebhook } from './openWebhook';

/** What was delivered, and certainly by Adobe to this client. */
export interface Delivered {
	/** Adobe's ID, the same in every copy. */
	eventId?: string;
	signals: RunSignal[];
}

/** Why a request is not acted upon. */
export interface Refused {
	status: number;
	refusal: string;
}

/**
 * Whether Adobe has delivered this to us: it names our client, and one of its signatures fits its bytes, by a
 * key on Adobe's own host. Whatever costs least is looked at first.
 *
 * @param body the bytes as they came
 * @param json the same, parsed
 * @throws where a key can't be fetched now
 */
export async function eventsIn(
	context: IWebhookFunctions,
	{ client, origins }: OpenWebhook,
	body: Uint8Array,
	json: unknown,
): Promise<Delivered | Refused> {
	const { recipientClientId, eventId } = readEnvelope(json);
	if (recipientClientId !== client.clientId) {
		return { status: 401, refusal: "it is not for the credential's client" };
	}
	const signatures = signaturesIn(lowerCaseNames(context.getHeaderData()));
	if (signatures.length === 0) {
		return { status: 401, refusal: 'it has no signature that could be checked' };
	}
	const isGenuine = await isSigned(
		body,
		signatures,
		origins.keysOrigin,
		async (keyPath) => await getPublicFile(context, origins.keysOrigin, keyPath),
	);
	if (!isGenuine) return { status: 401, refusal: 'its signature does not fit' };
	return { eventId, signals: readRunSignals(json) };
}
