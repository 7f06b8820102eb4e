import { ALL_SCOPES, closeWires, exchange, openWire, read, type Wire } from '../wire.mts';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
afterAll(closeWires);

describe('a token is issued', () => {
	it.each(['/ims/token/v2', '/ims/token/v3', '/ims/token/v4', '/ims/token/v3/'])(
		'at %s to a form-encoded request',
		async (path) => {
			const answer = await exchange(wire.emulator, {}, path);
			expect(answer.status).toBe(200);
			expect(answer.json).toEqual({
				access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
				token_type: 'bearer',
				expires_in: 86399,
			});
		},
	);

	it('to a multipart request', async () => {
		const form = new FormData();
		form.set('grant_type', 'client_credentials');
		form.set('client_id', wire.emulator.clientId);
		form.set('client_secret', wire.emulator.clientSecret);
		form.set('scope', ALL_SCOPES);
		const url = `${wire.emulator.imsUrl}/ims/token/v3`;
		const answer = await read(await fetch(url, { method: 'POST', body: form }));
		expect(answer.status).toBe(200);
		expect(answer.json.access_token).toEqual(expect.any(String));
	});

	it('with the client ID in the query, as some clients of v4 send it', async () => {
		const path = `/ims/token/v4?client_id=${wire.emulator.clientId}`;
		expect((await exchange(wire.emulator, { client_id: undefined }, path)).status).toBe(200);
	});

	it.each([
		['blanks between the scopes', 'openid, AdobeID'],
		['one scope alone', 'openid'],
	])('for %s', async (_case, scope) => {
		expect((await exchange(wire.emulator, { scope })).status).toBe(200);
	});

	it('whose payload holds its times as text in milliseconds', async () => {
		const before = Date.now();
		const { json } = await exchange(wire.emulator);
		const payload = JSON.parse(
			Buffer.from(json.access_token.split('.')[1], 'base64url').toString(),
		);
		expect(payload).toMatchObject({
			type: 'access_token',
			client_id: wire.emulator.clientId,
			expires_in: '86399000',
			created_at: expect.stringMatching(/^\d{13}$/),
		});
		expect(Number(payload.created_at)).toBeGreaterThanOrEqual(before);
	});

	it('that is another one each time', async () => {
		const [a, b] = await Promise.all([exchange(wire.emulator), exchange(wire.emulator)]);
		expect(a.json.access_token).not.toBe(b.json.access_token);
	});
});

describe('IMS refuses', () => {
	const wrongId = { error: 'invalid_client', error_description: 'invalid client_id parameter' };
	const wrongSecret = {
		error: 'invalid_client',
		error_description: 'invalid client_secret parameter',
	};
	it.each([
		['a wrong secret', { client_secret: 'wrong' }, wrongSecret],
		['no secret', { client_secret: undefined }, wrongSecret],
		['an unknown client', { client_id: 'nobody' }, wrongId],
		['no client', { client_id: undefined }, wrongId],
		['another grant', { grant_type: 'authorization_code' }, { error: 'unauthorized_client' }],
		['no grant', { grant_type: undefined }, { error: 'unauthorized_client' }],
		['a scope not granted', { scope: 'openid,ff_apis' }, { error: 'invalid_scope' }],
		['no scope', { scope: undefined }, { error: 'invalid_scope' }],
	])('%s', async (_case, fields, body) => {
		const answer = await exchange(wire.emulator, fields);
		expect(answer.status).toBe(400);
		expect(answer.json).toMatchObject(body);
		expect(answer.json).not.toHaveProperty('access_token');
	});

	it('fields sent as JSON', async () => {
		const { imsUrl, clientId, clientSecret } = wire.emulator;
		const answer = await read(
			await fetch(`${imsUrl}/ims/token/v3`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					grant_type: 'client_credentials',
					client_id: clientId,
					client_secret: clientSecret,
					scope: ALL_SCOPES,
				}),
			}),
		);
		expect(answer.status).toBe(400);
	});
});

it('tells the life of a short token in seconds, and makes IDs and secrets anew at each start', async () => {
	const other = await openWire({ tokenLifetimeMs: 3_000 });
	expect((await exchange(other.emulator)).json.expires_in).toBe(3);
	expect(other.emulator.clientId).not.toBe(wire.emulator.clientId);
	expect(other.emulator.clientSecret).not.toBe(wire.emulator.clientSecret);
	expect(other.emulator.orgId).toMatch(/^[0-9A-F]{24}@AdobeOrg$/);
});

it('takes the secret of the first client from the options', async () => {
	const { emulator } = await openWire({ clientSecret: 'given' });
	expect(emulator.clientSecret).toBe('given');
	expect((await exchange(emulator, { client_secret: 'given' })).status).toBe(200);
});
