import { type Answer, type CallOptions, closeWires, openWire, read, type Wire } from '../wire.mts';

const DATA_SETS = '/data/foundation/catalog/dataSets';
const FULL = 'application/vnd.adobe.xed-full+json;version=1';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const call = async (method: string, path = '', options?: CallOptions) =>
	await wire.call(method, DATA_SETS + path, options);
const schemaId = () =>
	wire.emulator.addSchema({ title: 'Shop', fields: { orderId: 'string' } }).$id;
const body = (over: object = {}) => ({
	name: 'Shop orders',
	description: 'for a test',
	schemaRef: { id: schemaId(), contentType: FULL },
	...over,
});
const idOf = (answer: Answer): string => answer.json[0].split('/').at(-1);
const control = async (given: unknown) =>
	await read(
		await fetch(`${wire.emulator.platformUrl}/__emulator/dataSets`, {
			method: 'POST',
			body: JSON.stringify(given),
		}),
	);

describe('making a dataset', () => {
	it('answers a reference and its location', async () => {
		const answer = await call('POST', '?requestDataSource=true', { body: body() });
		expect(answer.status).toBe(201);
		expect(answer.json).toEqual([expect.stringMatching(/^@\/dataSets\/[0-9a-f]{24}$/)]);
		expect(answer.headers.get('location')).toBe(`${DATA_SETS}/${idOf(answer)}`);
	});

	it('keeps what was sent', async () => {
		const tags = { shop: ['yes'] };
		const sent = body({ tags });
		const id = idOf(await call('POST', '', { body: sent }));
		const { json } = await call('GET', `/${id}`);
		expect(Object.keys(json)).toEqual([id]);
		expect(json[id]).toMatchObject({
			...sent,
			tags,
			imsOrg: wire.emulator.orgId,
			created: expect.any(Number),
			updated: json[id].created,
			createdClient: wire.emulator.clientId,
			version: '1.0.0',
		});
	});

	it.each([
		'application/vnd.adobe.xed+json;version=1',
		'application/vnd.adobe.xed-full-notext+json; version=1',
		'application/vnd.adobe.xed-full+json;version=1.0',
	])('takes the content type %s', async (contentType) => {
		const sent = body({ schemaRef: { id: schemaId(), contentType } });
		expect((await call('POST', '', { body: sent })).status).toBe(201);
	});

	it.each<[string, object | (() => object), string]>([
		['no name', () => body({ name: undefined }), 'name'],
		['a blank name', () => body({ name: ' ' }), 'name'],
		['no schema', () => body({ schemaRef: undefined }), 'schemaRef'],
		[
			'an unknown schema',
			() =>
				body({ schemaRef: { id: 'https://ns.adobe.com/emulator/schemas/no', contentType: FULL } }),
			'https://ns.adobe.com/emulator/schemas/no',
		],
		[
			'a class as its schema',
			() =>
				body({ schemaRef: { id: 'https://ns.adobe.com/xdm/context/profile', contentType: FULL } }),
			'does not exist',
		],
		['no content type', () => body({ schemaRef: { id: schemaId() } }), 'contentType'],
		[
			'a foreign content type',
			() => body({ schemaRef: { id: schemaId(), contentType: 'application/json' } }),
			'application/json',
		],
		['tags that are no lists', () => body({ tags: { a: 'b' } }), 'tags'],
		['a list', [], 'name'],
	])('is refused with %s', async (_case, given, text) => {
		const answer = await call('POST', '', { body: typeof given === 'function' ? given() : given });
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual({
			title: 'BadRequestError',
			status: 400,
			detail: expect.stringContaining(text),
			report: { 'request-id': answer.headers.get('x-request-id') },
		});
		expect(wire.emulator.dataSets()).toHaveLength(2);
	});

	it('is refused with the schema of another sandbox', async () => {
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await call('POST', '', { body: body(), headers })).status).toBe(400);
	});
});

