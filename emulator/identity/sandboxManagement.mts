import type { FastifyRequest } from 'fastify';
import { query } from '../http/call.mts';
import { PlatformError } from '../http/platformError.mts';
import { type ApiRequest, pathId, type RouteTable } from '../http/routes.mts';
import { gatewayError } from '../http/wireError.mts';
import type { EmulatorState } from '../state.mts';
import type { Client } from './clients.mts';
import type { Sandbox } from './sandboxes.mts';

const PATH = '/data/foundation/sandbox-management';
const PAGE_SIZE = 50;

/**
 * Sandbox management: flow-service.md 2.3. The lists differ in whose sandboxes they show: those of the caller's
 * roles, or all of the organization. That the second asks for no permission of its own is ⚠UNV.
 */
export const SANDBOX_ROUTES: RouteTable = {
	[`GET ${PATH}` as const]: (state, request) => listSandboxes(state, request, PATH, isOpenTo),
	[`GET ${PATH}/sandboxes` as const]: (state, request) =>
		listSandboxes(state, request, `${PATH}/sandboxes`, () => true),
	[`GET ${PATH}/sandboxes/:name` as const]: getSandbox,
	[`GET ${PATH}/sandboxTypes` as const]: listTypes,
};

const isOpenTo = ({ name }: Sandbox, client: Client) => client.sandboxes.includes(name);

function listSandboxes(
	state: EmulatorState,
	request: FastifyRequest,
	path: string,
	isShown: (sandbox: Sandbox, client: Client) => boolean,
): object {
	const client = admit(request);
	const parameters = query(request);
	const limit = numberOr(parameters.get('limit'), 1, PAGE_SIZE);
	const offset = numberOr(parameters.get('offset'), 0, 0);
	const all = state.sandboxes.filter((one) => isShown(one, client));
	const sandboxes = all.slice(offset, offset + limit).map((one) => view(state, one, client));
	const shown = offset + sandboxes.length;
	return {
		sandboxes,
		_page: { limit, count: sandboxes.length },
		_links: {
			// The link's query is not documented; limit and offset are ⚠UNV.
			...(shown < all.length && { next: { href: `${path}/?limit=${limit}&offset=${shown}` } }),
			page: { href: `${path}/?limit={limit}&offset={offset}`, templated: true },
		},
	};
}

function getSandbox(state: EmulatorState, request: ApiRequest): object {
	const client = admit(request);
	const name = pathId(request, 'name');
	const found = state.sandboxes.find((one) => one.name === name);
	// The error's body is ⚠UNV.
	if (found === undefined) throw new PlatformError(404, `The sandbox ${name} is not found.`);
	return view(state, found, client);
}

function listTypes(_state: EmulatorState, request: ApiRequest): object {
	admit(request);
	return { sandboxTypes: ['production', 'development'] };
}

/** This service's own message for a foreign organization is not known ⚠UNV. */
function admit(request: FastifyRequest): Client {
	const { client, orgId } = request.call;
	if (client === undefined || client.orgId !== orgId || !client.orgAccess) {
		throw gatewayError(403, '403025', 'Profile is not valid');
	}
	return client;
}

function view({ settings }: EmulatorState, sandbox: Sandbox, client: Client): object {
	return {
		name: sandbox.name,
		title: sandbox.title,
		state: 'active',
		type: sandbox.type,
		region: settings.cloud === 'aws' ? 'VA6' : 'VA7',
		isDefault: sandbox.isDefault,
		etag: 2,
		createdDate: '2024-09-07T10:16:02Z',
		lastModifiedDate: '2024-09-07T10:16:02Z',
		createdBy: client.technicalAccountId,
		modifiedBy: client.technicalAccountId,
	};
}

/** A query parameter as a number; anything else counts as not given. ⚠UNV */
function numberOr(text: string | null, min: number, otherwise: number): number {
	const value = text === null || text === '' ? Number.NaN : Number(text);
	return Number.isSafeInteger(value) && value >= min ? value : otherwise;
}
