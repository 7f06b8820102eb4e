import type { ICredentialDataDecryptedObject, INodeType } from 'n8n-workflow';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { startEmulator } from '../../emulator/emulator.mts';
import { REJECTED_TOKEN } from '../../nodes/platform/auth/accessToken.ts';
import { tokenFingerprint } from '../../nodes/platform/auth/tokenClaims.ts';
import { readImsSettings } from '../../nodes/platform/auth/credential.ts';
import { PlatformClient, type ItemClient } from '../../nodes/platform/client.ts';
import type { PlatformAnswer, PlatformRequest } from '../../nodes/platform/request.ts';
import { imsCredential } from '../support/adobe.mts';
import { describeType, executeNode, type Wired, wire } from '../support/core.mts';
import { until } from '../support/until.mts';
import { everythingOf, thrownBy, tokenOf } from './auth/settings.mts';

const IMS = 'adobeImsApi';
const CONNECTIONS = '/data/foundation/flowservice/connections';
const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };
/** For what takes as long as it takes: only a hang is to end it. */
const HANG_MS = 60_000;
/** Nothing in these tests lets Adobe's side log in to a database. */
const NO_DATABASE = { server: '127.0.0.1', port: 1, database: 'd', username: 'u', password: 'p' };

let adobe: Emulator;
const running: Emulator[] = [];

async function start(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
	const emulator = await startEmulator({ postgres: NO_DATABASE, ...options });
	running.push(emulator);
	return emulator;
}

// A new one for each test: a token that another test has fetched would be shared with it.
beforeEach(async () => {
	adobe = await start();
});
afterEach(async () => {
	await Promise.all(running.splice(0).map(async (emulator) => await emulator.close()));
});

const LIST: PlatformRequest = {
	method: 'GET',
	path: ['data', 'foundation', 'flowservice', 'connections'],
	query: [
		['property', `connectionSpec.id==${SPEC.id}`],
		['limit', '1'],
	],
	operation: 'Get many connections',
	permission: 'View Sources',
};

const createRequest = (name = 'Sales'): PlatformRequest => ({
	method: 'POST',
	path: ['data', 'foundation', 'flowservice', 'connections'],
	body: {
		name,
		auth: {
			specName: 'Basic Authentication',
			params: { server: 's', port: '1', database: 'd', username: 'u', password: 'p' },
		},
		connectionSpec: SPEC,
	},
	operation: 'Create a connection',
	permission: 'Manage Sources',
});

type Work = (client: ItemClient, index: number) => Promise<unknown>;

interface Outcome {
	/** One for each item: what it gave, or what it threw. */
	results: any[];
	failures: any[];
}

interface Options {
	items?: number;
	maxConcurrency?: number;
	timeoutMs?: number | ((index: number) => number);
	sandboxName?: string;
	signal?: AbortSignal;
}

/** A node whose every item does this work through the one door. */
function nodeOf(work: Work, options: Options, outcome: Outcome): INodeType {
	return {
		description: describeType('probe', { credentials: [{ name: IMS, required: true }] }),
		async execute() {
			const platform = PlatformClient.open(this, options.maxConcurrency ?? 10);
			const transport = await platform.transportFor();
			const { timeoutMs = 30_000, sandboxName } = options;
			const settled = await Promise.allSettled(
				this.getInputData().map(async (_item, index) => {
					const itemMs = typeof timeoutMs === 'number' ? timeoutMs : timeoutMs(index);
					const client = platform.forItem(transport, { timeoutMs: itemMs, sandboxName });
					return await work(client, index);
				}),
			);
			outcome.results = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason));
			outcome.failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
			return [[]];
		},
	};
}

interface Run extends Outcome {
	wired: Wired;
	/** Runs the same node again, with the credential as n8n has stored it. */
	again(): Promise<void>;
}

async function run(
	work: Work,
	options: Options = {},
	changes: ICredentialDataDecryptedObject = {},
	emulator = adobe,
): Promise<Run> {
	const outcome: Outcome = { results: [], failures: [] };
	const wired = wire({
		nodeType: nodeOf(work, options, outcome),
		parameters: {},
		credentials: { ims: imsCredential(emulator, changes) },
	});
	const items = Array.from({ length: options.items ?? 1 }, () => ({ json: {} }));
	const execute = async () => void (await executeNode(wired, items, options.signal));
	await execute();
	return Object.assign(outcome, { wired, again: execute });
}

