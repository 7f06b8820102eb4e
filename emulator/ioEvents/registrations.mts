import { rawBody } from '../http/call.mts';
import {
	type ApiRequest,
	created,
	noContent,
	pathId,
	type Reply,
	type RouteTable,
} from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { admitToEvents, checkWorkspace, eventsError, type EventsCaller } from './access.mts';
import { challengeWebhook } from './challenge.mts';
import { eventCodes, PROVIDER_ID } from './providers.mts';
import type { RegistrationInput, StoredRegistration } from './registrationStore.mts';

const PATH = '/events/:organizationId/:projectId/:workspaceId/registrations';

/** flow-service-more.md 9.1. */
const MAX_PER_CLIENT = 30;
const MAX_PER_ORGANIZATION = 2500;

/** Registrations for events: flow-service-more.md 9.1. */
export const REGISTRATION_ROUTES: RouteTable = {
	[`GET ${PATH}` as const]: list,
	[`POST ${PATH}` as const]: create,
	[`GET ${PATH}/:id` as const]: get,
	[`PUT ${PATH}/:id` as const]: replace,
	[`DELETE ${PATH}/:id` as const]: remove,
};

function admit(state: EmulatorState, request: ApiRequest): EventsCaller {
	const caller = admitToEvents(state, request);
	checkWorkspace(request, caller);
	return caller;
}

function list(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request);
	const registrations = ofWorkspace(state, caller).map((one) => view(state, one));
	return { _embedded: { registrations }, _links: {} };
}

async function create(state: EmulatorState, request: ApiRequest): Promise<Reply> {
	const caller = admit(state, request);
	const input = readInput(state, request, caller);
	checkFree(state, caller, input);
	checkLimits(state, caller);
	const { client, project } = caller;
	const registration = state.registrations.create(input, {
		...project,
		clientId: client.clientId,
		imsOrgId: client.orgId,
	});
	// Whether the answer waits for the challenge is ⚠UNV.
	await challengeWebhook(state, registration);
	return created(view(state, registration));
}

function get(state: EmulatorState, request: ApiRequest): object {
	return view(state, find(state, request, admit(state, request)));
}

async function replace(state: EmulatorState, request: ApiRequest): Promise<object> {
	const caller = admit(state, request);
	const registration = find(state, request, caller);
	const input = readInput(state, request, caller);
	checkFree(state, caller, input, registration);
	const isMoved = input.webhookUrl !== registration.webhookUrl;
	// ⚠UNV that what Adobe has switched off stays so, whatever is asked for.
	const enabled = registration.webhookStatus === 'disabled' ? false : input.enabled;
	Object.assign(registration, input, { enabled });
	state.registrations.touch(registration);
	if (isMoved) await challengeWebhook(state, registration);
	return view(state, registration);
}

function remove(state: EmulatorState, request: ApiRequest): Reply {
	state.registrations.remove(find(state, request, admit(state, request)));
	return noContent();
}

function find(state: EmulatorState, request: ApiRequest, caller: EventsCaller): StoredRegistration {
	const registration = state.registrations.find(pathId(request));
	if (registration === undefined || !ofWorkspace(state, caller).includes(registration)) {
		throw eventsError(404, 'The registration is not found.');
	}
	return registration;
}

function ofWorkspace(state: EmulatorState, { project }: EventsCaller): StoredRegistration[] {
	return state.registrations
		.all()
		.filter(
			({ projectId, workspaceId }) =>
				projectId === project.projectId && workspaceId === project.workspaceId,
		);
}

/** The name is unique in its workspace; how far it reaches is ⚠UNV. */
function checkFree(
	state: EmulatorState,
	caller: EventsCaller,
	{ name }: RegistrationInput,
	own?: StoredRegistration,
): void {
	const other = ofWorkspace(state, caller).find((one) => one !== own && one.name === name);
	if (other === undefined) return;
	const headers = { 'x-conflicting-id': other.registrationId };
	throw eventsError(409, `A registration with the name ${name} exists already.`, headers);
}

function checkLimits(state: EmulatorState, { client, project }: EventsCaller): void {
	const all = state.registrations.all();
	const ofClient = all.filter(({ clientId }) => clientId === client.clientId);
	const ofOrganization = all.filter(
		({ organizationId }) => organizationId === project.organizationId,
	);
	if (ofClient.length >= MAX_PER_CLIENT || ofOrganization.length >= MAX_PER_ORGANIZATION) {
		throw eventsError(409, 'The number of registrations has reached its limit.');
	}
}

function readInput(
	state: EmulatorState,
	request: ApiRequest,
	{ client }: EventsCaller,
): RegistrationInput {
	const body = readJson(rawBody(request));
	const { name, description = '', webhook_url: url, delivery_type: type = 'webhook' } = body;
	if (body['client_id'] !== client.clientId) throw refuse('client_id is not that of the caller');
	if (typeof name !== 'string' || name.length < 3 || name.length > 255) {
		throw refuse('name must have 3 to 255 characters');
	}
	if (typeof description !== 'string' || description.length > 5000) {
		throw refuse('description must have at most 5000 characters');
	}
	if (type !== 'webhook' && type !== 'journal') throw refuse('delivery_type is not supported');
	const isUrl = typeof url === 'string' && url.length <= 4000 && isReachable(url);
	if (type === 'webhook' ? !isUrl : url !== undefined) {
		throw refuse('webhook_url must be a public https address');
	}
	const events: unknown = body['events_of_interest'];
	if (!Array.isArray(events) || events.length === 0) throw refuse('events_of_interest is empty');
	const codes = eventCodes(state);
	for (const event of events as Array<Record<string, unknown>>) {
		const { provider_id: provider, event_code: code } = event;
		if (provider !== PROVIDER_ID || !codes.includes(String(code))) {
			throw refuse(`there is no event ${String(code)} of that provider`);
		}
	}
	return {
		name,
		description,
		...(typeof url === 'string' && { webhookUrl: url }),
		deliveryType: type,
		enabled: body['enabled'] !== false,
		events: events as RegistrationInput['events'],
	};
}

/** At Adobe only what is public and has a good certificate; here also this machine, and only this. */
function isReachable(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname } = new URL(text);
	const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
	return isLoopback && (protocol === 'http:' || protocol === 'https:');
}

function readJson(bytes: Buffer): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(bytes.toString('utf8'));
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// refused below
	}
	throw refuse('the body is not a JSON object');
}

function refuse(message: string) {
	return eventsError(400, message);
}

function view({ origin }: EmulatorState, registration: StoredRegistration): object {
	const { organizationId, projectId, workspaceId, credentialId, registrationId } = registration;
	const self = `${origin}/events/${organizationId}/${projectId}/${workspaceId}/registrations/${registrationId}`;
	const integration = `${organizationId}/integrations/${credentialId}`;
	return {
		id: registration.id,
		registration_id: registrationId,
		name: registration.name,
		description: registration.description,
		client_id: registration.clientId,
		...(registration.webhookUrl !== undefined && { webhook_url: registration.webhookUrl }),
		webhook_status: registration.webhookStatus,
		delivery_type: registration.deliveryType,
		enabled: registration.enabled,
		events_of_interest: registration.events,
		created_date: new Date(registration.createdAt).toISOString(),
		updated_date: new Date(registration.updatedAt).toISOString(),
		_links: {
			'rel:events': { href: `${origin}/events/organizations/${integration}/${registrationId}` },
			'rel:trace': {
				href: `${origin}/events/organizations/${integration}/tracing/${registrationId}`,
			},
			self: { href: self },
		},
	};
}
