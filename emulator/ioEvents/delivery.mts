import { randomUUID } from 'node:crypto';
import {
	type ApiRequest,
	noContent,
	pathId,
	type Reply,
	type RouteTable,
} from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { admitToEvents, eventsError } from './access.mts';
import { send } from './challenge.mts';
import type { RunEvent } from './eventLog.mts';
import type { Signature } from './keys.mts';
import { envelopeOf, payloadOf } from './payloads.mts';
import { codeOf, eventCodes, PROVIDER_ID } from './providers.mts';
import type { StoredRegistration } from './registrationStore.mts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** flow-service-more.md 9.3: then every fifteen minutes, for a day. */
const RETRY_MINUTES = [1, 2, 4, 8, 15];

/** flow-service-more.md 9.3: what it takes to be switched off. */
const MIN_ATTEMPTS = 10;
const MIN_FAILED_SHARE = 0.8;

/**
 * What deliveries are like; each of them may be. `outOfOrder`: each waits for another time. `twice`: every
 * event comes twice. `late`: every seventh comes half a minute later. `lost`: every tenth does not come.
 * The others send something besides that nobody must act upon: changed on the way (`tampered`), signed with a
 * key that Adobe does not publish (`staleKey`), or for another client (`wrongClient`).
 */
export const DELIVERY_WEATHER = [
	'outOfOrder',
	'twice',
	'late',
	'lost',
	'tampered',
	'staleKey',
	'wrongClient',
] as const;

export type DeliveryWeather = (typeof DELIVERY_WEATHER)[number];

/** One request to a webhook, and what it has answered; 0 for nothing. */
export interface Delivery {
	registrationId: string;
	eventId: string;
	at: number;
	attempt: number;
	status: number;
	/** What was wrong with it on purpose. */
	forged?: DeliveryWeather;
}

interface Parcel {
	eventId: string;
	code: string;
	body: Buffer;
	signatures: [Signature, Signature];
	forged?: DeliveryWeather;
}

/** Delivers events to webhooks, and tries again: flow-service-more.md 9.3. */
export class Deliveries {
	/** All that were sent since the start or the last reset. */
	readonly sent: Delivery[] = [];

	constructor(private readonly state: EmulatorState) {
		state.events.onEvent((event) => this.onEvent(event));
	}

	reset(): void {
		this.sent.length = 0;
	}

	/** A sample as the console sends it; what is in it is ⚠UNV. It tells of a run that does not exist. */
	sendSample(registration: StoredRegistration, code: string): void {
		const now = this.state.clock.now();
		const eventId = randomUUID();
		const event = {
			id: randomUUID(),
			flowId: randomUUID(),
			flowRunId: randomUUID(),
			status: 'FIRING',
			name: 'Sample',
			imsOrgId: registration.imsOrgId,
			createdAt: now,
			header: { _adobeio: { imsOrgId: registration.imsOrgId, eventCode: code } },
		};
		const body = { event_id: eventId, event, recipient_client_id: registration.clientId };
		this.schedule(registration, this.parcel(eventId, code, body), 0);
	}

	private onEvent(event: RunEvent): void {
		const { state } = this;
		const code = codeOf(event.kind, state.settings);
		for (const registration of state.registrations.all()) {
			const wants = registration.events.some(({ event_code: wanted }) => wanted === code);
			if (!wants || registration.imsOrgId !== event.run.imsOrgId) continue;
			this.deliver(registration, event, code);
		}
	}

	private deliver(registration: StoredRegistration, event: RunEvent, code: string): void {
		const { eventPayload, eventEnvelope, deliveries } = this.state.settings;
		const has = (weather: DeliveryWeather) => deliveries.includes(weather);
		const body = (clientId: string) =>
			envelopeOf(event, payloadOf(event, eventPayload), eventEnvelope, clientId);
		if (has('lost') && event.sequence % 10 === 0) return;
		const good = this.parcel(event.id, code, body(registration.clientId));
		const delayMs =
			(has('late') && event.sequence % 7 === 0 ? MINUTE_MS / 2 : 0) +
			(has('outOfOrder') ? ((event.sequence * 7) % 5) * 20 : 0);
		const parcels = [
			...(has('tampered') ? [tampered(good)] : []),
			...(has('staleKey') ? [this.withForgedKey(good)] : []),
			...(has('wrongClient') ? [this.forOther(event, code, body(randomUUID()))] : []),
			good,
			...(has('twice') ? [good] : []),
		];
		for (const parcel of parcels) this.schedule(registration, parcel, delayMs);
	}

	private parcel(eventId: string, code: string, body: object): Parcel {
		const bytes = Buffer.from(JSON.stringify(body));
		return { eventId, code, body: bytes, signatures: this.state.eventKeys.sign(bytes) };
	}