const list: Work = async (client) => await client.request(LIST);
const create: Work = async (client, index) => await client.request(createRequest(`Sales ${index}`));

const platformCalls = (emulator = adobe) =>
	emulator.journal.filter(({ path }) => path.startsWith('/data/'));
const statuses = (emulator = adobe) => platformCalls(emulator).map(({ status }) => status);
const count = <T,>(values: T[], value: T) => values.filter((one) => one === value).length;

describe('a run with a cold token', () => {
	it('of 50 items decrypts once, signs in once and stores one token', async () => {
		const { results, wired } = await run(list, { items: 50 });
		expect(results.map((answer: PlatformAnswer) => answer.status)).toEqual(Array(50).fill(200));
		expect(wired.credentials.calls(IMS)).toEqual({
			decrypts: 1,
			preAuthentications: 1,
			persists: 1,
		});
		expect(adobe.stats()).toMatchObject({ imsCalls: 1, imsTokensIssued: 1 });
		expect(platformCalls()).toHaveLength(50);
		const stored = wired.credentials.data(IMS);
		expect(stored.accessToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
		expect(stored.tokenFingerprint).toBe(tokenFingerprint(readImsSettings(stored)));
	});

	it('sends the first request alone, then as many as it may', async () => {
		// Long, so that a busy machine can send four meanwhile.
		const latencyMs = 400;
		const slow = await start({ latencyMs });
		await run(list, { items: 20, maxConcurrency: 4 }, {}, slow);
		const [first, second, ...others] = platformCalls(slow).map(({ at }) => at) as [number, number];
		expect(second - first).toBeGreaterThanOrEqual(latencyMs - 2);
		expect((others as number[])[1]).toBeLessThan(second + latencyMs - 2);
		expect(slow.stats().peakInFlight).toBe(4);
	});

	it.each([
		['opaque', 'opaque'],
		['past its end by the clock of this machine', tokenOf({ ageMs: 90_000_000 })],
	])('keeps a new token that is %s as long as Adobe takes it', async (_case, token) => {
		const body = { access_token: token, token_type: 'bearer', expires_in: 86_399 };
		adobe.addFault({ path: '/ims/token/v3', kind: 'status', status: 200, body, times: 99 });
		const taken = { status: 200, body: { items: [] }, times: 99 };
		adobe.addFault({ path: CONNECTIONS, kind: 'status', ...taken });
		const { failures, wired } = await run(list, { items: 20 });
		expect(failures).toEqual([]);
		expect(adobe.stats().imsCalls).toBe(1);
		expect(wired.credentials.calls(IMS)).toMatchObject({ persists: 1 });
		const bearers = new Set(platformCalls().map(({ headers }) => headers.authorization));
		expect([...bearers]).toEqual([`Bearer ${token}`]);
	});

	it('sends nothing and decrypts once when the credential is incomplete', async () => {
		const error = await thrownBy(async () => await run(list, { items: 5 }, { orgId: 'none' }));
		expect(error.message).toBe("The credential's 'Organization ID' does not end in @AdobeOrg");
		expect(adobe.stats().total).toBe(0);
	});
});

describe('a run with a stored token', () => {
	it('does not sign in again while it is good', async () => {
		const first = await run(list, { items: 2 });
		adobe.reset();
		await first.again();
		expect(first.failures).toEqual([]);
		expect(adobe.stats()).toMatchObject({ imsCalls: 0, total: 2 });
		expect(first.wired.credentials.calls(IMS)).toMatchObject({ decrypts: 2, persists: 1 });
	});

	it.each([
		['is about to end', { ageMs: 86_399_000 - 60_000 }],
		['has ended', { ageMs: 90_000_000 }],
		['is of another client', { clientId: 'another' }],
	])('that %s signs in before the first request, without a 401', async (_case, token) => {
		const settings = readImsSettings(imsCredential(adobe, { scopes: 'openid,session' }));
		const { wired, failures } = await run(
			list,
			{ items: 20 },
			{
				scopes: 'openid,session',
				accessToken: tokenOf({ clientId: adobe.clientId, ...token }),
				tokenFingerprint: tokenFingerprint(settings),
			},
		);
		expect(failures).toEqual([]);
		expect(adobe.stats().imsCalls).toBe(1);
		expect(count(statuses(), 401)).toBe(0);
		expect(wired.credentials.calls(IMS)).toMatchObject({ decrypts: 1, persists: 1 });
	});

	it('that Adobe does not know costs one 401 and one sign-in for 50 items', async () => {
		const settings = readImsSettings(imsCredential(adobe, { scopes: 'openid,session' }));
		const { wired, failures } = await run(
			list,
			{ items: 50 },
			{
				scopes: 'openid,session',
				accessToken: tokenOf({ clientId: adobe.clientId }),
				tokenFingerprint: tokenFingerprint(settings),
			},
		);
		expect(failures).toEqual([]);
		expect(adobe.stats().imsCalls).toBe(1);
		expect(count(statuses(), 401)).toBe(1);
		expect(wired.credentials.calls(IMS)).toMatchObject({ decrypts: 1, persists: 1 });
		expect(Object.keys(wired.credentials.data(IMS))).not.toContain(REJECTED_TOKEN);
	});
});

describe('a token that is revoked in mid-run', () => {
	it('is replaced once, and all 100 items go through', async () => {
		const slow = await start({ latencyMs: 15 });
		let sent = 0;
		const { failures, wired } = await run(
			async (client) => {
				const answer = await client.request(LIST);
				if (++sent === 30) slow.revokeTokens();
				return answer;
			},
			{ items: 100, maxConcurrency: 25 },
			{},
			slow,
		);
		expect(failures).toEqual([]);
		expect(slow.stats().imsCalls).toBe(2);
		const refused = count(statuses(slow), 401);
		expect(refused).toBeGreaterThan(0);
		expect(refused).toBeLessThanOrEqual(25);
		expect(count(statuses(slow), 200)).toBe(100);
		expect(wired.credentials.calls(IMS)).toEqual({
			decrypts: 1,
			preAuthentications: 2,
			persists: 2,
		});
		expect(Object.keys(wired.credentials.data(IMS))).not.toContain(REJECTED_TOKEN);
	});

	it('is replaced once an expiry with 200 items in flight', async () => {
		const items = 200;
		const slow = await start({ latencyMs: 20 });
		let answered = 0;
		const { failures } = await run(
			async (client) => {
				for (let round = 1; round <= 3; round++) {
					await client.request(LIST);
					// The last of a round, so that the next one has a token that has expired for all of them.
					if (++answered === items) slow.revokeTokens();
					await until(() => answered >= round * items, HANG_MS);
				}
			},
			{ items, maxConcurrency: items, timeoutMs: HANG_MS },
			{},
			slow,
		);
		expect(failures).toEqual([]);
		expect(count(statuses(slow), 200)).toBe(3 * items);
		// At the beginning, and when the first had expired.
		expect(slow.stats().imsCalls).toBe(2);
	});

	it('lets nobody who only waited for the new one tell of a write that may be done', async () => {
		const posts = () => platformCalls().filter(({ method }) => method === 'POST').length;
		let signedIn = 0;
		const { failures } = await run(
			async (client, index) => {
				await client.request(LIST);
				signedIn += 1;
				await until(() => signedIn === 3);
				if (index === 0) {
					adobe.revokeTokens();
					// The refused write is let through; the one with the new token gets no answer.
					const silent = { kind: 'delay', delayMs: 30_000, skip: 1 } as const;
					adobe.addFault({ method: 'POST', path: CONNECTIONS, ...silent });
				} else {
					await until(() => posts() >= 2);
				}
				await client.request(createRequest(`Sales ${index}`));
			},
			// What the others do before they wait must be done in their time, on a busy machine, too.
			{ items: 3, timeoutMs: (index) => (index === 0 ? 20_000 : 6_000) },
		);
		expect(failures.map(({ outcomeUnknown }) => outcomeUnknown)).toEqual([true, false, false]);
		expect(posts()).toBe(2);
	});

	it('is replaced for a write, too, which is made once', async () => {
		const first = await run(create, { items: 1 });
		adobe.revokeTokens();
		await first.again();
		expect(first.failures).toEqual([]);
		expect(statuses()).toEqual([201, 401, 201]);
	});
});

describe('a token that another execution has fetched a moment ago', () => {
	it('is replaced when it was revoked meanwhile', async () => {
		await run(create);
		adobe.revokeTokens();
		// Another execution with no stored token is given the cached one first.
		const { failures } = await run(create, { items: 5 });
		expect(failures).toEqual([]);
		expect(statuses()).toEqual([201, 401, 201, 201, 201, 201, 201]);
		expect(adobe.stats().imsCalls).toBe(2);
	});

	it('is no new one for an execution whose stored token was rejected: that signs in after it', async () => {
		const scopes = 'openid,session';
		await run(create, {}, { scopes });
		adobe.revokeTokens();
		const { failures } = await run(
			create,
			{ items: 3 },
			{
				scopes,
				accessToken: tokenOf({ clientId: adobe.clientId }),
				tokenFingerprint: tokenFingerprint(readImsSettings(imsCredential(adobe, { scopes }))),
			},
		);
		expect(failures).toEqual([]);
		expect(statuses()).toEqual([201, 401, 401, 201, 201, 201]);
		expect(adobe.stats().imsCalls).toBe(2);
	});
});

describe('a DELETE', () => {
	const remove =
		(id: string): Work =>
		async (client) =>
			await client.request({
				method: 'DELETE',
				path: [...LIST.path, id],
				operation: 'Delete a connection',
				permission: 'Manage Sources',
			});

	it('whose first attempt was done although its answer was lost has succeeded', async () => {
		await run(create);
		adobe.addFault({ method: 'DELETE', kind: 'reset', when: 'after' });
		const { failures } = await run(remove(adobe.connections()[0]?.id ?? ''));
		expect(failures).toEqual([]);
		expect(statuses().slice(1)).toEqual([0, 404]);
	});

	it('of what is not there says so', async () => {
		const { failures } = await run(remove('00000000-0000-4000-8000-000000000000'));
		expect(failures[0].details.status).toBe(404);
	});

	it('of what is not there says so after a rate limit, too', async () => {
		adobe.addFault({ method: 'DELETE', kind: 'status', status: 429 });
		const { failures } = await run(remove('00000000-0000-4000-8000-000000000000'));
		expect(failures[0].details.status).toBe(404);
	});
});

describe('a path', () => {
	it.each(['.', '..', ''])('with the part %j is not sent', async (part) => {
		const { failures } = await run(
			async (client) => await client.request({ ...LIST, path: [...LIST.path, part] }),
		);
		expect(failures[0].message).toBe('An ID is empty or consists of dots');
		expect(platformCalls()).toHaveLength(0);
	});
});

describe('a token that Adobe refuses although it is new', () => {
	it('is replaced once, for it may come from the cache and have been revoked', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'status', status: 401, times: 10_000 });
		const { failures } = await run(list);
		expect(failures).toHaveLength(1);
		expect(platformCalls()).toHaveLength(2);
		expect(adobe.stats().imsCalls).toBe(2);
	});

	it('ends in words about the credential after a bounded number of requests', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'status', status: 401, times: 10_000 });
		const { failures } = await run(list, { items: 10 });
		expect(failures).toHaveLength(10);
		for (const { message } of failures) {
			expect(message).toBe('Adobe rejected the access token, and a newly issued one as well');
		}
		expect(platformCalls()).toHaveLength(2);
		expect(adobe.stats().imsCalls).toBe(2);
	});

	it('is not replaced where the 401 is about the organization', async () => {
		const client = adobe.addClient({ orgAccess: false });
		const { clientId, clientSecret } = client;
		const { failures } = await run(list, { items: 10 }, { clientId, clientSecret });
		expect(failures).toHaveLength(10);
		for (const { message } of failures) expect(message).toContain("'Organization ID'");
		expect(platformCalls()).toHaveLength(10);
		expect(adobe.stats().imsCalls).toBe(1);
	});
});

