import type { FastifyRequest } from 'fastify';
import type { EmulatorState } from '../state.mts';
import { header } from './call.mts';
import { gatewayError } from './wireError.mts';

/**
 * The checks before every platform service: token, API key, rate, organization; flow-service.md
 * 2.5. The order of the checks is our choice; the source does not give one.
 *
 * What the client's properties lead to:
 * - header with an organization that no client belongs to, or `productProfile: false` → 403025 here
 * - header with another client's organization, or `orgAccess: false` → the gateway lets it through
 *   and Flow Service answers FLOW-2000-401 (`flowService/access.mts`)
 *
 * @throws WireError in the gateway's form
 */
export function passGateway(state: EmulatorState, request: FastifyRequest): void {
	const bearer = /^Bearer\s+(.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
	if (bearer === undefined) throw gatewayError(403, '403010', 'Oauth token is missing.');
	const client = state.tokens.clientOf(bearer);
	if (client === undefined) throw gatewayError(401, '401013', 'Oauth token is not valid');

	const apiKey = header(request, 'x-api-key');
	if (apiKey === undefined) throw gatewayError(403, '403000', 'Api Key is required');
	if (apiKey !== client.clientId) throw gatewayError(403, '403003', 'Api Key is invalid');

	if (request.call.isOneTooMany === true) {
		throw gatewayError(429, '429050', 'Too many requests', { 'retry-after': '1' });
	}
	const wait = state.rateLimit.take(client.clientId);
	if (wait !== undefined) {
		const headers = { 'retry-after': String(wait) };
		throw gatewayError(429, '429050', 'Too many requests', headers);
	}

	const orgId = header(request, 'x-gw-ims-org-id');
	if (orgId === undefined) throw gatewayError(400, '400003', 'Missing header');
	if (!client.productProfile || !state.clients.isKnownOrg(orgId)) {
		throw gatewayError(403, '403025', 'Profile is not valid');
	}
	request.call.client = client;
	request.call.orgId = orgId;
}