	private withForgedKey(parcel: Parcel): Parcel {
		const signatures = this.state.eventKeys.forge(parcel.body);
		return { ...parcel, signatures, forged: 'staleKey' };
	}

	private forOther(event: RunEvent, code: string, body: object): Parcel {
		return { ...this.parcel(event.id, code, body), forged: 'wrongClient' };
	}

	private schedule(registration: StoredRegistration, parcel: Parcel, delayMs: number): void {
		const { clock } = this.state;
		const now = clock.now();
		clock.at(now + delayMs, async () => await this.attempt(registration, parcel, now, 0));
	}

	private async attempt(
		registration: StoredRegistration,
		parcel: Parcel,
		firstAt: number,
		count: number,
	): Promise<void> {
		const { state } = this;
		const { webhookUrl, enabled } = registration;
		const isGone = !state.registrations.has(registration) || state.closing.signal.aborted;
		if (isGone || webhookUrl === undefined || !enabled) return;
		if (registration.webhookStatus === 'unverified') return;
		const at = state.clock.now();
		const answer = await send(state, webhookUrl, {
			method: 'POST',
			headers: headersOf(parcel, count),
			body: new Uint8Array(parcel.body),
		});
		const status = answer?.status ?? 0;
		const { eventId, forged } = parcel;
		this.sent.push({
			registrationId: registration.registrationId,
			eventId,
			at,
			attempt: count,
			status,
			...(forged && { forged }),
		});
		if (forged !== undefined) return;
		const ok = status >= 200 && status < 300;
		this.judge(registration, at, ok);
		const isRetried = status === 0 || status === 429 || (status >= 500 && status !== 505);
		if (ok || !isRetried) return;
		const minutes = RETRY_MINUTES[count] ?? RETRY_MINUTES.at(-1) ?? 15;
		const due = at + minutes * MINUTE_MS;
		if (due > firstAt + DAY_MS) return;
		state.clock.at(due, async () => await this.attempt(registration, parcel, firstAt, count + 1));
	}

	/** Unstable as soon as one fails, and switched off after a day of failures: flow-service-more.md 9.3. */
	private judge(registration: StoredRegistration, at: number, ok: boolean): void {
		const { attempts } = registration;
		attempts.push({ at, ok });
		const failed = attempts.filter((one) => !one.ok);
		const begin = failed[0]?.at;
		if (ok && failed.length < attempts.length * MIN_FAILED_SHARE) {
			registration.webhookStatus = 'verified';
			registration.attempts = attempts.filter((one) => one.at > at - DAY_MS);
			return;
		}
		if (!ok && registration.webhookStatus === 'verified') registration.webhookStatus = 'unstable';
		const lasts = begin !== undefined && at - begin >= DAY_MS - MINUTE_MS * 15;
		const isEnough =
			attempts.length >= MIN_ATTEMPTS && failed.length >= attempts.length * MIN_FAILED_SHARE;
		if (!lasts || !isEnough) return;
		registration.webhookStatus = 'disabled';
		registration.enabled = false;
	}
}

function tampered(parcel: Parcel): Parcel {
	const text = parcel.body.toString('utf8').replace(/"flowId":"./, '"flowId":"x');
	return { ...parcel, body: Buffer.from(`${text} `), forged: 'tampered' };
}

/** The headers of a delivery; a test may send one of its own. */
export function headersOf(
	{ eventId, code, signatures }: Pick<Parcel, 'eventId' | 'code' | 'signatures'>,
	retryCount = 0,
): Record<string, string> {
	const [first, second] = signatures;
	return {
		'content-type': 'application/json',
		'user-agent': 'Adobe/1.0',
		'x-adobe-delivery-id': randomUUID(),
		'x-adobe-event-code': code,
		'x-adobe-event-id': eventId,
		'x-adobe-provider': PROVIDER_ID,
		'x-adobe-digital-signature-1': first.signature,
		'x-adobe-digital-signature-2': second.signature,
		'x-adobe-public-key1-path': first.keyPath,
		'x-adobe-public-key2-path': second.keyPath,
		'x-adobe-retry-count': String(retryCount),
	};
}

export const SAMPLE_ROUTES: RouteTable = {
	'POST /events/providers/:id/eventmetadata/:code/sample_event/:registrationId': sendSample,
};

function sendSample(state: EmulatorState, request: ApiRequest): Reply {
	const { client } = admitToEvents(state, request);
	const registration = state.registrations.find(pathId(request, 'registrationId'));
	if (registration === undefined || registration.clientId !== client.clientId) {
		throw eventsError(404, 'The registration is not found.');
	}
	const code = pathId(request, 'code');
	if (pathId(request) !== PROVIDER_ID || !eventCodes(state).includes(code)) {
		throw eventsError(404, 'The event is not found.');
	}
	state.deliveries.sendSample(registration, code);
	return noContent();
}