describe('a sign-in that fails', () => {
	const SECRET = 'wr0ng-c4nary-secret';
	it.each([
		['a wrong secret', { clientSecret: SECRET }, "'Client Secret'"],
		['an unknown client', { clientId: 'nobody', clientSecret: SECRET }, "'Client ID'"],
		['scopes not granted', { scopes: 'openid,nothing' }, "'Scopes'"],
	])(
		'for good (%s) is asked for once for 50 items, and nothing is sent',
		async (_case, changes, field) => {
			const { failures, wired } = await run(list, { items: 50 }, changes);
			expect(failures).toHaveLength(50);
			for (const failure of failures) {
				expect(failure.message).toContain(field);
				expect(everythingOf(failure)).not.toContain(SECRET);
			}
			expect(adobe.stats().imsCalls).toBe(1);
			expect(platformCalls()).toHaveLength(0);
			expect(wired.credentials.calls(IMS)).toMatchObject({ decrypts: 1, persists: 0 });
		},
	);

	it('for the moment is asked for again a little later, and no item is lost', async () => {
		adobe.addFault({ path: '/ims/token/v3', kind: 'status', status: 503 });
		const { failures } = await run(create, { items: 5 });
		expect(failures).toHaveLength(0);
		expect(adobe.stats().imsCalls).toBe(2);
		expect(statuses()).toEqual([201, 201, 201, 201, 201]);
	});

	it('for longer fails all items, who do not ask one after another', async () => {
		adobe.addFault({ path: '/ims/token/v3', kind: 'status', status: 503, times: 1_000 });
		const { failures } = await run(create, { items: 20 });
		expect(failures).toHaveLength(20);
		expect(failures[0].message).toBe('Adobe IMS (sign-in) is not available at the moment');
		expect(adobe.stats().imsCalls).toBeLessThanOrEqual(8);
		expect(platformCalls()).toHaveLength(0);
	});

	it.each([
		[
			'a page with 200',
			{ kind: 'status', status: 200, body: '<html>', times: 99 },
			'gave no access token',
		],
		['a connection cut', { kind: 'reset', times: 99 }, 'could not be reached'],
	] as const)('by %s says so through n8n, in its own words', async (_case, fault, words) => {
		adobe.addFault({ path: '/ims/token/v3', ...fault });
		const { failures } = await run(create);
		expect(failures[0].message).toContain(words);
		expect(platformCalls()).toHaveLength(0);
	});
});

