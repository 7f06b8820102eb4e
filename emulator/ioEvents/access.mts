import { header } from '../http/call.mts';
import type { ApiRequest } from '../http/routes.mts';
import { pathId } from '../http/routes.mts';
import { gatewayError, WireError } from '../http/wireError.mts';
import type { Client } from '../identity/clients.mts';
import type { EmulatorState } from '../state.mts';
import { type ConsoleProject, consoleProjectOf } from './consoleProjects.mts';

/** Who calls Adobe I/O Events, and for which project. */
export interface EventsCaller {
	client: Client;
	project: ConsoleProject;
}

/** Without it, the token is of no use here: flow-service-more.md 9.1. */
const SCOPE = 'adobeio_api';

/** An error of Adobe I/O Events: its form is ⚠UNV. */
export function eventsError(
	status: number,
	message: string,
	headers: Record<string, string> = {},
): WireError {
	return new WireError(status, { reason: message, message }, headers);
}

/**
 * Token, API key, the I/O Management API and the organization in the path; flow-service-more.md 9.1. Which
 * answer comes for which fault is ⚠UNV beyond 401 and 403.
 *
 * @throws WireError
 */
export function admitToEvents(state: EmulatorState, request: ApiRequest): EventsCaller {
	const bearer = /^Bearer\s+(.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
	if (bearer === undefined) throw gatewayError(401, '401013', 'Oauth token is missing.');
	const client = state.tokens.clientOf(bearer);
	if (client === undefined) throw gatewayError(401, '401013', 'Oauth token is not valid');
	if (header(request, 'x-api-key') !== client.clientId) {
		throw gatewayError(403, '403003', 'Api Key is invalid');
	}
	if (!client.ioManagement) throw gatewayError(403, '403003', 'Api Key is invalid');
	if (!state.tokens.scopesOf(bearer).includes(SCOPE)) {
		throw gatewayError(403, '403027', `The scope ${SCOPE} is missing`);
	}
	const project = consoleProjectOf(client);
	if ('organizationId' in request.params) {
		if (pathId(request, 'organizationId') !== project.organizationId) {
			throw eventsError(404, 'The organization is not found.');
		}
	}
	return { client, project };
}

/** @throws WireError for a project or workspace that is not the caller's */
export function checkWorkspace(request: ApiRequest, { project }: EventsCaller): void {
	const isOwn =
		pathId(request, 'projectId') === project.projectId &&
		pathId(request, 'workspaceId') === project.workspaceId;
	if (!isOwn) throw eventsError(404, 'The project or its workspace is not found.');
}
