import { type CallOptions, closeWires, openWire, type Wire } from '../wire.mts';

const DESCRIPTORS = '/data/foundation/schemaregistry/tenant/descriptors';
const accept = (form: string) => ({ headers: { accept: `application/vnd.adobe.${form}+json` } });

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const schemaId = () => wire.emulator.dataSets()[1]?.schemaRef.id;
const body = (changes: object = {}) => ({
	'@type': 'xdm:descriptorIdentity',
	'xdm:sourceSchema': schemaId(),
	'xdm:sourceVersion': 1,
	'xdm:sourceProperty': '/personalEmail/address',
	'xdm:namespace': 'Email',
	'xdm:property': 'xdm:code',
	'xdm:isPrimary': true,
	...changes,
});
const post = async (changes: object = {}, options: CallOptions = {}) =>
	await wire.call('POST', DESCRIPTORS, { ...options, body: body(changes) });
const list = async (form = 'xdm', options: CallOptions = {}) => {
	const { headers } = accept(form);
	return await wire.call('GET', DESCRIPTORS, {
		...options,
		headers: { ...headers, ...options.headers },
	});
};

describe('identity descriptors', () => {
	it('are made with an ID, and listed under their type as they were sent', async () => {
		const { status, json } = await post();
		expect(status).toBe(201);
		expect(json).toMatchObject({ ...body(), '@id': expect.any(String) as string });
		expect((await list()).json).toStrictEqual({ 'xdm:descriptorIdentity': [json] });
	});

	it.each([
		['xdm-id', (id: string) => id],
		['xdm-link', (id: string) => `/tenant/descriptors/${id}`],
	])('are listed as %s', async (form, shown) => {
		const { json } = await post();
		expect((await list(form)).json).toStrictEqual({
			'xdm:descriptorIdentity': [shown(json['@id'] as string)],
		});
	});

	it('have no array where there are none, and none of another sandbox', async () => {
		expect((await list()).json).toStrictEqual({});
		await post();
		expect((await list('xdm', { headers: { 'x-sandbox-name': 'dev' } })).json).toStrictEqual({});
	});

	it('want an Accept header of their own family', async () => {
		expect((await list('xed')).status).toBe(400);
	});

	it.each([
		['another type', { '@type': 'xdm:descriptorOneToOne' }, 400],
		['a field that the schema lacks', { 'xdm:sourceProperty': '/personalEmail/nothing' }, 400],
		['a schema that is not there', { 'xdm:sourceSchema': 'https://ns.adobe.com/x/schemas/y' }, 404],
	])('are refused for %s', async (_what, changes, status) => {
		expect((await post(changes)).status).toBe(status);
		expect((await list()).json).toStrictEqual({});
	});

	it('are primary once in a schema', async () => {
		await post();
		expect((await post({ 'xdm:sourceProperty': '/_emulator/customerId' })).status).toBe(400);
		const second = { 'xdm:sourceProperty': '/_emulator/customerId', 'xdm:isPrimary': false };
		expect((await post(second)).status).toBe(201);
	});

	it('are looked up and deleted by their IDs', async () => {
		const { json } = await post();
		const path = `${DESCRIPTORS}/${String(json['@id'])}`;
		expect((await wire.call('GET', path)).json).toStrictEqual(json);
		expect((await wire.call('DELETE', path)).status).toBe(204);
		expect((await wire.call('GET', path)).status).toBe(404);
		expect((await list()).json).toStrictEqual({});
	});

	it.each([
		['a namespace that nobody knows', { 'xdm:namespace': 'Nobody' }],
		['a code where the ID is asked for', { 'xdm:property': 'xdm:id' }],
		['a field that is no string', { 'xdm:sourceProperty': '/_emulator/loyaltyPoints' }],
	])('are refused for %s', async (_what, changes) => {
		const { $id } = wire.emulator.addSchema({
			title: 'Points',
			fields: { loyaltyPoints: 'integer', 'personalEmail.address': 'string' },
		});
		const answer = await post({ 'xdm:sourceSchema': $id, ...changes });
		expect(answer.status).toBe(400);
	});

	it('are for those who may see schemas', async () => {
		const client = wire.emulator.addClient({ dataPermissions: [] });
		expect((await list('xdm', { client })).status).toBe(403);
	});
});

describe('a schema', () => {
	const union = [{ op: 'add', path: '/meta:immutableTags', value: ['union'] }];
	const schemaPath = () =>
		`/data/foundation/schemaregistry/tenant/schemas/${encodeURIComponent(schemaId() ?? '')}`;
	const enable = async (operations: object = union) =>
		await wire.call('PATCH', schemaPath(), { body: operations });

	it('is enabled for Profile when it has a primary identity, and stays so', async () => {
		expect((await enable()).status).toBe(400);
		const { json: descriptor } = await post();
		const { status, json } = await enable();
		expect(status).toBe(200);
		expect(json).toMatchObject({ 'meta:immutableTags': ['union'], version: '1.1' });
		expect((await enable()).status).toBe(200);
		for (const wrong of [
			[{ op: 'remove', path: '/meta:immutableTags' }],
			[{ op: 'add', path: '/meta:immutableTags', value: [] }],
			[...union, { op: 'replace', path: '/title', value: 'Other' }],
		]) {
			expect((await enable(wrong)).status).toBe(400);
		}
		const path = `${DESCRIPTORS}/${String(descriptor['@id'])}`;
		expect((await wire.call('DELETE', path)).status).toBe(400);
		expect((await wire.call('DELETE', schemaPath())).status).toBe(400);
	});

	it('has to be enabled before its datasets are', async () => {
		const dataSet = () => ({
			name: 'People',
			schemaRef: {
				id: schemaId(),
				contentType: 'application/vnd.adobe.xed-full+json;version=1',
			},
			tags: { unifiedProfile: ['enabled:true'], unifiedIdentity: ['enabled:true'] },
		});
		const make = async (body: object = dataSet()) =>
			await wire.call('POST', '/data/foundation/catalog/dataSets', { body });
		expect((await make()).status).toBe(400);
		await post();
		await enable();
		expect((await make()).status).toBe(201);
		const wrong = { ...dataSet(), tags: { unifiedProfile: ['enabled'] } };
		expect((await make(wrong)).status).toBe(400);
	});
});

describe('namespaces', () => {
	const NAMESPACES = '/data/core/idnamespace/identities';

	it('are listed with their codes', async () => {
		const { json } = await wire.call('GET', NAMESPACES);
		expect(json).toContainEqual(
			expect.objectContaining({ code: 'Email', id: 6, idType: 'EMAIL', status: 'ACTIVE' }),
		);
	});

	it('are for those who may see them', async () => {
		const client = wire.emulator.addClient({ dataPermissions: ['View Schemas'] });
		expect((await wire.call('GET', NAMESPACES, { client })).status).toBe(403);
	});
});