describe('a POST', () => {
	it('that is told to wait is sent again after that time, and made once', async () => {
		adobe.addFault({
			method: 'POST',
			path: CONNECTIONS,
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '1' },
		});
		const { failures } = await run(create);
		expect(failures).toEqual([]);
		const [first, second] = platformCalls();
		expect(statuses()).toEqual([429, 201]);
		expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(999);
		expect(adobe.connections()).toHaveLength(1);
	});

	it('that the gateway has not passed on is sent again', async () => {
		adobe.addFault({
			method: 'POST',
			path: CONNECTIONS,
			kind: 'status',
			status: 503,
			body: { error_code: '503010', message: 'Could not validate the oauth token' },
		});
		expect((await run(create)).failures).toEqual([]);
		expect(statuses()).toEqual([503, 201]);
	});

	it.each([
		['answered 500', { kind: 'status', status: 500 }, 0, 500],
		['answered 502 with a page', { kind: 'status', status: 502, body: '<html>' }, 0, 502],
		['answered 503 by Flow Service', { kind: 'status', status: 503 }, 0, 503],
		['answered 504 after the work', { kind: 'status', status: 504, when: 'after' }, 1, 504],
		['cut off before the work', { kind: 'reset' }, 0, undefined],
		['cut off after the work', { kind: 'reset', when: 'after' }, 1, undefined],
		['cut off in the answer', { kind: 'truncated' }, 1, undefined],
		['answered 400', { kind: 'status', status: 400 }, 0, 400],
		['answered 409', { kind: 'status', status: 409 }, 0, 409],
	] as const)('that is %s reaches the server exactly once', async (_case, fault, made, status) => {
		adobe.addFault({ method: 'POST', path: CONNECTIONS, ...fault });
		const { failures } = await run(create);
		expect(failures).toHaveLength(1);
		expect(platformCalls()).toHaveLength(1);
		expect(adobe.connections()).toHaveLength(made);
		expect(failures[0].details.status).toBe(status);
		expect(failures[0].outcomeUnknown).toBe(status === undefined || status >= 500);
	});

	it('that takes too long reaches the server exactly once, and its end is unknown', async () => {
		adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'delay', delayMs: 3_000 });
		const startedAt = Date.now();
		const { failures } = await run(create, { timeoutMs: 400 });
		expect(Date.now() - startedAt).toBeLessThan(1_400);
		expect(failures[0].outcomeUnknown).toBe(true);
		expect(failures[0].details.code).toBe('ECONNABORTED');
		expect(platformCalls()).toHaveLength(1);
	});
});

