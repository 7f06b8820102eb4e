import { header, query } from '../http/call.mts';
import { type ApiRequest, pathId, Reply, type RouteTable } from '../http/routes.mts';
import { gatewayError } from '../http/wireError.mts';
import type { EmulatorState } from '../state.mts';
import { admitToEvents, eventsError } from './access.mts';
import type { JournalStart } from './eventJournal.mts';
import type { RunEvent } from './eventLog.mts';
import { envelopeOf, payloadOf } from './payloads.mts';
import { codeOf } from './providers.mts';
import type { StoredRegistration } from './registrationStore.mts';

/** Both forms that Adobe prints: flow-service-more.md 9.4. */
export const JOURNAL_ROUTES: RouteTable = {
	'GET /events/organizations/:org/integrations/:credential/:registration': readJournal,
	'GET /organizations/:org/integrations/:credential/:registration': readJournal,
};

/** ⚠UNV: pages end at 1.5 MB, which is about so many runs. */
const MAX_EVENTS = 100;

/** flow-service-more.md 9.4: seconds. */
const WAIT_AT_THE_END = '10';

function readJournal(state: EmulatorState, request: ApiRequest): Reply {
	const { registration, codes } = admitToJournal(state, request);
	const asked = query(request);
	const start = startOf(asked);
	const limit = Number(asked.get('limit') ?? MAX_EVENTS);
	if (start === undefined || !(Number.isInteger(limit) && limit > 0)) {
		throw eventsError(400, 'The query is not valid.');
	}
	const reader = {
		from: registration.createdAt,
		shows: ({ kind, run }: RunEvent) =>
			codes.includes(codeOf(kind, state.settings)) && run.imsOrgId === registration.imsOrgId,
	};
	const page = state.eventJournal.read(start, reader, Math.min(limit, MAX_EVENTS));
	if (page === 'unknown') {
		// ⚠UNV what is said of a position that never was one.
		throw eventsError(400, 'The position is not valid.');
	}
	if (page === 'gone') {
		return new Reply(410, `Events at position ${asked.get('since')} have expired.\n`);
	}
	const headers = { link: linksTo(request, page.last, asked.get('limit')) };
	if (page.events.length === 0) {
		return new Reply(204, undefined, { ...headers, 'retry-after': WAIT_AT_THE_END });
	}
	const { settings } = state;
	const events = page.events.map(({ position, event }) => {
		const payload = payloadOf(event, settings.eventPayload);
		const isInner =
			settings.journalEvents === 'inner' ||
			(settings.journalEvents === 'mixed' && event.sequence % 2 === 0);
		return {
			position,
			event: isInner
				? payload
				: envelopeOf(event, payload, settings.eventEnvelope, registration.clientId),
		};
	});
	return new Reply(200, { events, _page: { last: page.last, count: events.length } }, headers);
}

/** Who may read which journal: flow-service-more.md 9.4; what is said to others is ⚠UNV. */
function admitToJournal(
	state: EmulatorState,
	request: ApiRequest,
): { registration: StoredRegistration; codes: string[] } {
	const { client, project } = admitToEvents(state, request);
	if (header(request, 'x-ims-org-id') !== client.orgId) {
		throw gatewayError(403, '403025', 'Profile is not valid');
	}
	const registration = state.registrations.find(pathId(request, 'registration'));
	const isOwn =
		registration?.clientId === client.clientId &&
		pathId(request, 'org') === project.organizationId &&
		pathId(request, 'credential') === project.credentialId;
	if (registration === undefined || !isOwn) {
		throw eventsError(404, 'The registration is not found.');
	}
	return { registration, codes: registration.events.map(({ event_code: code }) => code) };
}

/** Undefined for what can't be. */
function startOf(asked: URLSearchParams): JournalStart | undefined {
	const [since, seek] = [asked.get('since'), asked.get('seek')];
	if (since !== null && seek !== null) return undefined;
	if (since !== null) return { since };
	if (asked.get('latest') === 'true') return { latest: true };
	if (seek === null) return { oldest: true };
	const parts = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(seek);
	if (parts === null) return undefined;
	const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
		.slice(1)
		.map((part) => Number(part ?? 0));
	return { seekMs: (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 };
}

/** Relative, with `/events` in front whatever was asked: flow-service-more.md 9.4. */
function linksTo(request: ApiRequest, position: string, limit: string | null): string {
	const [org, credential, registration] = ['org', 'credential', 'registration'].map((name) =>
		encodeURIComponent(pathId(request, name)),
	);
	const path = `/events/organizations/${org}/integrations/${credential}/${registration}`;
	const more = limit === null ? '' : `&limit=${limit}`;
	return `<${path}?since=${position}${more}>; rel="next", <${path}/validate?since=${position}>; rel="validate"`;
}
