import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../../emulator/emulator.mts';
import { basicBody, closeWires, codeOf, exchange, openWire, read, type Wire } from '../wire.mts';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
	// The token is fetched now, so that no fault meant for the platform strikes that request.
	await get();
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const CONNECTIONS = '/data/foundation/flowservice/connections';
const control = async (method: string, path: string, body?: unknown) =>
	await read(
		await fetch(`${wire.emulator.platformUrl}/__emulator/${path}`, {
			method,
			body: body === undefined ? null : JSON.stringify(body),
		}),
	);
const get = async () => await wire.flow('GET', '/connections');
const create = async () => await wire.flow('POST', '/connections', { body: basicBody() });

describe('a fault', () => {
	it.each<[string, Fault, number, object, Record<string, string>]>([
		[
			"gives a status with Adobe's usual body",
			{ kind: 'status', status: 500 },
			500,
			{ title: 'Internal Server Error', report: expect.anything() },
			{},
		],
		[
			'gives 503',
			{ kind: 'status', status: 503, headers: { 'retry-after': '7' } },
			503,
			{ type: expect.stringContaining('FLOW-1103-503') },
			{ 'retry-after': '7' },
		],
		[
			'gives 504',
			{ kind: 'status', status: 504 },
			504,
			{ type: expect.stringContaining('FLOW-1104-504') },
			{},
		],
		[
			'gives 429 with a time to wait',
			{ kind: 'status', status: 429 },
			429,
			{ error_code: '429050' },
			{ 'retry-after': '1' },
		],
		[
			'gives 403',
			{ kind: 'status', status: 403 },
			403,
			{ type: expect.stringContaining('FLOW-2120-403') },
			{},
		],
		[
			'gives 404',
			{ kind: 'status', status: 404 },
			404,
			{ type: expect.stringContaining('FLOW-1101-404') },
			{},
		],
		[
			'gives 412',
			{ kind: 'status', status: 412 },
			412,
			{ type: expect.stringContaining('FLOW-1404-412') },
			{},
		],
		['gives 401', { kind: 'status', status: 401 }, 401, { error_code: '401013' }, {}],
		[
			'gives a body of its own',
			{ kind: 'status', status: 418, body: { tea: true }, headers: { 'x-pot': 'yes' } },
			418,
			{ tea: true },
			{ 'x-pot': 'yes' },
		],
	])('%s', async (_case, fault, status, body, headers) => {
		wire.emulator.addFault(fault);
		const answer = await get();
		expect(answer.status).toBe(status);
		expect(answer.json).toMatchObject(body);
		for (const [name, value] of Object.entries(headers))
			expect(answer.headers.get(name)).toBe(value);
		expect((await get()).status).toBe(200);
	});

	it('gives a text as it is', async () => {
		wire.emulator.addFault({
			kind: 'status',
			status: 502,
			body: '<h1>Bad gateway</h1>',
			headers: { 'content-type': 'text/html' },
		});
		const answer = await get();
		expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
			502,
			'<h1>Bad gateway</h1>',
			'text/html',
		]);
	});

	it.each<[string, Fault, number]>([
		['status before the work', { kind: 'status', status: 500 }, 0],
		['status after the work', { kind: 'status', status: 500, when: 'after' }, 1],
	])('%s', async (_case, fault, made) => {
		wire.emulator.addFault(fault);
		expect((await create()).status).toBe(500);
		expect(wire.emulator.connections()).toHaveLength(made);
	});

	it.each<[string, Fault, number]>([
		['before the work', { kind: 'reset' }, 0],
		['after the work', { kind: 'reset', when: 'after' }, 1],
	])('resets the connection %s', async (_case, fault, made) => {
		wire.emulator.addFault(fault);
		await expect(create()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
		expect(wire.emulator.connections()).toHaveLength(made);
		expect(wire.emulator.journal.at(-1)).toMatchObject({ method: 'POST', status: 0 });
		expect(JSON.parse(wire.emulator.journal.at(-1)?.body ?? '')).toMatchObject({ name: 'Sales' });
		expect((await create()).status).toBe(201);
		expect(wire.emulator.stats().inFlight).toBe(0);
	});

	it('answers what is not JSON, with the work done', async () => {
		wire.emulator.addFault({ kind: 'malformed' });
		const answer = await create();
		expect(answer.status).toBe(201);
		expect(answer.text).not.toBe('');
		expect(answer.json).toBeUndefined();
		expect(wire.emulator.connections()).toHaveLength(1);
	});

	it('cuts the answer off in the middle, with the work done', async () => {
		wire.emulator.addFault({ kind: 'truncated' });
		await expect(create()).rejects.toThrow('terminated');
		expect(wire.emulator.connections()).toHaveLength(1);
	});

	it.each<[string, Fault]>([
		['before', { kind: 'delay', delayMs: 1000 }],
		['after', { kind: 'delay', delayMs: 1000, when: 'after' }],
	])('delays, and the work is done %s', async (when, fault) => {
		wire.emulator.addFault(fault);
		const pending = create();
		const { emulator } = wire;
		const made = when === 'after' ? 1 : 0;
		const isWaiting = () =>
			emulator.stats().inFlight === 1 && emulator.connections().length === made;
		for (let n = 0; n < 90 && !isWaiting(); n++) await sleep(10);
		expect(emulator.stats().inFlight).toBe(1);
		expect(emulator.connections()).toHaveLength(made);
		expect((await pending).status).toBe(201);
		expect(wire.emulator.connections()).toHaveLength(1);
	});

	it.each<[string, Partial<Fault>, number[]]>([
		['once by default', {}, [500, 200, 200]],
		['as often as asked for', { times: 2 }, [500, 500, 200]],
		['after letting some through', { skip: 1 }, [200, 500, 200]],
		['for its method', { method: 'GET' }, [500, 200, 200]],
		['not for another method', { method: 'POST' }, [200, 200, 200]],
		['for its path', { path: CONNECTIONS }, [500, 200, 200]],
		['for its path with a star', { path: '/data/*/connections' }, [500, 200, 200]],
		['not for another path', { path: `${CONNECTIONS}/{id}` }, [200, 200, 200]],
		['not for a longer path', { path: '/data' }, [200, 200, 200]],
	])('strikes %s', async (_case, given, statuses) => {
		wire.emulator.addFault({ kind: 'status', status: 500, ...given });
		const seen: number[] = [];
		for (const _ of statuses) seen.push((await get()).status);
		expect(seen).toEqual(statuses);
	});

	it('is chosen by the pattern of a route', async () => {
		const { id } = (await create()).json;
		wire.emulator.addFault({ path: `${CONNECTIONS}/{id}`, kind: 'status', status: 500 });
		expect((await wire.flow('GET', `/connections/${id}/test`)).status).toBe(200);
		expect((await wire.flow('GET', `/connections/${id}`)).status).toBe(500);
	});

	it('strikes IMS too', async () => {
		wire.emulator.addFault({
			path: '/ims/token/*',
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '3' },
		});
		const answer = await exchange(wire.emulator);
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
		expect((await exchange(wire.emulator)).status).toBe(200);
	});

	it('comes over HTTP, one or several, and a wrong one is refused', async () => {
		const faults = [
			{ kind: 'status', status: 500 },
			{ kind: 'status', status: 503 },
		];
		expect((await control('POST', 'faults', faults)).status).toBe(204);
		expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([
			500, 503, 200,
		]);
		expect((await control('POST', 'faults', { kind: 'status', status: 404 })).status).toBe(204);
		expect((await get()).status).toBe(404);
		for (const bad of [{ kind: 'explode' }, {}, { kind: 'status', status: 99 }]) {
			expect((await control('POST', 'faults', bad)).status).toBe(400);
		}
		expect((await get()).status).toBe(200);
	});
});

