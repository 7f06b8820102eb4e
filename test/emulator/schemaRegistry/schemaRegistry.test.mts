import {
	type Answer,
	type CallOptions,
	closeWires,
	codeOf,
	openWire,
	type Wire,
} from '../wire.mts';

const REGISTRY = '/data/foundation/schemaregistry';
const PROFILE = 'https://ns.adobe.com/xdm/context/profile';
const EVENT = 'https://ns.adobe.com/xdm/context/experienceevent';
const LIST = 'application/vnd.adobe.xed-id+json';
const lookup = (form: string) => `application/vnd.adobe.${form}+json; version=1`;

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const call = async (method: string, path: string, accept?: string, options: CallOptions = {}) =>
	await wire.call(method, REGISTRY + path, {
		...options,
		headers: { ...(accept !== undefined && { accept }), ...options.headers },
	});
const post = async (kind: string, body: unknown, options?: CallOptions) =>
	await call('POST', `/tenant/${kind}`, undefined, { ...options, body });
const get = async (path: string, accept: string) => await call('GET', path, accept);
const idIn = (path: string, $id: string) => `${path}/${encodeURIComponent($id)}`;
const xdmCodeOf = (answer: Answer): string | undefined =>
	/^http:\/\/ns\.adobe\.com\/aep\/errors\/(.+)$/.exec(answer.json?.type ?? '')?.[1];

/** The body of flow-service.md 6.3, with other fields where a test asks for them. */
function fieldGroupBody(title = 'Shop fields', own: object = { orderId: { type: 'string' } }) {
	return {
		type: 'object',
		title,
		'meta:intendedToExtend': [PROFILE],
		definitions: { shop: { properties: { _emulator: { type: 'object', properties: own } } } },
		allOf: [{ $ref: '#/definitions/shop' }],
	};
}
const schemaBody = (title: string, ...$refs: string[]) => ({
	type: 'object',
	title,
	description: 'for a test',
	allOf: $refs.map(($ref) => ({ $ref })),
});

/** Makes a field group and a schema, and answers the schema. */
async function makeShop(own?: object) {
	const group = (await post('fieldgroups', fieldGroupBody('Shop fields', own))).json;
	const schema = (await post('schemas', schemaBody('Shop', PROFILE, group.$id))).json;
	return { group, schema };
}

