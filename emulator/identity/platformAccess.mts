import type { FastifyRequest } from 'fastify';
import { header } from '../http/call.mts';
import type { WireError } from '../http/wireError.mts';
import type { EmulatorState } from '../state.mts';
import type { Caller } from './caller.mts';
import type { Client, DataPermission } from './clients.mts';

/** What a service beside Flow Service requires of its callers, and how it rejects them. */
export interface AccessRules {
	/** Whether the client's roles allow it; asked for the sandbox that the client may use. */
	allows: (client: Client) => boolean;
	/** The permission's name in the answer. */
	permission: string;
	/** Whether a request without `x-sandbox-name` is rejected. */
	sandboxRequired?: boolean;
	reject: Rejection;
}

/** Makes an error in the service's form. */
type Rejection = (status: 400 | 403 | 404, detail: string) => WireError;

/**
 * Organization, sandbox and permission, as a service checks them after the gateway has let the
 * request through. Messages and statuses are ⚠UNV throughout: only Flow Service's are
 * documented.
 *
 * @throws WireError in the service's form
 */
export function admitCaller(
	state: EmulatorState,
	request: FastifyRequest,
	{ allows, permission, sandboxRequired = false, reject }: AccessRules,
): Caller {
	const { client, orgId } = request.call;
	if (client === undefined || orgId === undefined) throw new Error('the gateway was not passed');
	if (client.orgId !== orgId || !client.orgAccess) {
		throw reject(403, `The token has no access to the organization ${orgId}.`);
	}
	const name = header(request, 'x-sandbox-name');
	if (name === undefined && (sandboxRequired || state.settings.strict)) {
		throw reject(400, 'The header x-sandbox-name is missing.');
	}
	const sandbox = state.sandboxes.find((one) =>
		name === undefined ? one.isDefault : one.name === name,
	);
	if (sandbox === undefined) throw reject(404, `The sandbox ${name} is not found.`);
	if (!client.sandboxes.includes(sandbox.name) || !allows(client)) {
		throw reject(
			403,
			`The permission ${permission} is missing in the sandbox ${sandbox.name}. Contact your administrator.`,
		);
	}
	return { client, orgId, sandbox };
}

/** `admitCaller` for a service whose permissions are those on schemas and datasets. */
export function admitToData(
	state: EmulatorState,
	request: FastifyRequest,
	permission: DataPermission,
	reject: Rejection,
): Caller {
	const allows = ({ dataPermissions }: Client) => dataPermissions.includes(permission);
	return admitCaller(state, request, { permission, allows, reject });
}