describe('the counts', () => {
	it('tell requests by pattern, tokens, 429s, sockets, what is in flight, and names', async () => {
		const { emulator, flow, create: make } = await openWire({ latencyMs: 60 });
		const id = await make(basicBody());
		await make(basicBody());
		await make(basicBody({}, 'constructor'));
		await Promise.all([1, 2, 3].map(async () => await flow('GET', `/connections/${id}?x=1`)));
		await flow('GET', `/connections/${id}/`);
		emulator.addFault({ kind: 'status', status: 429 });
		await flow('GET', '/connections');
		const url = `${emulator.platformUrl}/__emulator/stats`;
		const { json: stats } = await read(await fetch(url));
		expect(stats).toEqual({
			connectionWrites: 3,
			sourceConnections: {},
			targetConnections: {},
			flows: {},
			mappingSets: 0,
			runs: 0,
			total: 9,
			requests: {
				'POST /ims/token/v3': 1,
				[`POST ${CONNECTIONS}`]: 3,
				[`GET ${CONNECTIONS}/{id}`]: 4,
				[`GET ${CONNECTIONS}`]: 1,
			},
			imsCalls: 1,
			imsTokensIssued: 1,
			rateLimited: 1,
			socketsOpened: expect.any(Number),
			inFlight: 0,
			peakInFlight: 3,
			connections: { Sales: 2, constructor: 1 },
		});
		expect(stats.socketsOpened).toBeGreaterThanOrEqual(3);
		expect(stats.socketsOpened).toBeLessThanOrEqual(9);
		expect(emulator.stats()).toEqual(stats);
	});

	it('count a refused call to IMS, but no token', async () => {
		await exchange(wire.emulator, { client_secret: 'wrong' });
		expect(wire.emulator.stats()).toMatchObject({ imsCalls: 1, imsTokensIssued: 0 });
	});

	it('leave control requests out', async () => {
		await control('GET', 'stats');
		await control('POST', 'clients', {});
		expect(wire.emulator.stats()).toMatchObject({ total: 0, socketsOpened: 0, requests: {} });
		expect(wire.emulator.journal).toEqual([]);
	});
});

