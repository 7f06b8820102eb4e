import type { FastifyRequest } from 'fastify';
import { header } from '../http/call.mts';
import type { Caller } from '../identity/caller.mts';
import type { Sandbox } from '../identity/sandboxes.mts';
import type { EmulatorState } from '../state.mts';
import { FlowError } from './flowErrors.mts';

/** What an operation needs: flow-service.md 1.4, `EnterpriseSource` read or write. */
export type Need = 'view' | 'create' | 'manage';

/**
 * Organization, sandbox and permission, as Flow Service itself checks them after the gateway has
 * let the request through.
 *
 * @throws FlowError 2000, 2100, 2105, 2110, 2111, 2118, 2120 or 2121
 */
export function admit(state: EmulatorState, request: FastifyRequest, need: Need): Caller {
	const { client, orgId } = request.call;
	if (client === undefined || orgId === undefined) throw new Error('the gateway was not passed');
	if (client.orgId !== orgId || !client.orgAccess) {
		// flow-service.md 2.6.1; the division of labour with the gateway's 403025 is in gateway.mts
		throw new FlowError('FLOW-2000-401', `The token has no access to the organization ${orgId}.`);
	}
	const sandbox = findSandbox(state, request);
	// No role in the sandbox means no permission there. ⚠UNV that it is not reported as 2100-404.
	const inSandbox = client.sandboxes.includes(sandbox.name);
	const may = (permission: 'read' | 'write') =>
		inSandbox && client.permissions.includes(permission);

	if (need === 'view' && !may('read')) {
		throw new FlowError(
			'FLOW-2120-403',
			'You do not have sufficient permissions to view this resource. Contact your administrator.',
		);
	}
	// flow-service.md 2.6.1 has two codes for a missing write permission and no rule for choosing:
	// 2118 is used for creating, 2121 (`manage` denied) for what exists already. ⚠UNV
	if (need === 'create' && !may('write')) {
		throw new FlowError(
			'FLOW-2118-403',
			'You do not have write permission on Enterprise Source. Contact your administrator.',
		);
	}
	if (need === 'manage' && !may('write')) {
		throw new FlowError(
			'FLOW-2121-403',
			'The manage permission on Enterprise Source is denied. Contact your administrator.',
		);
	}
	return { client, orgId, sandbox };
}

function findSandbox(state: EmulatorState, request: FastifyRequest): Sandbox {
	// flow-service.md 2.2: never with user or OAuth tokens.
	if (header(request, 'x-sandbox-id') !== undefined) {
		throw new FlowError('FLOW-2110-400', 'The header x-sandbox-id is not allowed with this token.');
	}
	const name = header(request, 'x-sandbox-name');
	if (name === '*') {
		throw new FlowError('FLOW-2111-403', 'Access across sandboxes is restricted for this token.');
	}
	if (name === undefined && state.settings.strict) {
		throw new FlowError('FLOW-2105-400', 'The header x-sandbox-name is missing.');
	}
	// flow-service.md 2.2 ⚠CONFLICT: not strict means the default sandbox.
	const sandbox = state.sandboxes.find((one) =>
		name === undefined ? one.isDefault : one.name === name,
	);
	if (sandbox === undefined) {
		throw new FlowError('FLOW-2100-404', `The sandbox ${name} is not found.`);
	}
	return sandbox;
}
