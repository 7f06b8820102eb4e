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

	it('are for those who may see schemas', async () => {
		const client = wire.emulator.addClient({ dataPermissions: [] });
		expect((await list('xdm', { client })).status).toBe(403);
	});
});
