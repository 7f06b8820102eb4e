import { deleteResource, getResource } from '../../nodes/adobe/collection.ts';
import { authModeOf, listSslModes } from '../../nodes/adobe/connectionSpec.ts';
import { CONNECTION, createConnection, listConnections } from '../../nodes/adobe/connections.ts';
import { createConnectionOnce } from '../../nodes/adobe/lostWrites/connectionCreations.ts';
import type { ItemClient } from '../../nodes/platform/client.ts';
import { Problem } from '../../nodes/platform/errors/problem.ts';
import { thrownBy } from '../platform/auth/settings.mts';
import { fakeClient, ODD_BODIES, refusal, type Said } from './client.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const SPEC = '74a1c565-4e59-48d7-9d67-7c03b8a13137';
const PATH = ['data', 'foundation', 'flowservice', 'connections'];
const NEW = {
	name: 'Sales',
	authMode: 'basic',
	params: { server: 's', password: 'p' },
} as const;

const createOnce = async (client: ItemClient) => await createConnectionOnce(client, NEW);

describe('making a connection', () => {
	it('posts the name, the auth and the spec, and gives ID and etag', async () => {
		const client = fakeClient({ status: 201, body: { id: ID, etag: '"e1"', more: 1 } });
		expect(await createConnection(client, NEW)).toEqual({ id: ID, etag: '"e1"' });
		expect(client.requests[0]).toMatchObject({
			method: 'POST',
			path: PATH,
			permission: 'Manage Sources',
		});
		expect(client.requests[0]?.body).toEqual({
			name: 'Sales',
			auth: { specName: 'Basic Authentication', params: { server: 's', password: 'p' } },
			connectionSpec: { id: SPEC, version: '1.0' },
		});
	});

	it('posts a description where there is one, an empty one too', async () => {
		for (const description of ['of last year', '']) {
			const client = fakeClient({ status: 201, body: { id: ID } });
			expect(await createConnection(client, { ...NEW, description })).toEqual({ id: ID });
			expect(client.requests[0]?.body).toMatchObject({ description });
		}
	});

	it('names the other way to log in as Adobe does', async () => {
		const client = fakeClient({ status: 201, body: { id: ID } });
		const params = { connectionString: 'Server=s' };
		await createConnection(client, { ...NEW, authMode: 'connectionString', params });
		expect(client.requests[0]?.body).toMatchObject({
			auth: { specName: 'Connection String Based Authentication', params },
		});
	});

	it.each<[string, Said]>([
		['a connection cut', { fault: 'ECONNRESET' }],
		['a time-out', { fault: 'ECONNABORTED' }],
		['an answer cut off', { fault: 'BODY_CUT_OFF' }],
		['500', refusal('FLOW-1400-500')],
		['504', { status: 504, body: '<html>' }],
		...ODD_BODIES.map(
			([label, body]) => [`201 with ${label}`, { status: 201, body }] as [string, Said],
		),
	])('that ends in %s tells what to look for before it is tried again', async (_case, said) => {
		const error = await thrownBy(async () => await createOnce(fakeClient(said)));
		expect(error).toBeInstanceOf(Problem);
		expect(error.outcomeUnknown).toBe(true);
		expect(error.message).toBe('It is not clear whether Adobe has made the connection');
		expect(error.description).toMatch(/^Look for 'Sales' among .* sandbox 'dev'/);
	});

	it.each([
		['400', refusal('CONNECTOR-1304-400')],
		['403', refusal('FLOW-2118-403')],
		['429', { status: 429, body: {} }],
		['a host out of reach', { fault: 'ECONNREFUSED' }],
	])('that ends in %s was certainly not done, and says no such thing', async (_case, said) => {
		const error = await thrownBy(async () => await createOnce(fakeClient(said)));
		expect(error.outcomeUnknown).toBe(false);
		expect(error.message).not.toContain('not clear');
	});

	it('keeps the request ID and the code in words of an unknown end', async () => {
		const error = await thrownBy(
			async () => await createOnce(fakeClient(refusal('FLOW-1400-500'))),
		);
		expect(error.details).toMatchObject({
			status: 500,
			code: 'FLOW-1400-500',
			requestId: 'request-1',
		});
		expect(error.description).toContain('FLOW-1400-500');
	});
});

