import {
	addedByAdobe,
	basicBody,
	closeWires,
	codeOf,
	openWire,
	SPEC,
	stringBody,
	type Wire,
} from '../wire.mts';

let wire: Wire;
let aws: Wire;
beforeAll(async () => {
	wire = await openWire();
	aws = await openWire({ cloud: 'aws' });
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const detail = (answer: { json: any }): string => answer.json.report['detailed-message'];
const without = (key: string) => {
	const body = basicBody();
	delete body.auth.params[key];
	return body;
};

describe('create', () => {
	it('answers 201 with ID, quoted etag and Location', async () => {
		const answer = await wire.flow('POST', '/connections', { body: stringBody() });
		expect(answer.status).toBe(201);
		expect(answer.json).toEqual({
			id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			etag: expect.stringMatching(/^"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000"$/),
		});
		const location = `/data/foundation/flowservice/connections/${answer.json.id}`;
		expect(answer.headers.get('location')).toBe(location);
		expect((await wire.call('GET', location)).status).toBe(200);
	});

	it('makes another connection of the same name', async () => {
		const ids = [await wire.create(basicBody()), await wire.create(basicBody())];
		expect(new Set(ids).size).toBe(2);
		expect(wire.emulator.connections().map(({ name }) => name)).toEqual(['Sales', 'Sales']);
	});

	it('does not look at the database unless it is told to', async () => {
		const body = basicBody({ password: 'wrong password' });
		expect((await wire.flow('POST', '/connections', { body })).status).toBe(201);
		const careful = await openWire({ validateOnCreate: true });
		const refused = await careful.flow('POST', '/connections', { body });
		expect([refused.status, codeOf(refused)]).toEqual([400, 'CONNECTOR-1308-400']);
		expect(refused.text).not.toContain('wrong password');
		expect(careful.emulator.connections()).toEqual([]);
		expect((await careful.flow('POST', '/connections', { body: basicBody() })).status).toBe(201);
	});

	it('makes a draft on request', async () => {
		const answer = await wire.flow('POST', '/connections?mode=draft', { body: basicBody() });
		expect(answer.status).toBe(201);
		const [item] = (await wire.flow('GET', `/connections/${answer.json.id}`)).json.items;
		expect(item).toMatchObject({ state: 'draft', lastOperation: { operation: 'draft_create' } });
		const other = await wire.flow('POST', '/connections?mode=half', { body: basicBody() });
		expect(codeOf(other)).toBe('FLOW-1452-400');
	});

	it.each([
		['no version of the spec', { connectionSpec: { id: SPEC } }],
		['no description', { description: undefined }],
		['a member it does not know', { colour: 'green' }],
	])('takes %s', async (_case, change) => {
		const body = { ...basicBody(), ...change };
		expect((await wire.flow('POST', '/connections', { body })).status).toBe(201);
	});

	it.each([
		['no port', without('port')],
		['no sslMode', without('sslMode')],
		['a parameter it does not know', basicBody({ extra: 'x' })],
	])('takes %s', async (_case, body) => {
		expect((await wire.flow('POST', '/connections', { body })).status).toBe(201);
	});

	it.each([
		...['Disable', 'Allow', 'Prefer', 'Require', 'Verify Ca', 'Verify Full'],
		...['Verify-Ca', 'Verify-Full', 'Verify_ca', 'Verify_full', 'true', 'false'],
	])('takes sslMode %s on either cloud', async (sslMode) => {
		for (const one of [wire, aws]) {
			const answer = await one.flow('POST', '/connections', { body: basicBody({ sslMode }) });
			expect(answer.status).toBe(201);
		}
	});

	it.each<[string, any, string, string]>([
		['an empty object', {}, 'FLOW-1405-400', 'empty'],
		['null', 'null', 'FLOW-1405-400', 'empty'],
		['nothing', '', 'FLOW-1405-400', 'empty'],
		['no connection spec', { ...basicBody(), connectionSpec: undefined }, 'FLOW-1413-400', 'spec'],
		[
			'an unknown connection spec',
			{ ...basicBody(), connectionSpec: { id: 'x', version: '1.0' } },
			'FLOW-1413-400',
			'spec',
		],
		[
			'an unknown version',
			{ ...basicBody(), connectionSpec: { id: SPEC, version: '9' } },
			'FLOW-1413-400',
			'spec',
		],
		['no name', { ...basicBody(), name: undefined }, 'CONNECTOR-1304-400', 'name'],
		['a blank name', { ...basicBody(), name: ' ' }, 'CONNECTOR-1304-400', 'name'],
		['no auth', { ...basicBody(), auth: undefined }, 'FLOW-1415-400', 'specName'],
		[
			'an unknown specName',
			{ ...basicBody(), auth: { specName: 'Basic', params: {} } },
			'FLOW-1415-400',
			'specName',
		],
		[
			'no params',
			{ ...basicBody(), auth: { specName: 'Basic Authentication' } },
			'CONNECTOR-1304-400',
			'server',
		],
		['no server', without('server'), 'CONNECTOR-1304-400', 'server'],
		['no database', without('database'), 'CONNECTOR-1304-400', 'database'],
		['no username', without('username'), 'CONNECTOR-1304-400', 'username'],
		['no password', without('password'), 'CONNECTOR-1304-400', 'password'],
		['an empty password', basicBody({ password: '' }), 'CONNECTOR-1304-400', 'password'],
		['no connection string', stringBody(''), 'CONNECTOR-1304-400', 'connectionString'],
		['a port that is a number', basicBody({ port: 5432 }), 'CONNECTOR-1312-400', 'port'],
		['a port that is no number', basicBody({ port: 'pg' }), 'CONNECTOR-1312-400', 'port'],
		['port 0', basicBody({ port: '0' }), 'CONNECTOR-1312-400', 'port'],
		['an sslMode that is a boolean', basicBody({ sslMode: true }), 'CONNECTOR-1312-400', 'sslMode'],
		['an unknown sslMode', basicBody({ sslMode: 'Sometimes' }), 'CONNECTOR-1312-400', 'sslMode'],
		[
			'an sslMode in other case',
			basicBody({ sslMode: 'require' }),
			'CONNECTOR-1312-400',
			'sslMode',
		],
	])('refuses %s', async (_case, body, code, word) => {
		const answer = await wire.flow('POST', '/connections', { body });
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
		expect(detail(answer)).toContain(word);
		expect(wire.emulator.connections()).toEqual([]);
	});

	it.each<[string, string | null, string, string]>([
		[
			'no content type',
			null,
			JSON.stringify(basicBody()),
			'A valid content-type must be specified',
		],
		['text', 'text/plain', JSON.stringify(basicBody()), 'A valid content-type must be specified'],
		[
			'a form',
			'application/x-www-form-urlencoded',
			'name=x',
			'A valid content-type must be specified',
		],
		['an unreadable content type', 'nonsense', '{}', 'A valid content-type must be specified'],
		['broken JSON', 'application/json', '{"name":', 'The body is not valid JSON'],
	])('refuses %s as a bad request', async (_case, type, text, words) => {
		// Bytes, because fetch gives a text a content type of its own.
		const body = new TextEncoder().encode(text);
		const headers = { 'content-type': type };
		const answer = await wire.flow('POST', '/connections', { body, headers });
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual({
			type: '/placeholder/type/uri',
			status: 400,
			title: 'BadRequestError',
			detail: words,
		});
	});

	it('takes a content type with a charset', async () => {
		const headers = { 'content-type': 'application/json; charset=utf-8' };
		expect((await wire.flow('POST', '/connections', { body: basicBody(), headers })).status).toBe(
			201,
		);
	});
});

describe('get', () => {
	it('answers one item in an envelope, with both times in milliseconds and version = etag', async () => {
		const before = Date.now();
		const created = await wire.flow('POST', '/connections', { body: basicBody() });
		const { id, etag } = created.json;
		const answer = await wire.flow('GET', `/connections/${id}`);
		const { server, port, database, username } = wire.emulator.postgres;
		expect(answer.json).toEqual({
			items: [
				{
					id,
					...addedByAdobe(wire),
					name: 'Sales',
					description: 'by basic authentication',
					connectionSpec: { id: SPEC, version: '1.0' },
					state: 'enabled',
					auth: {
						specName: 'Basic Authentication',
						params: { server, port: String(port), database, username, sslMode: 'Prefer' },
					},
					version: etag,
					etag,
					lastOperation: {
						started: expect.any(Number),
						updated: expect.any(Number),
						operation: 'create',
					},
				},
			],
		});
		expect(answer.json.items[0].createdAt).toBeGreaterThanOrEqual(before);
	});

	it.each<['absent' | 'placeholder' | 'clear', unknown, unknown]>([
		['absent', undefined, undefined],
		['placeholder', '********', '********'],
		['clear', 'the password', 'Server=a;Password=the password'],
	])('shows secrets as %s', async (secretsInGet, password, connectionString) => {
		const { create, flow } = await openWire({ secretsInGet });
		const basic = await create(basicBody({ password: 'the password' }));
		const text = await create(stringBody('Server=a;Password=the password'));
		for (const path of [`/connections/${basic}`, '/connections']) {
			const { params } = (await flow('GET', path)).json.items[0].auth;
			expect(params.password).toBe(password);
			expect(params.server).toBe('localhost');
		}
		const { params } = (await flow('GET', `/connections/${text}`)).json.items[0].auth;
		expect(params.connectionString).toBe(connectionString);
	});

	it('tolerates a slash at the end and parameters it does not know', async () => {
		const id = await wire.create(basicBody());
		expect((await wire.flow('GET', `/connections/${id}/?colour=green`)).status).toBe(200);
	});

	it('does not find what was never there', async () => {
		const answer = await wire.flow('GET', '/connections/00000000-0000-0000-0000-000000000000');
		expect([answer.status, codeOf(answer), answer.json.report.type]).toEqual([
			404,
			'FLOW-1439-404',
			'connections',
		]);
	});
});

describe('delete', () => {
	it('answers 204 without a body, and then the connection is gone', async () => {
		const id = await wire.create(basicBody());
		const answer = await wire.flow('DELETE', `/connections/${id}`);
		expect([answer.status, answer.text]).toEqual([204, '']);
		expect(codeOf(await wire.flow('GET', `/connections/${id}`))).toBe('FLOW-1439-404');
		expect(codeOf(await wire.flow('DELETE', `/connections/${id}`))).toBe('FLOW-1439-404');
		expect(codeOf(await wire.flow('GET', `/connections/${id}/test`))).toBe('FLOW-1439-404');
	});

	it('takes a slash at the end, and a content type without a body', async () => {
		const id = await wire.create(basicBody());
		const headers = { 'content-type': 'application/json' };
		expect((await wire.flow('DELETE', `/connections/${id}/`, { headers })).status).toBe(204);
		expect(wire.emulator.connections()).toEqual([]);
	});
});

describe('on AWS', () => {
	it('a new connection is initializing for a while, without etag, and cannot be touched', async () => {
		const created = await aws.flow('POST', '/connections', {
			body: basicBody({ sslMode: 'false' }),
		});
		expect(created.json.etag).toMatch(/^"[0-9a-f-]{36}"$/);
		const path = `/connections/${created.json.id}`;
		expect(codeOf(await aws.flow('DELETE', path))).toBe('FLOW-1417-400');
		expect(codeOf(await aws.flow('GET', `${path}/test`))).toBe('FLOW-1422-400');
		for (const _poll of [1, 2]) {
			const [item] = (await aws.flow('GET', path)).json.items;
			expect(item.state).toBe('initializing');
			expect(item).not.toHaveProperty('etag');
			expect(item).not.toHaveProperty('version');
		}
		const [item] = (await aws.flow('GET', path)).json.items;
		expect(item).toMatchObject({ state: 'enabled', etag: created.json.etag });
		expect((await aws.flow('GET', `${path}/test`)).json).toEqual({ result: true });
		expect((await aws.flow('DELETE', path)).status).toBe(204);
	});

	it('a connection string is refused, naming what there is', async () => {
		const answer = await aws.flow('POST', '/connections', { body: stringBody() });
		expect(codeOf(answer)).toBe('FLOW-1415-400');
		expect(detail(answer)).toContain('"Basic Authentication"');
	});

	it('the number of polls can be chosen, on Azure too', async () => {
		const { create, flow } = await openWire({ initializingPolls: 1 });
		const path = `/connections/${await create(basicBody())}`;
		expect((await flow('GET', path)).json.items[0].state).toBe('initializing');
		expect((await flow('GET', path)).json.items[0].state).toBe('enabled');
	});
});

describe('connection specs', () => {
	it('the PostgreSQL source offers both ways to log in on Azure, one on AWS', async () => {
		const [spec] = (await wire.flow('GET', `/connectionSpecs/${SPEC}`)).json.items;
		expect(spec).toMatchObject({
			id: SPEC,
			name: 'postgre-sql',
			version: '1.0',
			attributes: { isSource: true },
		});
		const names = (one: any) => one.authSpec.map(({ name }: { name: string }) => name);
		expect(names(spec)).toEqual(['Connection String Based Authentication', 'Basic Authentication']);
		expect(spec.authSpec[1].spec.properties.sslMode.enum).toContain('Verify Full');
		const [onAws] = (await aws.flow('GET', `/connectionSpecs/${SPEC}`)).json.items;
		expect(names(onAws)).toEqual(['Basic Authentication']);
		expect(onAws.authSpec[0].spec.properties.sslMode.enum).toEqual(['true', 'false']);
	});

	it.each([
		['by name', 'name=="postgre-sql"', 1],
		['by ID', `id==${SPEC}`, 1],
		['by attribute, as the document writes it', 'attributes.connectorName="PostgreSQL"', 1],
		['by a boolean attribute', 'attributes.isSource==true', 1],
		['by another name', 'name==mysql', 0],
	])('are found %s', async (_case, property, count) => {
		const answer = await wire.flow(
			'GET',
			`/connectionSpecs?property=${encodeURIComponent(property)}`,
		);
		expect(answer.status).toBe(200);
		expect(answer.json.items).toHaveLength(count);
	});

	it('another ID is not found', async () => {
		const answer = await wire.flow('GET', '/connectionSpecs/x');
		expect([codeOf(answer), answer.json.report.type]).toEqual(['FLOW-1439-404', 'connectionSpecs']);
	});
});