describe('a GET', () => {
	it.each([
		['500 twice', { kind: 'status', status: 500, times: 2 }, [500, 500, 200]],
		['502 with a page', { kind: 'status', status: 502, body: '<html>' }, [502, 200]],
		['503 of Flow Service', { kind: 'status', status: 503 }, [503, 200]],
		['a connection cut', { kind: 'reset' }, [0, 200]],
	] as const)('after %s is sent again', async (_case, fault, expected) => {
		adobe.addFault({ method: 'GET', path: CONNECTIONS, ...fault });
		expect((await run(list)).failures).toEqual([]);
		expect(statuses()).toEqual(expected);
	});

	it('is given up after four times, with what Adobe said', async () => {
		adobe.addFault({ method: 'GET', path: CONNECTIONS, kind: 'status', status: 500, times: 99 });
		const { failures } = await run(list);
		expect(statuses()).toEqual([500, 500, 500, 500]);
		expect(failures[0].details).toMatchObject({ status: 500, code: 'FLOW-1400-500' });
		expect(failures[0].details.requestId).toMatch(/^[0-9a-f-]{36}$/);
	});

	it('is not sent again when it is refused', async () => {
		adobe.addFault({ method: 'GET', path: CONNECTIONS, kind: 'status', status: 403, times: 99 });
		await run(list);
		expect(statuses()).toEqual([403]);
	});

	it('gives a body that is not JSON as it is', async () => {
		adobe.addFault({
			method: 'GET',
			path: CONNECTIONS,
			kind: 'status',
			status: 200,
			body: '<html>',
		});
		const { results } = await run(list);
		expect(results[0]).toMatchObject({ status: 200, body: '<html>' });
	});

	it('does not follow a redirect, so that no token goes elsewhere', async () => {
		const elsewhere = await start();
		adobe.addFault({
			method: 'GET',
			path: CONNECTIONS,
			kind: 'status',
			status: 302,
			headers: { location: `${elsewhere.platformUrl}/data/stolen` },
		});
		const { failures } = await run(list);
		expect(elsewhere.journal).toHaveLength(0);
		expect(failures[0].details.status).toBe(302);
	});
});