describe('the list', () => {
	const names = (answer: Answer): string[] =>
		Object.values(answer.json as object).map(({ name }) => name);

	it('begins with two datasets that fit the sample tables, the same at every start', async () => {
		const before = await call('GET');
		expect(names(before)).toEqual(['Orders', 'Customers']);
		wire.emulator.reset();
		const after = await call('GET');
		expect(Object.keys(after.json)).toEqual(Object.keys(before.json));
		const [orders] = wire.emulator.dataSets();
		const path = `/data/foundation/schemaregistry/tenant/schemas/${encodeURIComponent(orders?.schemaRef.id ?? '')}`;
		const schema = await wire.call('GET', path, { headers: { accept: FULL } });
		expect(Object.keys(schema.json.properties._emulator.properties)).toEqual([
			'id',
			'customerId',
			'total',
			'status',
			'tags',
			'updatedAt',
		]);
		const other = await openWire();
		expect(other.emulator.dataSets().map(({ id }) => id)).toEqual(Object.keys(before.json));
	});

	it.each<[string, string, string[]]>([
		['all', '', ['Orders', 'Customers', 'delta', 'alpha', 'charlie']],
		['a limited number', 'limit=2', ['Orders', 'Customers']],
		['those behind a number', 'limit=2&start=3', ['alpha', 'charlie']],
		['none behind the last', 'start=5', []],
		['the one of a name', 'name=alpha', ['alpha']],
		['the one of a name by a filter', 'property=name==alpha', ['alpha']],
		['those of several names', 'name=alpha,delta', ['delta', 'alpha']],
		['those of no such names', 'name=!Orders,Customers,delta', ['alpha', 'charlie']],
		['those of names alike', 'name=*l*a', ['delta', 'alpha']],
		['an asterisk as it is', 'property=name==al**ha', []],
		['all but one', 'property=name!=alpha&start=2', ['delta', 'charlie']],
		['those of a tag', 'property=tags.test==yes', ['charlie']],
		['those of no such field', 'property=a.b==x', []],
		['in ascending order', 'orderBy=asc:name&start=2', ['alpha', 'charlie', 'delta']],
		['in descending order', 'orderBy=desc:name&limit=3', ['delta', 'charlie', 'alpha']],
		['by creation', 'orderBy=asc:created&limit=1', ['Orders']],
	])('shows %s', async (_case, search, expected) => {
		for (const name of ['delta', 'alpha', 'charlie']) {
			const tags = name === 'charlie' ? { test: ['no', 'yes'] } : {};
			await call('POST', '', { body: body({ name, tags }) });
		}
		expect(names(await call('GET', `?${search}`))).toEqual(expected);
	});

	it('shows those of several IDs that exist', async () => {
		const ids = wire.emulator.dataSets().map(({ id }) => id);
		const { json } = await call('GET', `/${[...ids, 'f'.repeat(24)].join(',')}?properties=name`);
		expect(json).toEqual({
			[ids[0] ?? '']: { name: 'Orders' },
			[ids[1] ?? '']: { name: 'Customers' },
		});
		expect((await call('GET', `/${Array(100).fill(ids[0]).join('%2C')}`)).status).toBe(200);
	});

	it('finds the datasets of a schema', async () => {
		const sent = body();
		await call('POST', '', { body: sent });
		const filter = encodeURIComponent(`schemaRef.id==${sent.schemaRef.id}`);
		expect(names(await call('GET', `?property=${filter}`))).toEqual(['Shop orders']);
	});

	it('shows 20 unless more are asked for, and never more than 100', async () => {
		for (let n = 0; n < 100; n++) wire.emulator.addDataSet({ name: `n${n}`, fields: {} });
		expect(names(await call('GET'))).toHaveLength(20);
		expect(names(await call('GET', '?limit=100'))).toHaveLength(100);
		expect(names(await call('GET', '?limit=100&start=100'))).toEqual(['n98', 'n99']);
		expect((await call('GET', '?limit=101')).status).toBe(400);
	});

	it('shows the properties that were asked for', async () => {
		const { json } = await call('GET', '?properties=name,schemaRef,nothing&limit=1');
		const [first] = Object.values(json as object);
		expect(Object.keys(first)).toEqual(['name', 'schemaRef']);
		const [id] = Object.keys(json);
		expect((await call('GET', `/${id}?properties=name`)).json).toEqual({
			[`${id}`]: { name: 'Orders' },
		});
	});

	it.each(['limit=0', 'limit=x', 'start=-1', 'orderBy=name', 'property=name', 'property===x'])(
		'is refused with %s',
		async (search) => {
			expect((await call('GET', `?${search}`)).status).toBe(400);
		},
	);
});

