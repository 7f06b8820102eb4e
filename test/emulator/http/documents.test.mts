import { request } from 'node:http';
import { Faults } from '../../../emulator/http/faults.mts';
import { basicBody, closeWires, codeOf, openWire, SPEC, type Wire } from '../wire.mts';

const LAKE_SPEC = 'c604ff05-7f1a-43c0-8e18-33bf874cb11c';
const SANDBOXES = '/data/foundation/sandbox-management';
const LANGUAGE = '/data/foundation/conversion/languages/el';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
afterAll(closeWires);

describe("what Adobe's API descriptions have", () => {
	it.each<[string, string, unknown]>([
		[
			'the sandboxes of the organization',
			`${SANDBOXES}/sandboxes`,
			{ sandboxes: expect.any(Array) },
		],
		['one sandbox', `${SANDBOXES}/sandboxes/dev`, { name: 'dev', type: 'development' }],
		['the types of sandboxes', `${SANDBOXES}/sandboxTypes`, { sandboxTypes: expect.any(Array) }],
		[
			'the functions',
			`${LANGUAGE}/functions`,
			expect.arrayContaining([expect.objectContaining({ name: 'concat' })]),
		],
		['the operators', `${LANGUAGE}/operators`, expect.arrayContaining([{ name: '==' }])],
	])('is there: %s', async (_case, path, expected) => {
		const { status, json } = await wire.call('GET', path);
		expect(status).toBe(200);
		if (Array.isArray(json)) expect(json).toEqual(expected);
		else expect(json).toMatchObject(expected as object);
	});

	it('is not there: a sandbox of another name', async () => {
		expect((await wire.call('GET', `${SANDBOXES}/sandboxes/none`)).status).toBe(404);
	});

	it.each([
		['concat("Hi", "!")', 'succeeded'],
		['concat("Hi"', 'failed'],
	])('judges the expression %s: %s', async (expression, validationStatus) => {
		const { json } = await wire.call('POST', `${LANGUAGE}/validate`, { body: { expression } });
		expect(json.validationStatus).toBe(validationStatus);
	});

	it('has the connection spec of the data lake beside that of PostgreSQL', async () => {
		const { json } = await wire.flow('GET', '/connectionSpecs');
		expect(json.items.map(({ id }: { id: string }) => id).sort()).toEqual([SPEC, LAKE_SPEC].sort());
		expect((await wire.flow('GET', `/connectionSpecs/${LAKE_SPEC}`)).json.items).toHaveLength(1);
	});

	it.each([
		['POST', '/connectionSpecs', 'FLOW-1426-400'],
		['PUT', `/connectionSpecs/${SPEC}`, 'FLOW-1426-400'],
		['GET', `/connectionSpecs/${SPEC}/explore`, 'CONNECTOR-1372-400'],
		['GET', `/connectionSpecs/${SPEC}/configs`, 'CONNECTOR-1372-400'],
	])('refuses %s %s', async (method, path, code) => {
		const body = method === 'GET' ? {} : { body: { name: 'x' } };
		expect(codeOf(await wire.flow(method, path, body))).toBe(code);
	});

	it('has the configurations of a connection', async () => {
		const id = await wire.create(basicBody());
		expect((await wire.flow('GET', `/connections/${id}/configs`)).json).toEqual({ items: [] });
	});

	it.each([
		['/connections/x', 404, 'Resource not found'],
		['/connections?limit=1&count=true', 400, 'Invalid request'],
	])('titles the error of %s as published', async (path, status, title) => {
		const answer = await wire.flow('GET', path);
		expect([answer.status, answer.json.title]).toEqual([status, title]);
	});

	it.each([
		['without If-Match', {}, 'Header is missing'],
		['with an old If-Match', { 'if-match': '"1"' }, 'Version not matching'],
		['of a sandbox that is not there', { 'x-sandbox-name': 'none' }, 'Sandbox not found'],
		['with the ID of a sandbox', { 'x-sandbox-id': 'x' }, 'Headers not allowed'],
	])('titles the error of a PATCH %s as published', async (_case, headers, title) => {
		const id = await wire.create(basicBody());
		const body = [{ op: 'replace', path: '/name', value: 'x' }];
		expect((await wire.flow('PATCH', `/connections/${id}`, { headers, body })).json.title).toBe(
			title,
		);
	});

	it('counts for clients that write booleans with a capital', async () => {
		expect((await wire.flow('GET', '/connections?count=True')).json).toHaveProperty('count');
	});

	it.each(['xed', 'xdm'])('takes both families of Accept: %s', async (family) => {
		const path = '/data/foundation/schemaregistry/tenant/schemas';
		const accept = (form: string) => ({
			headers: { accept: `application/vnd.adobe.${family}${form}` },
		});
		const { json } = await wire.call('GET', path, accept('-id+json'));
		const id = encodeURIComponent(json.results[0].$id);
		const full = await wire.call('GET', `${path}/${id}`, accept('-full+json; version=1'));
		expect([full.status, Object.keys(full.json)]).toEqual([
			200,
			expect.arrayContaining(['properties']),
		]);
	});

	it('orders mapping sets by their last update', async () => {
		const path = '/data/foundation/conversion/mappingSets?limit=10&start=0&orderBy=-lastUpdateDate';
		expect((await wire.call('GET', path)).status).toBe(200);
	});

	it('shows the classification of a dataset', async () => {
		const { json } = await wire.call('GET', '/data/foundation/catalog/dataSets');
		expect(Object.values<any>(json)[0].classification).toEqual(expect.any(Object));
	});
});

