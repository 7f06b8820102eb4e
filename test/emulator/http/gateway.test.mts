import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../../emulator/emulator.mts';
import { basicBody, closeWires, codeOf, openWire, type Wire } from '../wire.mts';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
afterAll(closeWires);

const SANDBOXES = '/data/foundation/sandbox-management/';

describe('the gateway', () => {
	it.each([
		['no token', { authorization: null }, 403, '403010', 'Oauth token is missing.'],
		['another scheme', { authorization: 'Basic abc' }, 403, '403010', 'Oauth token is missing.'],
		[
			'an unknown token',
			{ authorization: 'Bearer a.b.c' },
			401,
			'401013',
			'Oauth token is not valid',
		],
		['no API key', { 'x-api-key': null }, 403, '403000', 'Api Key is required'],
		['an unknown API key', { 'x-api-key': 'nobody' }, 403, '403003', 'Api Key is invalid'],
		['no organization', { 'x-gw-ims-org-id': null }, 400, '400003', 'Missing header'],
		[
			'an unknown organization',
			{ 'x-gw-ims-org-id': `${'A'.repeat(24)}@AdobeOrg` },
			403,
			'403025',
			'Profile is not valid',
		],
	])('refuses %s', async (_case, headers, status, code, message) => {
		for (const path of ['/data/foundation/flowservice/connections', SANDBOXES]) {
			const answer = await wire.call('GET', path, { headers });
			expect(answer.status).toBe(status);
			expect(answer.json).toEqual({ error_code: code, message });
			expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
		}
	});

	it("refuses another client's API key", async () => {
		const { clientId } = wire.emulator.addClient({});
		const answer = await wire.flow('GET', '/connections', { headers: { 'x-api-key': clientId } });
		expect(answer.json).toEqual({ error_code: '403003', message: 'Api Key is invalid' });
	});

	it('refuses a client without a product profile', async () => {
		const client = wire.emulator.addClient({ productProfile: false });
		const answer = await wire.flow('GET', '/connections', { client });
		expect([answer.status, answer.json.error_code]).toEqual([403, '403025']);
	});

	it('refuses an expired token', async () => {
		const short = await openWire({ tokenLifetimeMs: 300 });
		expect((await short.flow('GET', '/connections')).status).toBe(200);
		await sleep(350);
		const answer = await short.flow('GET', '/connections');
		expect([answer.status, answer.json.error_code]).toEqual([401, '401013']);
	});

	it('refuses a revoked token and takes the next one', async () => {
		const { emulator, flow, token } = await openWire();
		expect((await flow('GET', '/connections')).status).toBe(200);
		emulator.revokeTokens();
		expect((await flow('GET', '/connections')).status).toBe(401);
		const headers = { authorization: `Bearer ${await token()}` };
		expect((await flow('GET', '/connections', { headers })).status).toBe(200);
	});

	it('answers 404 where there is no service, after it has checked the caller', async () => {
		expect((await wire.call('GET', '/data/foundation/nothing')).status).toBe(404);
		const headers = { authorization: null };
		expect((await wire.call('GET', '/data/foundation/nothing', { headers })).status).toBe(403);
		expect((await wire.call('GET', '/nothing', { headers })).status).toBe(404);
	});

	it('puts a request ID on success as well, another one each time', async () => {
		const ids = [1, 2].map(async () =>
			(await wire.flow('GET', '/connections')).headers.get('x-request-id'),
		);
		const [a, b] = await Promise.all(ids);
		expect(a).toMatch(/^[0-9a-f-]{36}$/);
		expect(a).not.toBe(b);
	});

	it('takes header names in any case', async () => {
		const headers = { 'x-sandbox-name': null, 'X-SANDBOX-NAME': 'prod' };
		expect((await wire.flow('GET', '/connections', { headers })).status).toBe(200);
	});
});