describe('making a schema', () => {
	it('gives IDs in the tenant, a version and a class', async () => {
		const made = await post('fieldgroups', fieldGroupBody());
		expect(made.status).toBe(201);
		const group = made.json;
		expect(group.$id).toMatch(/^https:\/\/ns\.adobe\.com\/emulator\/mixins\/[0-9a-f]{48}$/);
		const answer = await post('schemas', schemaBody('Shop', PROFILE, group.$id));
		expect(answer.status).toBe(201);
		expect(answer.json).toMatchObject({
			$id: expect.stringMatching(/^https:\/\/ns\.adobe\.com\/emulator\/schemas\/[0-9a-f]{48}$/),
			'meta:altId': expect.stringMatching(/^_emulator\.schemas\.[0-9a-f]{48}$/),
			'meta:class': PROFILE,
			'meta:extends': expect.arrayContaining([PROFILE, group.$id]),
			version: '1.0',
			title: 'Shop',
			description: 'for a test',
			allOf: [{ $ref: PROFILE }, { $ref: group.$id }],
			'meta:registryMetadata': { 'repo:createdDate': expect.any(Number) },
		});
	});

	it.each<[string, string, object, string]>([
		['no title', 'schemas', { allOf: [{ $ref: PROFILE }] }, 'XDM-0000-400'],
		['no allOf', 'schemas', { title: 'x' }, 'XDM-0000-400'],
		['no class', 'schemas', { title: 'x', allOf: [] }, 'XDM-0000-400'],
		['two classes', 'schemas', schemaBody('x', PROFILE, EVENT), 'XDM-0000-400'],
		['a foreign reference', 'schemas', schemaBody('x', PROFILE, `${PROFILE}/no`), 'XDM-0000-400'],
		[
			'a local reference to nothing',
			'fieldgroups',
			{ ...fieldGroupBody('x'), allOf: [{ $ref: '#/definitions/no' }] },
			'XDM-0000-400',
		],
		[
			'a reference to itself',
			'fieldgroups',
			{
				title: 'x',
				definitions: { a: { $ref: '#/definitions/a' } },
				allOf: [{ $ref: '#/definitions/a' }],
			},
			'XDM-0000-400',
		],
		[
			'an unknown type',
			'fieldgroups',
			fieldGroupBody('x', { a: { type: 'uuid' } }),
			'XDM-0000-400',
		],
		['a field without a type', 'fieldgroups', fieldGroupBody('x', { a: {} }), 'XDM-0000-400'],
		[
			'a field with a blank in its name',
			'fieldgroups',
			fieldGroupBody('x', { 'Order Id': { type: 'string' } }),
			'XDM-0000-400',
		],
		[
			'a field with an underscore in front',
			'fieldgroups',
			fieldGroupBody('x', { _a: { type: 'string' } }),
			'XDM-0000-400',
		],
		[
			'a field outside the tenant',
			'fieldgroups',
			{ title: 'x', properties: { orderId: { type: 'string' } } },
			'XDM-1021-400',
		],
		[
			'a field in the namespace of another tenant',
			'fieldgroups',
			{ title: 'x', properties: { _other: { type: 'object', properties: {} } } },
			'XDM-1021-400',
		],
		[
			'an intention to extend what is no class',
			'fieldgroups',
			{ ...fieldGroupBody('x'), 'meta:intendedToExtend': [`${PROFILE}-person-details`] },
			'XDM-0000-400',
		],
		['a class of nothing', 'classes', { title: 'x', allOf: [] }, 'XDM-0000-400'],
	])('is refused with %s', async (_case, kind, body, code) => {
		const before = wire.emulator.schemas().length;
		const answer = await post(kind, body);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, code]);
		expect(wire.emulator.schemas()).toHaveLength(before);
		expect((await call('GET', '/stats')).json.counts).toMatchObject({ schemas: 2, mixins: 2 });
	});

	it('is refused for a field group of another class', async () => {
		const group = (await post('fieldgroups', fieldGroupBody())).json;
		const answer = await post('schemas', schemaBody('Shop', EVENT, group.$id));
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-0000-400']);
	});

	it('is refused when two field groups disagree about a type', async () => {
		const one = await post('fieldgroups', fieldGroupBody('a', { x: { type: 'string' } }));
		const two = await post('fieldgroups', fieldGroupBody('b', { x: { type: 'number' } }));
		const answer = await post('schemas', schemaBody('c', PROFILE, one.json.$id, two.json.$id));
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-1413-400']);
		expect(answer.json.detail).toContain('/_emulator/x');
	});

	it('is refused for a title that anything else has', async () => {
		const { group } = await makeShop();
		const answer = await post('schemas', schemaBody('Shop fields', PROFILE));
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-1521-400']);
		expect(answer.json.detail).toContain(group.$id);
		const headers = { 'x-sandbox-name': 'dev' };
		const elsewhere = await post('schemas', schemaBody('Shop', PROFILE), { headers });
		expect(elsewhere.status).toBe(201);
	});

	it('takes a class of the tenant', async () => {
		const behavior = 'https://ns.adobe.com/xdm/data/time-series';
		const made = await post('classes', schemaBody('Visit', behavior));
		expect(made.status).toBe(201);
		const { $id } = (await post('schemas', schemaBody('Visits', made.json.$id))).json;
		const { json } = await get(idIn('/tenant/schemas', $id), lookup('xed-full'));
		expect(json['meta:class']).toBe(made.json.$id);
		expect(json.required).toEqual(['_id', 'timestamp']);
	});

	it('wants JSON', async () => {
		const headers = { 'content-type': 'text/plain' };
		expect((await post('schemas', '{}', { headers })).status).toBe(400);
		expect((await post('schemas', '{"title":')).status).toBe(400);
	});
});