describe('reading a connection', () => {
	const item = {
		id: ID,
		etag: '"e1"',
		name: 'Sales',
		state: 'enabled',
		sandboxName: 'dev',
		auth: { specName: 'Basic Authentication', params: { server: 's' } },
	};

	it('takes the one item, with all that Adobe sent beside it', async () => {
		const client = fakeClient({ body: { items: [item] } });
		expect(await getResource(client, CONNECTION, ID)).toEqual({
			id: ID,
			etag: '"e1"',
			name: 'Sales',
			state: 'enabled',
			sandboxName: 'dev',
			authMode: 'basic',
			raw: item,
		});
		expect(client.requests[0]).toMatchObject({ method: 'GET', path: [...PATH, ID] });
	});

	it('takes the version where there is no etag', async () => {
		const body = { items: [{ id: ID, version: '"v1"' }] };
		expect(await getResource(fakeClient({ body }), CONNECTION, ID)).toMatchObject({ etag: '"v1"' });
	});

	it('leaves out what has another type than it should', async () => {
		const raw = { id: ID, etag: 5, name: ['x'], state: {}, sandboxName: null, auth: 'none' };
		const body = { items: [raw] };
		expect(await getResource(fakeClient({ body }), CONNECTION, ID)).toEqual({ id: ID, raw });
	});

	it.each([
		...ODD_BODIES,
		['an empty list', { items: [] }],
		['a list of nothing', { items: [null] }],
		['a list of texts', { items: [ID] }],
		['an item without an ID', { items: [{ name: 'Sales' }] }],
		['an item with an empty ID', { items: [{ id: ' ' }] }],
	])('fails in words for %s', async (_case, body) => {
		const error = await thrownBy(
			async () => await getResource(fakeClient({ body }), CONNECTION, ID),
		);
		expect(error).toBeInstanceOf(Problem);
		expect(error.message).toContain('in a form this node does not know');
		expect(error.outcomeUnknown).toBe(false);
	});

	it('says which connection is not there', async () => {
		const client = fakeClient(refusal('FLOW-1439-404'));
		const error = await thrownBy(async () => await getResource(client, CONNECTION, ID));
		expect(error.message).toBe(`The connection '${ID}' was not found in the sandbox 'dev'`);
	});
});

describe('deleting a connection', () => {
	it('is one DELETE without a body', async () => {
		const client = fakeClient({ status: 204, body: '' });
		await deleteResource(client, CONNECTION, ID);
		expect(client.requests).toEqual([
			expect.objectContaining({
				method: 'DELETE',
				path: [...PATH, ID],
				permission: 'Manage Sources',
			}),
		]);
		expect(client.requests[0]).not.toHaveProperty('body');
	});
});

