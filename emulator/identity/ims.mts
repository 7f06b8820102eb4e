import type { FastifyRequest } from 'fastify';
import { query, rawBody } from '../http/call.mts';
import type { RouteTable } from '../http/routes.mts';
import { WireError } from '../http/wireError.mts';
import type { EmulatorState } from '../state.mts';
import type { Client } from './clients.mts';

/** IMS: OAuth server-to-server tokens. flow-service.md 1.1: all three versions are in use. */
export const IMS_ROUTES: RouteTable = {
	'POST /ims/token/v2': issueToken,
	'POST /ims/token/v3': issueToken,
	'POST /ims/token/v4': issueToken,
};

async function issueToken(state: EmulatorState, request: FastifyRequest): Promise<object> {
	const { client, scope } = authenticate(state, await readForm(request));
	state.counters.tokenIssued();
	return {
		access_token: state.tokens.issue(client, scope),
		token_type: 'bearer',
		// flow-service.md 1.2: seconds here, milliseconds inside the token.
		expires_in: Math.floor(state.settings.tokenLifetimeMs / 1000),
	};
}

type Field = (name: string) => string | undefined;

function authenticate(state: EmulatorState, field: Field): { client: Client; scope: string } {
	// flow-service.md 1.3; which of several faults is reported first is our choice.
	if (field('grant_type') !== 'client_credentials') throw oauthError('unauthorized_client');
	const client = state.clients.find(field('client_id') ?? '');
	if (client === undefined) throw oauthError('invalid_client', 'invalid client_id parameter');
	if (field('client_secret') !== client.clientSecret) {
		throw oauthError('invalid_client', 'invalid client_secret parameter');
	}
	// flow-service.md 1.1: comma-separated; spaces are known to be sent and harmless.
	const scopes = (field('scope') ?? '').split(/[,\s]+/).filter((scope) => scope !== '');
	if (scopes.length === 0 || scopes.some((scope) => !client.scopes.includes(scope))) {
		// ⚠UNV flow-service.md 1.3: the status, and that an absent scope counts as a wrong one.
		throw oauthError('invalid_scope', 'invalid scope parameter');
	}
	return { client, scope: scopes.join(',') };
}

function oauthError(error: string, description?: string): WireError {
	return new WireError(400, {
		error,
		...(description === undefined ? {} : { error_description: description }),
	});
}

/** flow-service.md 1.1: form-encoded; multipart and the query are tolerated, JSON is not. */
async function readForm(request: FastifyRequest): Promise<Field> {
	const type = request.headers['content-type'] ?? '';
	const inUrl = query(request);
	let inBody: { get(name: string): unknown } = new URLSearchParams();
	if (type.startsWith('application/x-www-form-urlencoded')) {
		inBody = new URLSearchParams(rawBody(request).toString('utf8'));
	} else if (type.startsWith('multipart/form-data')) {
		const body = new Uint8Array(rawBody(request));
		inBody = await new Response(body, { headers: { 'content-type': type } })
			.formData()
			.catch(() => new URLSearchParams());
	}
	return (name) => {
		const value = inBody.get(name) ?? inUrl.get(name);
		return typeof value === 'string' ? value : undefined;
	};
}