describe('the rate limit', () => {
	it('answers 429 with whole seconds to wait beyond the burst, and lets one through afterwards', async () => {
		const { emulator, flow } = await openWire({ ratePerSecond: 1, rateBurst: 3 });
		const calls = await Promise.all(
			[1, 2, 3, 4, 5].map(async () => await flow('GET', '/connections')),
		);
		expect(calls.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
		const refused = calls.find(({ status }) => status === 429);
		expect(refused?.json).toEqual({ error_code: '429050', message: 'Too many requests' });
		expect(refused?.headers.get('retry-after')).toBe('1');
		expect(emulator.stats().rateLimited).toBe(2);
		await sleep(1_050);
		expect((await flow('GET', '/connections')).status).toBe(200);
	});

	it('counts each client for itself', async () => {
		const { emulator, flow } = await openWire({ ratePerSecond: 0.1 });
		expect((await flow('GET', '/connections')).status).toBe(200);
		const limited = await flow('GET', '/connections');
		expect(limited.status).toBe(429);
		expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(5);
		const client = emulator.addClient({});
		expect((await flow('GET', '/connections', { client })).status).toBe(200);
	});
});

describe('Flow Service checks organization and sandbox', () => {
	it("answers 2000-401 where another client's organization is named", async () => {
		const foreign = wire.emulator.addClient({ orgId: `${'B'.repeat(24)}@AdobeOrg` });
		const headers = { 'x-gw-ims-org-id': foreign.orgId };
		const answer = await wire.flow('GET', '/connections', { headers });
		expect([answer.status, codeOf(answer)]).toEqual([401, 'FLOW-2000-401']);
	});

	it('answers 2000-401 to a client whose account is not in its organization', async () => {
		const client = wire.emulator.addClient({ orgAccess: false });
		expect(codeOf(await wire.flow('GET', '/connections', { client }))).toBe('FLOW-2000-401');
		const listed = await wire.call('GET', SANDBOXES, { client });
		expect([listed.status, listed.json.error_code]).toEqual([403, '403025']);
	});

	it.each([
		['an unknown sandbox', { 'x-sandbox-name': 'nowhere' }, 'FLOW-2100-404'],
		['a sandbox in other case', { 'x-sandbox-name': 'PROD' }, 'FLOW-2100-404'],
		['a sandbox ID', { 'x-sandbox-id': '1bd86660-c5da-11e9-93d4-6d5fc3a66a8e' }, 'FLOW-2110-400'],
		['all sandboxes', { 'x-sandbox-name': '*' }, 'FLOW-2111-403'],
	])('refuses %s', async (_case, headers, code) => {
		const answer = await wire.flow('GET', '/connections', { headers });
		expect(codeOf(answer)).toBe(code);
		expect(answer.status).toBe(Number(code.slice(-3)));
	});

	it('takes the default sandbox without the header, unless it is strict', async () => {
		const id = await wire.create(basicBody(), { headers: { 'x-sandbox-name': null } });
		expect((await wire.flow('GET', `/connections/${id}`)).json.items[0].sandboxName).toBe('prod');
		const strict = await openWire({ strict: true });
		const answer = await strict.flow('GET', '/connections', {
			headers: { 'x-sandbox-name': null },
		});
		expect([answer.status, codeOf(answer)]).toEqual([400, 'FLOW-2105-400']);
		expect((await strict.flow('GET', '/connections')).status).toBe(200);
	});

	it('keeps the sandboxes apart', async () => {
		const headers = { 'x-sandbox-name': 'dev' };
		const id = await wire.create(basicBody({}, 'Only in dev'), { headers });
		expect((await wire.flow('GET', `/connections/${id}`, { headers })).status).toBe(200);
		expect(codeOf(await wire.flow('GET', `/connections/${id}`))).toBe('FLOW-1439-404');
		const listed = await wire.flow('GET', '/connections?property=name=="Only in dev"');
		expect(listed.json.items).toEqual([]);
	});
});

describe('permissions', () => {
	it.each<[string, Partial<Client>, string, string, string | undefined]>([
		['reading without any', { permissions: [] }, 'GET', '/connections', 'FLOW-2120-403'],
		['reading specs without any', { permissions: [] }, 'GET', '/connectionSpecs', 'FLOW-2120-403'],
		['reading with view', { permissions: ['read'] }, 'GET', '/connections', undefined],
		[
			'testing without view',
			{ permissions: ['write'] },
			'GET',
			'/connections/x/test',
			'FLOW-2120-403',
		],
		['creating with view only', { permissions: ['read'] }, 'POST', '/connections', 'FLOW-2118-403'],
		[
			'deleting with view only',
			{ permissions: ['read'] },
			'DELETE',
			'/connections/x',
			'FLOW-2121-403',
		],
		['a sandbox without a role', { sandboxes: ['dev'] }, 'GET', '/connections', 'FLOW-2120-403'],
	])('%s', async (_case, given, method, path, code) => {
		const client = wire.emulator.addClient(given);
		const body = method === 'POST' ? { body: basicBody() } : {};
		const answer = await wire.flow(method, path, { client, ...body });
		expect(codeOf(answer)).toBe(code);
		expect(answer.status).toBe(code === undefined ? 200 : 403);
	});
});

describe('Flow Service errors', () => {
	it('have the documented form, with the request ID of the header', async () => {
		const id = '84224def-1e2a-4d95-9ea2-132d697ed2aa';
		const answer = await wire.flow('GET', `/connections/${id}`);
		const text = `The requested connections resource ${id} is not found. Verify the resource ID before trying again.`;
		expect(answer.status).toBe(404);
		expect(answer.json).toEqual({
			type: 'https://ns.adobe.com/aep/errors/FLOW-1439-404',
			title: 'Resource not found',
			status: 404,
			report: {
				'detailed-message': text,
				id,
				'request-id': answer.headers.get('x-request-id'),
				type: 'connections',
			},
			errorMessage: text,
			errorDetails: text,
		});
	});
});

describe('Sandbox management', () => {
	it('lists what the caller may use', async () => {
		const all = await wire.call('GET', SANDBOXES);
		expect(all.json.sandboxes).toMatchObject([
			{ name: 'prod', title: 'Production', state: 'active', type: 'production', isDefault: true },
			{ name: 'dev', title: 'Development', state: 'active', type: 'development', isDefault: false },
		]);
		expect(all.json._page).toEqual({ limit: 50, count: 2 });
		const client = wire.emulator.addClient({ sandboxes: ['dev'] });
		const some = await wire.call('GET', SANDBOXES, { client });
		expect(some.json.sandboxes.map(({ name }: { name: string }) => name)).toEqual(['dev']);
	});

	it('lists them page by page, and links the next page as long as there is one', async () => {
		const first = await wire.call('GET', `${SANDBOXES}?limit=1`);
		expect(first.json.sandboxes).toMatchObject([{ name: 'prod' }]);
		const next = first.json._links.next.href;
		expect(next).toBe(`${SANDBOXES}?limit=1&offset=1`);
		const second = await wire.call('GET', next);
		expect(second.json.sandboxes).toMatchObject([{ name: 'dev' }]);
		expect(second.json._links).not.toHaveProperty('next');
	});
});