describe('being told to slow down', () => {
	it('slows down all items, not only the one that was told', async () => {
		adobe.addFault({
			path: CONNECTIONS,
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '1' },
		});
		const { failures } = await run(list, { items: 8, maxConcurrency: 8 });
		expect(failures).toEqual([]);
		const [first, ...others] = platformCalls();
		expect(others).toHaveLength(8);
		for (const { at } of others) expect(at - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
	});

	it('for longer than the time there is ends at once, in words about the rate', async () => {
		adobe.addFault({
			path: CONNECTIONS,
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '600' },
		});
		const startedAt = Date.now();
		const { failures } = await run(list, { timeoutMs: 5_000 });
		expect(Date.now() - startedAt).toBeLessThan(1_500);
		expect(failures[0].message).toContain('limits the rate of requests');
		expect(failures[0].failure).toEqual({ cause: 'rate-limited', retryAfterMs: 600_000 });
		expect(statuses()).toEqual([429]);
	});

	it.each(['0', 'Sun, 01 Mar 2020 11:00:00 GMT'])(
		'without a time to wait (Retry-After: %s) does not send without a pause',
		async (header) => {
			adobe.addFault({
				path: CONNECTIONS,
				kind: 'status',
				status: 429,
				headers: { 'retry-after': header },
				times: 9_999,
			});
			const { failures } = await run(create, { timeoutMs: 1_500 });
			expect(failures[0].details.status).toBe(429);
			expect(platformCalls().length).toBeLessThanOrEqual(4);
		},
	);

	it('by a real limit lets all items through in the end, and each write once', async () => {
		// So few that a slow machine exceeds it, too.
		const limited = await start({ ratePerSecond: 5, rateBurst: 5 });
		const { failures } = await run(create, { items: 40, maxConcurrency: 10 }, {}, limited);
		expect(failures).toEqual([]);
		expect(limited.stats().rateLimited).toBeGreaterThan(0);
		expect(limited.connections()).toHaveLength(40);
		expect(Object.values(limited.stats().connections)).toEqual(Array(40).fill(1));
	});
});

