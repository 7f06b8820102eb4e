import { randomUUID } from 'node:crypto';
import { query } from '../http/call.mts';
import { type ApiRequest, Reply, type RouteTable } from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { eventsError } from './access.mts';
import type { StoredRegistration } from './registrationStore.mts';

/** flow-service-more.md 9.2. */
const VALIDATE_WITHIN_MS = 5 * 60_000;
const PATH = '/csm/registrations/validate';
const TIMEOUT_MS = 10_000;

/** At Adobe on a host of its own, `csm.adobe.io`, without any sign-in. */
export const CHALLENGE_ROUTES: RouteTable = { [`GET ${PATH}` as const]: validate };

/**
 * Asks a webhook whether it wants the events: first by GET, and where that fails by a POST with an address
 * to be called; flow-service-more.md 9.2.
 */
export async function challengeWebhook(
	state: EmulatorState,
	registration: StoredRegistration,
): Promise<void> {
	const { webhookUrl } = registration;
	if (webhookUrl === undefined) return;
	const challenge = randomUUID();
	registration.webhookStatus = 'unverified';
	registration.challenge = challenge;
	const { challengeBy } = state.settings;
	if (challengeBy === 'get' && (await isRepeated(state, webhookUrl, challenge))) {
		confirm(registration);
		return;
	}
	const { clock, registrations } = state;
	clock.at(clock.now() + VALIDATE_WITHIN_MS, () => {
		if (registration.challenge !== challenge || !registrations.has(registration)) return;
		registration.enabled = false;
		registration.webhookStatus = 'disabled';
	});
	const id = registration.registrationId;
	const validationUrl = `${state.origin}${PATH}?id=${id}&challenge=${challenge}`;
	await send(state, webhookUrl, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'user-agent': 'Adobe/1.0' },
		body: JSON.stringify({ validationUrl }),
	});
}

async function isRepeated(
	state: EmulatorState,
	webhookUrl: string,
	challenge: string,
): Promise<boolean> {
	const url = new URL(webhookUrl);
	url.searchParams.set('challenge', challenge);
	const answer = await send(state, url.href, { headers: { 'user-agent': 'Adobe/1.0' } });
	if (answer?.status !== 200) return false;
	if (answer.type.startsWith('text/plain')) return answer.text === challenge;
	if (!answer.type.startsWith('application/json')) return false;
	try {
		return (JSON.parse(answer.text) as { challenge?: unknown } | null)?.challenge === challenge;
	} catch {
		return false;
	}
}

function validate({ registrations }: EmulatorState, request: ApiRequest): Reply {
	const parameters = query(request);
	const registration = registrations.find(parameters.get('id') ?? '');
	const challenge = parameters.get('challenge');
	if (registration === undefined || challenge === null || registration.challenge !== challenge) {
		throw eventsError(404, 'There is nothing to validate.');
	}
	confirm(registration);
	return new Reply(200, { status: 'verified' });
}

function confirm(registration: StoredRegistration): void {
	registration.webhookStatus = 'verified';
	delete registration.challenge;
}

/** What a webhook has answered; undefined where it has not. */
export async function send(
	{ closing }: EmulatorState,
	url: string,
	request: RequestInit,
): Promise<{ status: number; type: string; text: string } | undefined> {
	try {
		const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), closing.signal]);
		const answer = await fetch(url, { ...request, signal, redirect: 'manual' });
		const type = answer.headers.get('content-type') ?? '';
		return { status: answer.status, type, text: await answer.text() };
	} catch {
		return undefined;
	}
}