describe('a lookup', () => {
	it('shows all fields with xed-full', async () => {
		const { schema } = await makeShop({
			orderId: { type: 'string', title: 'Order id' },
			amount: { type: 'number' },
			count: { type: 'integer' },
			updatedAt: { type: 'string', format: 'date-time' },
		});
		const { status, json } = await get(idIn('/tenant/schemas', schema.$id), lookup('xed-full'));
		expect(status).toBe(200);
		expect(json.allOf).toBeUndefined();
		expect(json.properties._id).toMatchObject({ type: 'string' });
		expect(json.properties._emulator.properties).toEqual({
			orderId: { type: 'string', title: 'Order id', 'meta:xdmType': 'string' },
			amount: { type: 'number', 'meta:xdmType': 'double' },
			count: { type: 'integer', 'meta:xdmType': 'int' },
			updatedAt: { type: 'string', format: 'date-time', 'meta:xdmType': 'date-time' },
		});
	});

	it('takes the field groups of Adobe for a person', async () => {
		const groups = ['person', 'personal'].map((name) => `${PROFILE}-${name}-details`);
		const { $id } = (await post('schemas', schemaBody('People', PROFILE, ...groups))).json;
		const { json } = await get(idIn('/tenant/schemas', $id), lookup('xed-full'));
		const { person, personalEmail, mobilePhone, homeAddress } = json.properties;
		expect(person.properties.name.properties.fullName.type).toBe('string');
		expect(person.properties.birthDate.format).toBe('date');
		expect(personalEmail.properties.address.type).toBe('string');
		expect(mobilePhone.properties.number.type).toBe('string');
		expect(Object.keys(homeAddress.properties)).toEqual(
			expect.arrayContaining(['street1', 'city', 'postalCode', 'countryCode']),
		);
	});

	it('leaves out the texts with notext, and no field that is called like them', async () => {
		const { schema } = await makeShop({ title: { type: 'string', title: 'The title' } });
		const path = idIn('/tenant/schemas', schema.$id);
		const { json } = await get(path, lookup('xed-full-notext'));
		expect([json.title, json.description]).toEqual([undefined, undefined]);
		expect(json.properties._emulator.properties.title).toEqual({
			type: 'string',
			'meta:xdmType': 'string',
		});
	});

	it.each(['xed', 'xed-full', 'xed-notext', 'xed-full-notext', 'xed-full-desc'])(
		'takes %s, by either ID',
		async (form) => {
			const { schema } = await makeShop();
			const byId = await get(idIn('/tenant/schemas', schema.$id), lookup(form));
			const byAltId = await get(`/tenant/schemas/${schema['meta:altId']}`, lookup(form));
			expect([byId.status, byAltId.status]).toEqual([200, 200]);
			expect(byId.json).toEqual(byAltId.json);
			expect('properties' in byId.json).toBe(form.startsWith('xed-full'));
			expect('allOf' in byId.json).toBe(!form.startsWith('xed-full'));
		},
	);

	it.each([
		['no version', 'application/vnd.adobe.xed-full+json', 400, 'XDM-1007-400'],
		['nothing', undefined, 400, 'XDM-1007-400'],
		['plain JSON', 'application/json', 400, 'XDM-1007-400'],
		['the form of lists', `${LIST}; version=1`, 400, 'XDM-1007-400'],
		['another version', 'application/vnd.adobe.xed+json; version=2', 406, 'XDM-1008-406'],
	])('is refused with %s in Accept', async (_case, accept, status, code) => {
		const { schema } = await makeShop();
		const answer = await call('GET', idIn('/tenant/schemas', schema.$id), accept);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([status, code]);
	});

	it.each([
		['an unknown schema', '/tenant/schemas/_emulator.schemas.none', 'XDM-1010-404'],
		['an unknown class', '/global/classes/none', 'XDM-1011-404'],
		['an unknown field group', '/tenant/fieldgroups/none', 'XDM-1012-404'],
		['a class among the schemas', idIn('/global/schemas', PROFILE), 'XDM-1010-404'],
		['a class of Adobe in the tenant', idIn('/tenant/classes', PROFILE), 'XDM-1011-404'],
	])('does not find %s', async (_case, path, code) => {
		const answer = await get(path, lookup('xed'));
		expect([answer.status, xdmCodeOf(answer)]).toEqual([404, code]);
	});

	it('finds what Adobe provides', async () => {
		const profile = await get('/global/classes/_xdm.context.profile', lookup('xed-full'));
		expect(profile.json).toMatchObject({ $id: PROFILE, title: 'XDM Individual Profile' });
		const event = await get(idIn('/global/classes', EVENT), lookup('xed-full'));
		expect(event.json.required).toEqual(['_id', 'timestamp']);
	});
});