it('reset forgets connections, faults, counts and the journal, and keeps clients and tokens', async () => {
	await create();
	wire.emulator.addFault({ kind: 'status', status: 500 });
	expect((await control('POST', 'reset')).status).toBe(204);
	expect(wire.emulator.connections()).toEqual([]);
	expect(wire.emulator.journal).toEqual([]);
	expect(wire.emulator.stats()).toMatchObject({ total: 0, peakInFlight: 0, connections: {} });
	expect((await get()).status).toBe(200);
	expect(wire.emulator.stats()).toMatchObject({ total: 1, imsCalls: 0 });
});

it('reset can keep the connections and count from zero', async () => {
	await create();
	wire.emulator.addFault({ kind: 'status', status: 500 });
	expect((await control('POST', 'reset', { keep: 'connections' })).status).toBe(204);
	expect(wire.emulator.connections()).toHaveLength(1);
	expect(wire.emulator.journal).toEqual([]);
	expect(wire.emulator.stats()).toMatchObject({ total: 0, peakInFlight: 0, connectionWrites: 0 });
	expect((await get()).status).toBe(200);
	expect((await control('POST', 'reset', { keep: 'flows' })).status).toBe(400);
});

it('a client made over HTTP works with what it was given', async () => {
	const made = await control('POST', 'clients', { permissions: ['read'], sandboxes: ['dev'] });
	expect(made.status).toBe(201);
	expect(made.json).toMatchObject({
		orgId: wire.emulator.orgId,
		permissions: ['read'],
		sandboxes: ['dev'],
	});
	const client = made.json;
	expect(
		(await wire.flow('GET', '/connections', { client, headers: { 'x-sandbox-name': 'dev' } }))
			.status,
	).toBe(200);
	expect(codeOf(await wire.flow('GET', '/connections', { client }))).toBe('FLOW-2120-403');
});

describe('the journal', () => {
	it('holds requests as they came, and how they were answered', async () => {
		const body = '{ "name" : "as  written" }';
		await wire.flow('POST', '/connections?mode=draft', { body, headers: { 'X-Mine': 'yes' } });
		expect(wire.emulator.journal).toHaveLength(1);
		expect(wire.emulator.journal[0]).toEqual({
			at: expect.any(Number),
			method: 'POST',
			path: `${CONNECTIONS}?mode=draft`,
			headers: expect.objectContaining({ 'x-mine': 'yes', 'x-sandbox-name': 'prod' }),
			body,
			status: 400,
		});
	});

	it('holds the form sent to IMS', async () => {
		await exchange(wire.emulator);
		const form = new URLSearchParams(wire.emulator.journal[0]?.body);
		expect(form.get('grant_type')).toBe('client_credentials');
	});
});

it('latency is added to every answer', async () => {
	const slow = await openWire({ latencyMs: 120 });
	const before = performance.now();
	await exchange(slow.emulator);
	expect(performance.now() - before).toBeGreaterThanOrEqual(115);
});

it('close ends requests that are still waiting', async () => {
	const { emulator, flow } = await openWire();
	await flow('GET', '/connections');
	emulator.addFault({ kind: 'delay', delayMs: 60_000 });
	const pending = flow('GET', '/connections').then(
		() => 'answered',
		() => 'cut',
	);
	await sleep(50);
	const before = performance.now();
	await emulator.close();
	expect(performance.now() - before).toBeLessThan(2_000);
	expect(['answered', 'cut']).toContain(await pending);
	await expect(fetch(emulator.platformUrl)).rejects.toThrow();
});

it('refuses a negative option', async () => {
	await expect(openWire({ latencyMs: -1 })).rejects.toThrow(RangeError);
	await expect(openWire({ ratePerSecond: 0 })).rejects.toThrow(RangeError);
});
