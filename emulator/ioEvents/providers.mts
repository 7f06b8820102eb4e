import { query } from '../http/call.mts';
import { type ApiRequest, pathId, type RouteTable } from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { admitToEvents, eventsError } from './access.mts';
import { EVENT_CODES } from './eventLog.mts';
import { PROVIDER_METADATA } from './payloads.mts';

/** The only provider here: flow-service-more.md 8.1. */
export const PROVIDER_ID = '4f6a1f8c-7a5e-4d42-9f5e-6c1d2f0b9a37';

/** Events of the organization that have nothing to do with runs of sources. */
const OTHER_EVENTS = [
	['platform_segment_job_failure', 'Segment Job Failure'],
	['sources_flow_run_delay', 'Sources Flow Run Delay'],
] as const;

const LABELS = {
	started: 'Sources Flow Run Start',
	succeeded: 'Sources Flow Run Success',
	failed: 'Sources Flow Run Failure',
} as const;

/** Discovery: flow-service-more.md 9.1. */
export const PROVIDER_ROUTES: RouteTable = {
	'GET /events/:organizationId/providers': listProviders,
	'GET /events/providers/:id/eventmetadata': listEvents,
};

/** All codes that this organization may register for. */
export function eventCodes(state: EmulatorState): string[] {
	return eventsOf(state).map(({ event_code: code }) => code);
}

function eventsOf({ settings }: EmulatorState) {
	const kinds = ['failed', 'started', 'succeeded'] as const;
	return [
		...kinds.map((kind) => ({ event_code: codeOf(kind, settings), label: LABELS[kind] })),
		...OTHER_EVENTS.map(([code, label]) => ({ event_code: code, label })),
	].map((event) => ({ ...event, description: event.label }));
}

/** flow-service-more.md 8.1 ⚠CONFLICT: the code of a failure is printed in two spellings. */
export function codeOf(
	kind: keyof typeof EVENT_CODES,
	{ failureCode }: EmulatorState['settings'],
): string {
	return kind === 'failed' ? failureCode : EVENT_CODES[kind];
}

function listProviders(state: EmulatorState, request: ApiRequest): object {
	admitToEvents(state, request);
	const parameters = query(request);
	const wanted = parameters.get('providerMetadataId');
	const provider = {
		id: PROVIDER_ID,
		label: 'Platform notifications',
		description: 'Events of Experience Platform',
		source: `urn:uuid:${PROVIDER_ID}`,
		publisher: 'Adobe',
		provider_metadata: PROVIDER_METADATA,
		...(parameters.get('eventmetadata') === 'true' && {
			_embedded: { eventmetadata: eventsOf(state) },
		}),
	};
	const isWanted = wanted === null || wanted === PROVIDER_METADATA;
	return { _embedded: { providers: isWanted ? [provider] : [] }, _links: {} };
}

function listEvents(state: EmulatorState, request: ApiRequest): object {
	admitToEvents(state, request);
	if (pathId(request) !== PROVIDER_ID) throw eventsError(404, 'The provider is not found.');
	return { _embedded: { eventmetadata: eventsOf(state) }, _links: {} };
}
