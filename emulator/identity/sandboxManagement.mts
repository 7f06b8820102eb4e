import type { FastifyRequest } from 'fastify';
import { query } from '../http/call.mts';
import type { RouteTable } from '../http/routes.mts';
import { gatewayError } from '../http/wireError.mts';
import type { EmulatorState } from '../state.mts';

const PATH = '/data/foundation/sandbox-management';
const PAGE_SIZE = 50;

/** Sandbox management, as far as a list for a dropdown needs it: flow-service.md 2.3. */
export const SANDBOX_ROUTES: RouteTable = { [`GET ${PATH}` as const]: listSandboxes };

function listSandboxes(state: EmulatorState, request: FastifyRequest): object {
	const { client, orgId } = request.call;
	// This service's own message for a foreign organization is not known ⚠UNV.
	if (client === undefined || client.orgId !== orgId || !client.orgAccess) {
		throw gatewayError(403, '403025', 'Profile is not valid');
	}
	const parameters = query(request);
	const limit = numberOr(parameters.get('limit'), 1, PAGE_SIZE);
	const offset = numberOr(parameters.get('offset'), 0, 0);
	const all = state.sandboxes.filter(({ name }) => client.sandboxes.includes(name));
	const sandboxes = all.slice(offset, offset + limit).map((sandbox) => ({
		name: sandbox.name,
		title: sandbox.title,
		state: 'active',
		type: sandbox.type,
		region: state.settings.cloud === 'aws' ? 'VA6' : 'VA7',
		isDefault: sandbox.isDefault,
		etag: 2,
		createdDate: '2024-09-07T10:16:02Z',
		lastModifiedDate: '2024-09-07T10:16:02Z',
		createdBy: client.technicalAccountId,
		modifiedBy: client.technicalAccountId,
	}));
	const shown = offset + sandboxes.length;
	return {
		sandboxes,
		_page: { limit, count: sandboxes.length },
		_links: {
			// The link's query is not documented; limit and offset are ⚠UNV.
			...(shown < all.length && {
				next: { href: `${PATH}/?limit=${limit}&offset=${shown}` },
			}),
			page: { href: `${PATH}/?limit={limit}&offset={offset}`, templated: true },
		},
	};
}

/** A query parameter as a number; anything else counts as not given. ⚠UNV */
function numberOr(text: string | null, min: number, otherwise: number): number {
	const value = text === null || text === '' ? Number.NaN : Number(text);
	return Number.isSafeInteger(value) && value >= min ? value : otherwise;
}