describe('listing connections', () => {
	it('asks for PostgreSQL only, and for what else it is told', async () => {
		const client = fakeClient({ body: { items: [] } });
		await listConnections(client, { limit: 7 });
		await listConnections(client, {
			limit: 5,
			filters: ['name==Sales', 'id==1,2'],
			orderBy: '-updatedAt',
			continuationToken: 'a+b=c',
		});
		expect(client.requests.map(({ query }) => query)).toEqual([
			[
				['property', `connectionSpec.id==${SPEC}`],
				['limit', '7'],
			],
			[
				['property', `connectionSpec.id==${SPEC}`],
				['property', 'name==Sales'],
				['property', 'id==1,2'],
				['limit', '5'],
				['orderby', '-updatedAt'],
				['continuationToken', 'a+b=c'],
			],
		]);
	});

	it('passes over what is no connection', async () => {
		const items = [null, 'x', 5, [], {}, { id: 5 }, { id: ID }, { id: '2', name: 'B' }];
		const page = await listConnections(fakeClient({ body: { items } }), { limit: 9 });
		expect(page.items.map(({ id }) => id)).toEqual([ID, '2']);
	});

	it.each(ODD_BODIES)('fails in words for %s', async (_case, body) => {
		const error = await thrownBy(
			async () => await listConnections(fakeClient({ body }), { limit: 9 }),
		);
		expect(error).toBeInstanceOf(Problem);
		expect(error.message).toContain('in a form this node does not know');
	});

	const linked = async (_links: unknown) =>
		(await listConnections(fakeClient({ body: { items: [], _links } }), { limit: 9 })).next;

	it.each([
		['a link as Adobe documents it', '/connections?continuationToken=abc', 'abc'],
		['a full link', 'https://platform.adobe.io/x?continuationToken=abc', 'abc'],
		['a link with more in it', '/connections?limit=5&continuationToken=abc&orderby=name', 'abc'],
		[
			'a token full of marks',
			`/c?continuationToken=${encodeURIComponent('+R:~a=/?#b&c==')}`,
			'+R:~a=/?#b&c==',
		],
	])('goes on from %s', async (_case, href, token) => {
		expect(await linked({ next: { href } })).toBe(token);
	});

	it.each([
		'https://evil.example/?continuationToken=abc',
		'//evil.example/?continuationToken=abc',
		'http://platform.adobe.io/?continuationToken=abc',
		'https://platform.adobe.io.evil.example/?continuationToken=abc',
		'https://platform.adobe.io@evil.example/?continuationToken=abc',
		'javascript:alert(1)',
	])('refuses a link to a foreign host: %s', async (href) => {
		const error = await thrownBy(async () => await linked({ next: { href } }));
		expect(error).toBeInstanceOf(Problem);
		expect(error.message).toContain("continues at a host that is not Adobe's");
	});

	it.each([
		['no links', undefined],
		['empty links', {}],
		['null', null],
		['a list', [{ next: { href: '/c?continuationToken=abc' } }]],
		['a link that is a text', { next: '/c?continuationToken=abc' }],
		['a link that is null', { next: null }],
		['an address that is an object', { next: { href: { continuationToken: 'abc' } } }],
		['an empty address', { next: { href: '' } }],
		['an address without a query', { next: { href: '/connections' } }],
		['an address without a token', { next: { href: '/connections?limit=5' } }],
	])('is at its end by %s', async (_case, links) => {
		expect(await linked(links)).toBeUndefined();
	});
});

describe('the SSL modes of the live spec', () => {
	const spec = (sslMode: unknown, name: unknown = 'Basic Authentication') => ({
		items: [{ authSpec: [{ name: 'Other' }, { name, spec: { properties: { sslMode } } }] }],
	});

	it('are those that basic authentication lists, without what is no text', async () => {
		const body = spec({ enum: ['Disable', 'Verify Ca', '', ' ', null, 5, {}, 'true'] });
		expect(await listSslModes(fakeClient({ body }))).toEqual(['Disable', 'Verify Ca', 'true']);
	});

	it.each([
		...ODD_BODIES,
		['an empty list', { items: [] }],
		['an item of null', { items: [null] }],
		['an auth spec that is a text', { items: [{ authSpec: 'Basic Authentication' }] }],
		['auth specs of nothing', { items: [{ authSpec: [null, 5, 'x', []] }] }],
		['another auth spec alone', spec({ enum: ['Disable'] }, 'Other')],
		['an SSL mode without a list', spec({ type: 'string' })],
		['an SSL mode with a text', spec({ enum: 'Disable' })],
		['an SSL mode of null', spec(null)],
	])('are none for %s', async (_case, body) => {
		expect(await listSslModes(fakeClient({ body }))).toEqual([]);
	});
});

describe('the name of an auth spec', () => {
	it.each([
		['Basic Authentication', 'basic'],
		['Connection String Based Authentication', 'connectionString'],
		['basic authentication', undefined],
		['__proto__', undefined],
		['', undefined],
		[undefined, undefined],
		[null, undefined],
		[['Basic Authentication'], undefined],
	])('%j stands for %s', (name, mode) => {
		expect(authModeOf(name)).toBe(mode);
	});
});