describe('a dataset', () => {
	it.each([
		['members', { name: 'New', description: 'changed' }],
		[
			'operations',
			[
				{ op: 'replace', path: '/name', value: 'New' },
				{ op: 'add', path: '/description', value: 'changed' },
			],
		],
	])('is changed by %s', async (_case, changes) => {
		const [id = ''] = wire.emulator.dataSets().map((one) => one.id);
		const answer = await call('PATCH', `/${id}`, { body: changes });
		expect([answer.status, answer.json]).toEqual([200, [`@/dataSets/${id}`]]);
		expect((await call('GET', `/${id}`)).json[id]).toMatchObject({
			name: 'New',
			description: 'changed',
			version: '1.0.1',
		});
	});

	it.each([
		['another schema', { schemaRef: {} }],
		['an empty name', { name: '' }],
		['a description that is no text', { description: 5 }],
		['a removal', [{ op: 'remove', path: '/name' }]],
		['a path into something', [{ op: 'replace', path: '/tags/a', value: [] }]],
	])('is not changed by %s', async (_case, changes) => {
		const [first] = wire.emulator.dataSets();
		const before = structuredClone(first);
		expect((await call('PATCH', `/${first?.id}`, { body: changes })).status).toBe(400);
		expect(wire.emulator.dataSets()[0]).toEqual(before);
	});

	it('is deleted, and is gone', async () => {
		const [id = ''] = wire.emulator.dataSets().map((one) => one.id);
		const answer = await call('DELETE', `/${id}`);
		expect([answer.status, answer.json]).toEqual([200, [`@/dataSets/${id}`]]);
		const again = await call('GET', `/${id}`);
		expect([again.status, again.json.title]).toEqual([404, 'NotFoundError']);
		expect((await call('DELETE', `/${id}`)).status).toBe(404);
	});

	it('is seen in its sandbox and organization only', async () => {
		const [id = ''] = wire.emulator.dataSets().map((one) => one.id);
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await call('GET', `/${id}`, { headers })).status).toBe(404);
		expect((await call('GET', '', { headers })).json).toEqual({});
		const client = wire.emulator.addClient({ orgId: 'AAAABBBBCCCCDDDDEEEEFFFF@AdobeOrg' });
		expect((await call('GET', `/${id}`, { client })).status).toBe(404);
	});
});

it.each([
	['GET', '', 'View Datasets'],
	['GET', '/none', 'View Datasets'],
	['POST', '', 'Manage Datasets'],
	['PATCH', '/none', 'Manage Datasets'],
	['DELETE', '/none', 'Manage Datasets'],
] as const)('%s %s is denied without the permission %s', async (method, path, permission) => {
	const all = ['View Schemas', 'Manage Schemas', 'View Datasets', 'Manage Datasets'] as const;
	const client = wire.emulator.addClient({
		dataPermissions: all.filter((one) => one !== permission),
	});
	const sends = method === 'POST' || method === 'PATCH' ? { body: body() } : {};
	const answer = await call(method, path, { client, ...sends });
	expect([answer.status, answer.json.title]).toEqual([403, 'ForbiddenError']);
	expect(answer.json.detail).toContain(`${permission} is missing in the sandbox prod`);
});

it('requests are counted by pattern, and struck by faults', async () => {
	const [id = ''] = wire.emulator.dataSets().map((one) => one.id);
	const path = `${DATA_SETS}/{id}`;
	wire.emulator.addFault({ method: 'DELETE', path, kind: 'status', status: 500, when: 'after' });
	expect((await call('DELETE', `/${id}`)).status).toBe(500);
	expect((await call('GET', `/${id}`)).status).toBe(404);
	const { requests } = wire.emulator.stats();
	expect([requests[`DELETE ${path}`], requests[`GET ${path}`]]).toEqual([1, 1]);
});

describe('the control plane', () => {
	it('makes a dataset with a schema of its own', async () => {
		const answer = await control({
			name: 'Sheet',
			fields: { 'person.name.fullName': 'string', 'a.b': 'integer', '_emulator.c': 'date' },
		});
		expect(answer.status).toBe(201);
		const { datasetId, schemaId: id } = answer.json;
		expect((await call('GET', `/${datasetId}`)).json[datasetId].schemaRef.id).toBe(id);
		const schema = wire.emulator.schemas().find(({ $id }) => $id === id);
		expect(schema?.title).toBe('Sheet schema');
		const { person, _emulator: own } = schema?.fields.properties ?? {};
		expect(person?.properties?.['name']?.properties?.['fullName']?.type).toBe('string');
		expect(own?.properties?.['a']?.properties?.['b']?.type).toBe('integer');
		expect(own?.properties?.['c']).toMatchObject({ type: 'string', format: 'date' });
	});

	it('gives two datasets of one name schemas of different titles', async () => {
		await control({ name: 'Sheet', fields: { a: 'string' } });
		await control({ name: 'Sheet', fields: { a: 'string' } });
		const titles = wire.emulator.schemas().map(({ title }) => title);
		expect(titles.slice(-2)).toEqual(['Sheet schema', 'Sheet schema 2']);
	});

	it.each([
		['no name', { fields: {} }],
		['no fields', { name: 'x' }],
		['an unknown type', { name: 'x', fields: { a: 'uuid' } }],
		[
			'another type for a field of Adobe',
			{ name: 'x', fields: { 'person.name.fullName': 'integer' } },
		],
		['a sandbox that is no text', { name: 'x', fields: {}, sandboxName: 5 }],
		['no object', 5],
	])('refuses %s', async (_case, given) => {
		const answer = await control(given);
		expect([answer.status, Object.keys(answer.json)]).toEqual([400, ['error']]);
	});
});