describe('the time of an item', () => {
	it('bounds the repeats', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'status', status: 500, times: 99 });
		const startedAt = Date.now();
		const { failures } = await run(list, { timeoutMs: 700 });
		expect(Date.now() - startedAt).toBeLessThan(1_400);
		expect(failures).toHaveLength(1);
		expect(statuses().length).toBeLessThan(4);
	});

	it('bounds the sign-in, too', async () => {
		adobe.addFault({ path: '/ims/token/v3', kind: 'delay', delayMs: 4_000, times: 99 });
		const startedAt = Date.now();
		const { failures } = await run(create, { timeoutMs: 500 });
		expect(Date.now() - startedAt).toBeLessThan(2_000);
		expect(failures[0].message).toBe('Adobe IMS (sign-in) could not be reached');
		expect(platformCalls()).toHaveLength(0);
	});

	it('that is up before anything was sent says that nothing was sent', async () => {
		const { failures } = await run(
			async (client) => {
				await client.pause(60);
				expect(client.remainingMs()).toBe(0);
				return await client.request(createRequest());
			},
			{ timeoutMs: 40 },
		);
		expect(failures[0].message).toBe('The time for "Create a connection" is up');
		expect(failures[0].description).toContain("'Timeout'");
		expect(adobe.stats().total).toBe(0);
	});
});

describe('a cancelled execution', () => {
	const MAX_WAIT_MS = 5_000;
	const cancelAfter = (ms: number) => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), ms);
		return controller.signal;
	};

	it.each([
		[
			'while it waits as told',
			{ kind: 'status', status: 429, headers: { 'retry-after': '20' }, times: 99 },
		],
		['while a request is on its way', { kind: 'delay', delayMs: 20_000, times: 99 }],
	] as const)('ends within a second %s, and sends nothing more', async (_case, fault) => {
		adobe.addFault({ path: CONNECTIONS, ...fault });
		const startedAt = Date.now();
		const { failures } = await run(create, { items: 20, signal: cancelAfter(300) });
		expect(Date.now() - startedAt).toBeLessThan(1_300);
		expect(failures).toHaveLength(20);
		const sent = platformCalls().length;
		expect(sent).toBeLessThanOrEqual(1);
		await sleep(300);
		expect(platformCalls()).toHaveLength(sent);
	});

	it('says which write may have been done all the same, and nothing of a read', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'delay', delayMs: 20_000, times: 99 });
		const write = await run(create, { signal: cancelAfter(300) });
		expect(write.failures[0].description).toContain('Adobe may have done "Create a connection"');
		const read = await run(list, { signal: cancelAfter(300) });
		expect(read.failures[0].description).not.toContain('may have done');
	});

	it('breaks off all requests that are under way', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'delay', delayMs: 20_000, skip: 1, times: 99 });
		const controller = new AbortController();
		const running = run(create, { items: 20, maxConcurrency: 20, signal: controller.signal });
		await until(() => adobe.stats().inFlight === 19, MAX_WAIT_MS);
		controller.abort();
		expect((await running).failures).toHaveLength(19);
		await until(() => adobe.stats().inFlight === 0, MAX_WAIT_MS);
	});

	it('hears of it by one listener for all requests, and by none afterwards: Node.js warns of eleven', async () => {
		adobe.addFault({ path: CONNECTIONS, kind: 'delay', delayMs: 300, skip: 1, times: 99 });
		const { signal } = new AbortController();
		const running = run(create, { items: 30, maxConcurrency: 30, signal });
		await until(() => adobe.stats().inFlight === 29, MAX_WAIT_MS);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		expect((await running).failures).toEqual([]);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('ends within a second while the sign-in hangs, and sends nothing more', async () => {
		adobe.addFault({ path: '/ims/token/v3', kind: 'delay', delayMs: 1_500, times: 99 });
		const startedAt = Date.now();
		const { failures } = await run(create, { items: 20, signal: cancelAfter(200) });
		expect(Date.now() - startedAt).toBeLessThan(1_200);
		expect(failures).toHaveLength(20);
		await sleep(2_000);
		expect(platformCalls()).toHaveLength(0);
	});

	it('ends within a second while the operation pauses', async () => {
		const startedAt = Date.now();
		const { failures } = await run(async (client) => await client.pause(60_000), {
			items: 5,
			signal: cancelAfter(200),
		});
		expect(Date.now() - startedAt).toBeLessThan(1_200);
		expect(failures).toHaveLength(5);
	});

	it('sends nothing when it was cancelled before', async () => {
		const { failures } = await run(list, { items: 3, signal: AbortSignal.abort() });
		const said = 'The execution was stopped before this item was done';
		expect(failures.map(({ message }) => message)).toEqual(Array(3).fill(said));
		expect(failures[0].description).toContain('No request was in flight without an answer');
		expect(adobe.stats().total).toBe(0);
	});
});

