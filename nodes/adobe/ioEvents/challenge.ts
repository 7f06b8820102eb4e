import { asRecord, textOf } from '../../platform/json';

/** It is repeated to whoever asks, so nothing that a browser could take for more than a word. */
const CHALLENGE = /^[\w.~+/=:-]{1,500}$/;

/** Where Adobe lets a webhook confirm that it wants events (Adobe I/O Events, "Webhooks"). */
const VALIDATION_PATH = '/csm/registrations/validate';

/** What Adobe's GET wants to have repeated; undefined where it is not there or no such word. */
export function challengeIn(query: unknown): string | undefined {
	const challenge = textOf(asRecord(query)?.challenge);
	return challenge !== undefined && CHALLENGE.test(challenge) ? challenge : undefined;
}

/** Whether a body asks for the other way of confirming. */
export function asksForValidation(body: unknown): boolean {
	return asRecord(body)?.validationUrl !== undefined;
}

/**
 * Path and query of the address to be called; undefined for any other host or path than Adobe's own: the
 * body is not signed, and whoever knows the webhook can send one.
 *
 * @param challengeOrigin the only host that may be called
 */
export function validationPathIn(body: unknown, challengeOrigin: string): string | undefined {
	const text = textOf(asRecord(body)?.validationUrl);
	if (text === undefined || text.length > 2_000 || !URL.canParse(text)) return undefined;
	const { origin, pathname, search, username, password } = new URL(text);
	const isAdobes =
		origin === challengeOrigin &&
		pathname === VALIDATION_PATH &&
		username === '' &&
		password === '';
	return isAdobes ? pathname + search : undefined;
}
