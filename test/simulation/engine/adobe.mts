import type { FastifyInstance } from 'fastify';

import type { Emulator } from '../../../emulator/emulator.mts';
import { buildServer } from '../../../emulator/http/server.mts';
import type { Client } from '../../../emulator/identity/clients.mts';
import { projectJsonOf } from '../../../emulator/ioEvents/consoleProjects.mts';
import { settle } from '../../../emulator/options.mts';
import { EmulatorState } from '../../../emulator/state.mts';
import type { Weather } from '../weather.mts';
import { IMS, PLATFORM } from './network.mts';

/** Never logged in to: the databases of a simulation are in memory. */
const NO_POSTGRES = { server: '', port: 0, database: '', username: '', password: '' };

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

/** Servers by what is settled when they are built; building one takes longer than most simulations. */
const servers = new Map<string, { state: EmulatorState; server: FastifyInstance }>();

const SHOWN_TIMES: ReadonlyArray<Weather['timesInGet']> = ['numbers', 'texts', 'dates', 'absent'];

/** Builds all servers there may be, before any simulation. */
export async function buildServers(): Promise<void> {
	for (const timesInGet of SHOWN_TIMES) {
		for (const showsMaker of [true, false]) {
			const state = new EmulatorState(settle({ postgres: NO_POSTGRES, timesInGet, showsMaker }));
			const server = buildServer(state);
			await server.ready();
			servers.set(keyOf(state), { state, server });
		}
	}
}

function keyOf({ settings: { timesInGet, showsMaker } }: EmulatorState): string {
	return JSON.stringify([timesInGet, showsMaker]);
}

/** A server whose state is that of a new one. */
function serverOf(fresh: EmulatorState): Pick<Adobe, 'state' | 'server'> {
	const known = servers.get(keyOf(fresh));
	if (known === undefined) throw new Error('The servers were not built');
	const { settings, counters, faults, journal, closing } = known.state;
	Object.assign(settings, fresh.settings);
	counters.reset();
	faults.reset();
	journal.reset();
	// These are what the server was built with, and it holds on to them.
	Object.assign(fresh, { settings, counters, faults, journal, closing });
	Object.assign(known.state, fresh);
	return known;
}

export function openAdobe(weather: Weather): Adobe {
	const { timesInGet, secretsInGet, testFailure, cloud, showsMaker } = weather;
	const { listLagMs, tokenLifetimeMs, ratePerSecond, runMs } = weather;
	const fresh = new EmulatorState(
		settle({
			postgres: NO_POSTGRES,
			timesInGet,
			secretsInGet,
			testFailure,
			cloud,
			showsMaker,
			listLagMs,
			tokenLifetimeMs,
			ratePerSecond,
			runDurationMs: runMs,
		}),
	);
	const { state, server } = serverOf(fresh);
	const { clientId, clientSecret, orgId } = state.firstClient;
	const projectJson = () => JSON.stringify(projectJsonOf(state.firstClient));
	const emulator = {
		...{ platformUrl: PLATFORM, imsUrl: IMS, projectJson },
		...{ clientId, clientSecret, orgId },
	};
	return { state, server, emulator: emulator as Emulator, stranger: state.clients.add() };
}

/** Puts Adobe's clock ahead of everybody else's, or behind it. */
export function setClock({ state }: Adobe, aheadMs: number): void {
	// A private member: the clock itself can only be advanced.
	Object.assign(state.clock, { advancedMs: aheadMs });
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
	// Neither refused nor counted, since it is no test of ours.
	state.rateLimit.reset();
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