describe('a list', () => {
	const titles = (answer: Answer): string[] => answer.json.results.map((one: any) => one.title);

	beforeEach(async () => {
		for (const title of ['delta', 'alpha', 'charlie', 'bravo']) {
			await post('schemas', schemaBody(title, title === 'bravo' ? EVENT : PROFILE));
		}
	});

	it('shows IDs and titles with xed-id, everything with xed', async () => {
		const short = await get('/tenant/schemas', LIST);
		expect(Object.keys(short.json.results[0])).toEqual(['title', '$id', 'meta:altId', 'version']);
		const long = await get('/tenant/schemas', 'application/vnd.adobe.xed+json');
		expect(long.json.results[2].allOf).toEqual([{ $ref: PROFILE }]);
		expect(short.json.results.map((one: any) => one.$id)).toEqual(
			long.json.results.map((one: any) => one.$id),
		);
	});

	it.each([
		['a version', 'application/vnd.adobe.xed+json; version=1'],
		['nothing', undefined],
		['anything', '*/*'],
		['the form of lookups', 'application/vnd.adobe.xed-full+json'],
	])('is refused with %s in Accept', async (_case, accept) => {
		const answer = await call('GET', '/tenant/schemas', accept);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-1006-400']);
	});

	it.each<[string, string, string[]]>([
		['ascending', 'orderby=title', ['alpha', 'bravo', 'charlie', 'delta']],
		['descending', 'orderby=-title', ['delta', 'charlie', 'bravo', 'alpha']],
		['filtered by title', 'property=title==bravo', ['bravo']],
		['filtered by one of two titles', 'property=title==bravo,alpha', ['alpha', 'bravo']],
		['filtered by a title in quotes', 'property=title=="bravo"', ['bravo']],
		['filtered by quotes around a comma', 'property=title=="bravo,alpha"', []],
		['filtered by what it is not', 'property=title!=bravo', ['delta', 'alpha', 'charlie']],
		['filtered by class', `property=meta:class==${EVENT}`, ['bravo']],
		['filtered by size', 'property=title>=charlie&orderby=title', ['charlie', 'delta']],
		['filtered by two', `property=title<=bravo&property=meta:class==${PROFILE}`, ['alpha']],
	])('comes %s', async (_case, search, expected) => {
		const answer = await get(`/tenant/schemas?${search}`, LIST);
		expect(titles(answer).filter((title) => !title.includes(' '))).toEqual(expected);
	});

	it('comes in pages that begin behind a value', async () => {
		const path = '/tenant/schemas?orderby=title&limit=2&property=title>=a';
		const first = await get(path, LIST);
		expect(titles(first)).toEqual(['alpha', 'bravo']);
		expect(first.json._page).toEqual({ orderby: 'title', next: 'bravo', count: 2 });
		const second = await get(`${path}&start=bravo`, LIST);
		expect(titles(second)).toEqual(['charlie', 'delta']);
		expect([second.json._page.next, second.json._links]).toEqual([null, {}]);
		const linked = await wire.call('GET', first.json._links.next.href, {
			headers: { accept: LIST },
		});
		expect(linked.json).toEqual(second.json);
	});

	it('never ends a page between two of the same value', async () => {
		const path = '/tenant/schemas?orderby=meta:class,title&limit=1&property=title<zz';
		const first = await get(path, LIST);
		expect(first.json._page).toMatchObject({ next: EVENT, count: 1 });
		const second = await get(`${path}&start=${encodeURIComponent(EVENT)}`, LIST);
		expect(second.json._page).toMatchObject({ next: null, count: 5 });
	});

	it.each([
		['a limit without an order', 'limit=2'],
		['a start without an order', 'start=a'],
		['a limit beyond 500', 'orderby=title&limit=501'],
		['a limit that is none', 'orderby=title&limit=x'],
		['an order by nothing', 'orderby='],
		['a filter by nothing', 'property===x'],
		['a value that begins with a sign', 'property=title==<x'],
	])('is refused with %s', async (_case, search) => {
		const answer = await get(`/tenant/schemas?${search}`, LIST);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-0000-400']);
	});

	it('of classes and field groups shows those of Adobe in the global container', async () => {
		expect(titles(await get('/global/classes', LIST))).toEqual([
			'XDM Individual Profile',
			'XDM ExperienceEvent',
		]);
		expect(titles(await get('/global/fieldgroups', LIST))).toContain('Demographic Details');
		expect(titles(await get('/tenant/classes', LIST))).toEqual([]);
	});
});

describe('deleting', () => {
	it('takes a schema, then its field group, and frees the title', async () => {
		const { group, schema } = await makeShop();
		const inUse = await call('DELETE', idIn('/tenant/fieldgroups', group.$id));
		expect([inUse.status, xdmCodeOf(inUse)]).toEqual([400, 'XDM-0000-400']);
		expect(inUse.json.detail).toContain(schema.$id);
		expect((await call('DELETE', idIn('/tenant/schemas', schema.$id))).status).toBe(204);
		expect((await call('DELETE', `/tenant/fieldgroups/${group['meta:altId']}`)).status).toBe(204);
		const again = await get(idIn('/tenant/schemas', schema.$id), lookup('xed'));
		expect(again.status).toBe(404);
		expect((await makeShop()).schema.title).toBe('Shop');
	});

	it('is refused while a dataset uses the schema', async () => {
		const { id, schemaRef } = wire.emulator.addDataSet({ name: 'x', fields: { a: 'string' } });
		const path = idIn('/tenant/schemas', schemaRef.id);
		const answer = await call('DELETE', path);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-0000-400']);
		expect(answer.json.detail).toContain(id);
		await wire.call('DELETE', `/data/foundation/catalog/dataSets/${id}`);
		expect((await call('DELETE', path)).status).toBe(204);
	});

	it('does not find what is not there', async () => {
		expect((await call('DELETE', '/tenant/schemas/none')).status).toBe(404);
	});
});