describe('a request on the wire', () => {
	it("carries Adobe's headers, the sandbox of the item and its body as JSON", async () => {
		await run(create, { sandboxName: 'dev' });
		const [call] = platformCalls();
		expect(call?.headers).toMatchObject({
			authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
			'x-api-key': adobe.clientId,
			'x-gw-ims-org-id': adobe.orgId,
			'x-sandbox-name': 'dev',
			'content-type': expect.stringContaining('application/json'),
		});
		expect(JSON.parse(call?.body ?? '')).toEqual(createRequest('Sales 0').body);
		expect(adobe.connections()[0]).toMatchObject({ sandboxName: 'dev' });
	});

	it("goes to the credential's sandbox where the item names none", async () => {
		const { results } = await run(
			async (client) => {
				await client.request(LIST);
				return [client.sandboxName, client.tenantName];
			},
			{},
			{ sandboxName: 'dev', tenantName: '@acme' },
		);
		expect(results).toEqual([['dev', 'acme']]);
		expect(platformCalls()[0]?.headers['x-sandbox-name']).toBe('dev');
		expect(platformCalls()[0]?.headers['content-type']).toBeUndefined();
	});

	it.each([
		['a slash', 'a/b', 'a%2Fb'],
		['a way up', '../../ims', '..%2F..%2Fims'],
		['a query', 'a?b=c&d', 'a%3Fb%3Dc%26d'],
		['a fragment', 'a#b', 'a%23b'],
		['a per cent code', 'a%2fb', 'a%252fb'],
		['blanks', 'a b', 'a%20b'],
		['a host', '//evil.example', '%2F%2Fevil.example'],
		['an umlaut', 'ü', '%C3%BC'],
		['a line break', 'a\r\nx-evil: 1', 'a%0D%0Ax-evil%3A%201'],
	])('cannot be led elsewhere by an ID with %s', async (_case, id, encoded) => {
		await run(
			async (client) => await client.request({ ...LIST, path: [...LIST.path, id], query: [] }),
		);
		expect(platformCalls()[0]?.path).toBe(`${CONNECTIONS}/${encoded}`);
	});

	it('keeps filters readable and their values to themselves', async () => {
		const query = [
			['property', 'name==a&limit=9#x y+z,ü'],
			['property', 'id==1,2'],
		] as const;
		await run(async (client) => await client.request({ ...LIST, query }));
		const [, written = ''] = platformCalls()[0]?.path.split('?') ?? [];
		expect(written).toContain('property=name==a%26limit');
		expect(written).toContain('property=id==1,2');
		expect(new URLSearchParams(written).getAll('property')).toEqual([
			'name==a&limit=9#x y+z,ü',
			'id==1,2',
		]);
		expect([...new URLSearchParams(written).keys()]).toEqual(['property', 'property']);
	});
});

describe('the secrets of a run', () => {
	it('are the client secret and the token that is in use', async () => {
		let secrets: string[] = [];
		const outcome: Outcome = { results: [], failures: [] };
		const nodeType = nodeOf(list, {}, outcome);
		nodeType.execute = async function execute() {
			const platform = PlatformClient.open(this, 1);
			const transport = await platform.transportFor();
			expect(platform.secrets()).toEqual([adobe.clientSecret]);
			await platform.forItem(transport, { timeoutMs: 5_000 }).request(LIST);
			secrets = platform.secrets();
			return [[]];
		};
		await executeNode(
			wire({ nodeType, parameters: {}, credentials: { ims: imsCredential(adobe) } }),
		);
		const bearer = platformCalls()[0]?.headers.authorization;
		const token = String(bearer).replace('Bearer ', '');
		expect([...new Set(secrets)]).toEqual([adobe.clientSecret, token]);
	});
});