describe('the control plane', () => {
	/** Status of a request with these headers; fetch would not let `Host` be set. */
	const statusWith = async (headers: Record<string, string>) => {
		const { hostname, port } = new URL(wire.emulator.platformUrl);
		return await new Promise<number | undefined>((resolve, reject) => {
			request({ hostname, port, path: '/__emulator/stats', headers }, (answer) => {
				answer.resume();
				resolve(answer.statusCode);
			})
				.on('error', reject)
				.end();
		});
	};

	it.each<[string, Record<string, string>, number]>([
		['by its address', { host: '127.0.0.1:4010' }, 200],
		['by its name', { host: 'localhost' }, 200],
		['by its address of IPv6', { host: '[::1]:4010' }, 200],
		['from its own origin', { host: 'localhost:1', origin: 'http://localhost:1' }, 200],
		['not by another name', { host: 'rebind.example' }, 403],
		['not by a name that begins like it', { host: '127.0.0.1.example' }, 403],
		['not by a name that ends like it', { host: 'evil-localhost' }, 403],
		['not behind a user', { host: 'localhost@evil.example' }, 403],
		['not from another origin', { host: 'localhost', origin: 'https://evil.example' }, 403],
		['not from another port', { host: 'localhost:1', origin: 'http://localhost:2' }, 403],
		['not from no origin in particular', { host: 'localhost', origin: 'null' }, 403],
	])('can be reached %s', async (_case, headers, status) => {
		expect(await statusWith(headers)).toBe(status);
	});

	it('does not hang for a path of many stars', async () => {
		wire.emulator.addFault({ path: `${'*a'.repeat(40)}*b`, kind: 'status', status: 500 });
		const began = performance.now();
		await wire.call('GET', `/data/${'a'.repeat(2_000)}`);
		expect(performance.now() - began).toBeLessThan(5_000);
	});

	it.each([
		['/data/*/connections', '/data/foundation/connections', true],
		['/data/*/connections', '/data//connections', false],
		['*/connections', '/data/connections/', true],
		['/data/*', '/data/', false],
		['*', '/', true],
		['/a*b*b', '/axbyb', true],
		['/a*b*b', '/axb', false],
		['/data/{id}.x', '/data/{id}.x', true],
		['/data/{id}.x', '/data/{id}yx', false],
	])('lets the fault of %s hit %s: %s', (pattern, path, hits) => {
		const faults = new Faults();
		faults.add({ path: pattern, kind: 'reset' });
		expect(faults.take('GET', [path]) !== undefined).toBe(hits);
	});
});