describe('access', () => {
	it.each<[string, string, string, string]>([
		['listing', 'GET', '/tenant/schemas', 'View Schemas'],
		['the tenant', 'GET', '/stats', 'View Schemas'],
		['making', 'POST', '/tenant/schemas', 'Manage Schemas'],
		['deleting', 'DELETE', '/tenant/schemas/none', 'Manage Schemas'],
	])('to %s needs a permission', async (_case, method, path, permission) => {
		const all = ['View Schemas', 'Manage Schemas', 'View Datasets', 'Manage Datasets'] as const;
		const client = wire.emulator.addClient({
			dataPermissions: all.filter((one) => one !== permission),
		});
		const options = method === 'POST' ? { client, body: schemaBody('x', PROFILE) } : { client };
		const answer = await call(method, path, LIST, options);
		expect([answer.status, xdmCodeOf(answer)]).toEqual([403, 'XDM-0000-403']);
		expect(answer.json.detail).toContain(permission);
		expect(answer.json.report.registryRequestId).toBe(answer.headers.get('x-request-id'));
	});

	it('keeps to the sandbox and the organization', async () => {
		const { schema, group } = await makeShop();
		const path = idIn('/tenant/schemas', schema.$id);
		const dev = { headers: { 'x-sandbox-name': 'dev' } };
		expect((await call('GET', path, lookup('xed'), dev)).status).toBe(404);
		expect((await call('GET', '/tenant/schemas', LIST, dev)).json.results).toEqual([]);
		const foreign = await post('schemas', schemaBody('y', PROFILE, group.$id), dev);
		expect(foreign.status).toBe(400);
		const client = wire.emulator.addClient({ orgId: 'AAAABBBBCCCCDDDDEEEEFFFF@AdobeOrg' });
		expect((await call('GET', path, lookup('xed'), { client })).status).toBe(404);
		const { tenantId } = (await call('GET', '/stats', undefined, { client })).json;
		expect(tenantId).toMatch(/^tenant[0-9a-f]{8}$/);
	});

	it.each<[string, number, CallOptions]>([
		['an unknown sandbox', 404, { headers: { 'x-sandbox-name': 'none' } }],
		['no token', 403, { headers: { authorization: null } }],
		['a wrong token', 401, { headers: { authorization: 'Bearer x' } }],
	])('is refused with %s', async (_case, status, options) => {
		expect((await call('GET', '/stats', undefined, options)).status).toBe(status);
	});

	it('needs no sandbox, unless the emulator is strict', async () => {
		const headers = { 'x-sandbox-name': null };
		expect((await call('GET', '/stats', undefined, { headers })).status).toBe(200);
		const strict = await openWire({ strict: true });
		const answer = await strict.call('GET', `${REGISTRY}/stats`, { headers });
		expect([answer.status, xdmCodeOf(answer)]).toEqual([400, 'XDM-0000-400']);
	});
});

it('stats count what there is and name the tenant', async () => {
	await makeShop();
	expect((await call('GET', '/stats')).json).toEqual({
		imsOrg: wire.emulator.orgId,
		tenantId: 'emulator',
		// With those of the two sample datasets.
		counts: { schemas: 3, mixins: 3, datatypes: 0, classes: 0, unions: 0 },
	});
});

it('requests are counted by pattern, and struck by faults', async () => {
	const { schema } = await makeShop();
	const path = idIn('/tenant/schemas', schema.$id);
	wire.emulator.addFault({ path: `${REGISTRY}/tenant/schemas/{id}`, kind: 'status', status: 503 });
	expect((await get(path, lookup('xed'))).status).toBe(503);
	expect((await get(path, lookup('xed'))).status).toBe(200);
	const { requests } = wire.emulator.stats();
	expect(requests[`GET ${REGISTRY}/tenant/schemas/{id}`]).toBe(2);
	expect(requests[`POST ${REGISTRY}/tenant/fieldgroups`]).toBe(1);
});

it('an error of Flow Service keeps its own form', async () => {
	const answer = await wire.flow('GET', '/connections/none');
	expect(codeOf(answer)).toBe('FLOW-1439-404');
	expect(answer.json.report['request-id']).toBe(answer.headers.get('x-request-id'));
});
