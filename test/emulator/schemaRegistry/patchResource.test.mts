import { closeWires, openWire, type Wire } from '../wire.mts';

const TENANT = '/data/foundation/schemaregistry/tenant';
const FULL = { accept: 'application/vnd.adobe.xed-full+json;version=1' };
const PROFILE = 'https://ns.adobe.com/xdm/context/profile';
const AT = '/definitions/table/properties/_emulator/properties';

let wire: Wire;
let groupId: string;
let schemaId: string;

beforeAll(async () => {
	wire = await openWire();
});
beforeEach(async () => {
	wire.emulator.reset();
	const properties = { total: { type: 'number' }, note: { type: 'string' } };
	const group = await wire.call('POST', `${TENANT}/fieldgroups`, {
		headers: { accept: 'application/vnd.adobe.xed+json' },
		body: {
			type: 'object',
			title: 'Orders fields',
			'meta:intendedToExtend': [PROFILE],
			definitions: { table: { properties: { _emulator: { type: 'object', properties } } } },
			allOf: [{ $ref: '#/definitions/table' }],
		},
	});
	groupId = group.json['meta:altId'] as string;
	const schema = await wire.call('POST', `${TENANT}/schemas`, {
		headers: { accept: 'application/vnd.adobe.xed+json' },
		body: { type: 'object', title: 'Orders', allOf: [{ $ref: PROFILE }, { $ref: group.json.$id }] },
	});
	schemaId = schema.json['meta:altId'] as string;
});
afterAll(closeWires);

const patch = async (...body: object[]) =>
	await wire.call('PATCH', `${TENANT}/fieldgroups/${groupId}`, { body });
const fields = async () =>
	Object.keys(
		(await wire.call('GET', `${TENANT}/schemas/${schemaId}`, { headers: FULL })).json.properties
			._emulator.properties as object,
	);

describe('a change of a field group', () => {
	it('adds a field, to every schema that has it too; the minor version rises', async () => {
		const { status, json } = await patch({
			op: 'add',
			path: `${AT}/coupon`,
			value: { type: 'string', title: 'Coupon' },
		});
		expect([status, json.version]).toStrictEqual([200, '1.1']);
		expect(json.definitions.table.properties._emulator.properties.coupon.title).toBe('Coupon');
		expect(await fields()).toStrictEqual(['total', 'note', 'coupon']);
	});

	it.each<[string, object]>([
		['takes a field away', { op: 'remove', path: `${AT}/note`, value: '' }],
		['gives one another type', { op: 'replace', path: `${AT}/total`, value: { type: 'string' } }],
		[
			'makes an optional one required',
			{ op: 'add', path: '/definitions/table/properties/_emulator/required', value: ['note'] },
		],
		['leads nowhere', { op: 'add', path: '/definitions/nothing/properties/a', value: {} }],
		['is of an ID', { op: 'replace', path: '/$id', value: 'x' }],
	])('is refused in the form of XDM where it %s, and nothing changes', async (_what, operation) => {
		const { status, json } = await patch(operation);
		expect(status).toBe(400);
		expect(json.report['detailed-message']).toEqual(expect.any(String));
		expect(await fields()).toStrictEqual(['total', 'note']);
	});

	it('needs the permission to manage schemas', async () => {
		const client = wire.emulator.addClient({ dataPermissions: ['View Schemas'] });
		const body = [{ op: 'add', path: `${AT}/coupon`, value: { type: 'string' } }];
		const path = `${TENANT}/fieldgroups/${groupId}`;
		expect((await wire.call('PATCH', path, { body, client })).status).toBe(403);
	});

	it('of a schema adds a field group', async () => {
		const body = [
			{
				op: 'add',
				path: '/allOf/-',
				value: { $ref: 'https://ns.adobe.com/xdm/context/profile-personal-details' },
			},
		];
		const { status } = await wire.call('PATCH', `${TENANT}/schemas/${schemaId}`, { body });
		const { json } = await wire.call('GET', `${TENANT}/schemas/${schemaId}`, { headers: FULL });
		expect([status, json.properties.personalEmail?.type]).toStrictEqual([200, 'object']);
	});
});
