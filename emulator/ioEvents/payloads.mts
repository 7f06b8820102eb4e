import { viewRun } from '../flowService/runs/runStore.mts';
import type { RunEvent, RunEventKind } from './eventLog.mts';

/** What Adobe's catalogue of events calls their provider: flow-service-more.md 8.1. */
export const PROVIDER_METADATA = 'aep_observability_catalog_events';

/** The three forms that Adobe prints: flow-service-more.md 8.2 A, B and C. */
const PAYLOADS = { run: asRun, message: asMessage, alert: asAlert };
const ENVELOPES = { adobe: inAdobeEnvelope, cloudEvents: inCloudEvent };

export const EVENT_PAYLOADS = ['run', 'message', 'alert', 'mixed'] as const;
export const EVENT_ENVELOPES = ['adobe', 'cloudEvents', 'mixed'] as const;
export const JOURNAL_EVENTS = ['enveloped', 'inner', 'mixed'] as const;

/** `mixed` gives every event another form in turn. */
export type EventPayload = (typeof EVENT_PAYLOADS)[number];
export type EventEnvelope = (typeof EVENT_ENVELOPES)[number];
export type JournalEvents = (typeof JOURNAL_EVENTS)[number];

/** The event itself. */
export function payloadOf(event: RunEvent, form: EventPayload): object {
	return PAYLOADS[oneOf(form, ['run', 'message', 'alert'], event.sequence)](event);
}

/**
 * The event as it is delivered.
 *
 * @param clientId whom it is for
 */
export function envelopeOf(
	event: RunEvent,
	payload: object,
	form: EventEnvelope,
	clientId: string,
): object {
	const chosen = oneOf(form, ['adobe', 'cloudEvents'], Math.floor(event.sequence / 3));
	return ENVELOPES[chosen](event, payload, clientId);
}

function oneOf<T extends string>(form: T | 'mixed', forms: readonly T[], turn: number): T {
	const inTurn = forms[turn % forms.length];
	return form === 'mixed' && inTurn !== undefined ? inTurn : (form as T);
}

/** A: the run as Flow Service shows it, and what the services on the way have added. */
function asRun({ run, at, flowName, code }: RunEvent): object {
	return {
		...viewRun(run),
		flowName,
		slaCreatedAt: at,
		processStartTime: at,
		header: { _adobeio: adobeIo(run.imsOrgId, code) },
		transformedTime: at,
	};
}

/** `sources_flow_run_failed` here, `sources_flow_run_failure` everywhere else ⚠CONFLICT. */
const MESSAGE_TYPES: Record<RunEventKind, string> = {
	started: 'sources_flow_run_start',
	succeeded: 'sources_flow_run_success',
	failed: 'sources_flow_run_failed',
};

/** B: a message of Flow Service around the run. */
function asMessage({ run, at, kind }: RunEvent): object {
	return [
		{
			messages: [
				{
					msgType: 'eventNotification',
					version: '1.0',
					timestamp: at,
					imsOrgId: run.imsOrgId,
					schema: { name: 'run-notification', version: '1.0' },
					provider: 'FlowService',
					_eventNotificationMeta: {
						category: 'Platform Notifications',
						type: MESSAGE_TYPES[kind],
					},
					value: viewRun(run),
				},
			],
		},
	];
}

/** C: an alert that names the run. */
function asAlert({ id, run, at, flowName, kind, code }: RunEvent): object {
	return {
		id,
		status: 'FIRING',
		name: `Sources Flow Run ${ALERT_WORDS[kind]}`,
		message: `The flow run ${run.id} of ${flowName}: ${kind}.`,
		severity: kind === 'failed' ? 'HIGH' : 'INFO',
		imsOrgId: run.imsOrgId,
		sandboxName: run.sandboxName,
		sandboxId: run.sandboxId,
		value: '1',
		url: `https://experience.adobe.com/#/platform/source/dataflows/${run.flowId}/activity/${run.id}`,
		flowId: run.flowId,
		flowRunId: run.id,
		createdAt: at,
		header: { _adobeio: adobeIo(run.imsOrgId, code) },
	};
}

const ALERT_WORDS: Record<RunEventKind, string> = {
	started: 'Start',
	succeeded: 'Success',
	failed: 'Failure',
};

function adobeIo(imsOrgId: string, eventCode: string) {
	return { imsOrgId, providerMetadata: PROVIDER_METADATA, eventCode };
}

function inAdobeEnvelope({ id }: RunEvent, payload: object, clientId: string): object {
	return { event_id: id, event: payload, recipient_client_id: clientId };
}

function inCloudEvent({ id, code, at, run }: RunEvent, payload: object, clientId: string): object {
	return {
		specversion: '1.0',
		type: code,
		source: `urn:uuid:${run.providerRefId}`,
		id,
		time: new Date(at).toISOString(),
		datacontenttype: 'application/json',
		eventid: id,
		recipientclientid: clientId,
		data: payload,
	};
}
