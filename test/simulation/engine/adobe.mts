import type { FastifyInstance } from 'fastify';

import type { Emulator } from '../../../emulator/emulator.mts';
import { buildServer } from '../../../emulator/http/server.mts';
import type { Client } from '../../../emulator/identity/clients.mts';
import { settle } from '../../../emulator/options.mts';
import { EmulatorState } from '../../../emulator/state.mts';
import type { Weather } from '../weather.mts';
import { IMS, PLATFORM } from './network.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';

/** Adobe's side, in this process and without a socket. */
export interface Adobe {
	state: EmulatorState;
	server: FastifyInstance;
	/** What the tests' own tools ask of an emulator. */
	emulator: Emulator;
	/** Whoever uses the same organization beside us. */
	stranger: Client;
}

export async function openAdobe(weather: Weather): Promise<Adobe> {
	const { timesInGet, secretsInGet, unorderedLists, testFailure, cloud, showsMaker } = weather;
	const { listLagMs, tokenLifetimeMs, ratePerSecond } = weather;
	const state = new EmulatorState(
		settle({
			// Never logged in to: the databases of a simulation are in memory.
			postgres: { server: '', port: 0, database: '', username: '', password: '' },
			timesInGet,
			secretsInGet,
			unorderedLists,
			testFailure,
			cloud,
			showsMaker,
			listLagMs,
			tokenLifetimeMs,
			ratePerSecond,
		}),
	);
	// Its own clock goes by the machine's; the private member is the only way to set it back.
	Object.assign(state.clock, { advancedMs: weather.adobeAheadMs });
	const server = buildServer(state);
	await server.ready();
	const { clientId, clientSecret, orgId } = state.firstClient;
	const emulator = { platformUrl: PLATFORM, imsUrl: IMS, clientId, clientSecret, orgId };
	return { state, server, emulator: emulator as Emulator, stranger: state.clients.add() };
}

/** A request of somebody else, which always arrives. */
export async function askAs(
	{ state, server }: Adobe,
	client: Client,
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
	path: string,
	body?: object,
	headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
	const answer = await server.inject({
		method,
		url: FLOW_SERVICE + path,
		headers: {
			authorization: `Bearer ${state.tokens.issue(client, client.scopes.join(','))}`,
			'x-api-key': client.clientId,
			'x-gw-ims-org-id': client.orgId,
			'x-sandbox-name': 'prod',
			'content-type': 'application/json',
			...headers,
		},
		...(body === undefined ? {} : { payload: JSON.stringify(body) }),
	});
	const text = answer.payload;
	return { status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}
