import {
	addedByAdobe,
	basicBody,
	closeWires,
	codeOf,
	openWire,
	read,
	SPEC,
	type Wire,
} from '../wire.mts';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(() => wire.emulator.reset());
afterAll(closeWires);

const BASE = 'inheritedAttributes.sourceConnections[].baseConnection.id';
const list = async (collection: string, property?: string | string[], sandbox = 'prod') => {
	const search = new URLSearchParams();
	for (const one of property === undefined ? [] : [property].flat()) search.append('property', one);
	const headers = { 'x-sandbox-name': sandbox };
	return await wire.flow('GET', `/${collection}?${search}`, { headers });
};
const names = (answer: { json: any }): string[] => answer.json.items.map(({ name }: any) => name);
const control = async (body: unknown) =>
	await read(
		await fetch(`${wire.emulator.platformUrl}/__emulator/flows`, {
			method: 'POST',
			body: JSON.stringify(body),
		}),
	);

describe('a connection that flows use', () => {
	it('cannot be deleted, until none does', async () => {
		const id = await wire.create(basicBody());
		wire.emulator.markInUse(id, ['Orders', 'Customers']);
		const answer = await wire.flow('DELETE', `/connections/${id}`);
		expect([answer.status, codeOf(answer)]).toEqual([400, 'FLOW-1418-400']);
		expect((await wire.flow('GET', `/connections/${id}`)).status).toBe(200);
		wire.emulator.markInUse(id, []);
		expect((await wire.flow('DELETE', `/connections/${id}`)).status).toBe(204);
	});

	it('does not stand in the way of another, nor of a patch', async () => {
		const [id, other] = [await wire.create(basicBody()), await wire.create(basicBody())];
		wire.emulator.markInUse(id, ['Orders']);
		expect((await wire.flow('DELETE', `/connections/${other}`)).status).toBe(204);
		const headers = { 'if-match': wire.emulator.connections()[0]?.etag ?? '' };
		const body = [{ op: 'replace', path: '/name', value: 'New' }];
		expect((await wire.flow('PATCH', `/connections/${id}`, { headers, body })).status).toBe(200);
	});

	it('is found by them, by its ID', async () => {
		const [id, other] = [await wire.create(basicBody()), await wire.create(basicBody())];
		wire.emulator.markInUse(id, ['Orders', 'Customers']);
		wire.emulator.markInUse(other, ['Accounts']);
		expect(names(await list('flows', `${BASE}==${id}`))).toEqual(['Orders', 'Customers']);
		expect(names(await list('flows', `${BASE}==${other}`))).toEqual(['Accounts']);
		expect(names(await list('flows', `${BASE}==${other},${id}`))).toHaveLength(3);
		expect((await list('flows', `${BASE}==x`)).json).toEqual({ items: [], _links: {} });
		expect(names(await list('flows'))).toEqual(['Orders', 'Customers', 'Accounts']);
	});

	it('is found over its source connections as well', async () => {
		const id = await wire.create(basicBody());
		const made = wire.emulator.markInUse(id, ['Orders', 'Customers']);
		const sources = (await list('sourceConnections', `baseConnectionId==${id}`)).json.items;
		expect(sources).toHaveLength(2);
		const ids = sources.map((one: any) => one.id).join(',');
		const flows = (await list('flows', `sourceConnectionIds[]==${ids}`)).json.items;
		expect(flows.map((flow: any) => flow.id)).toEqual(made.map((flow) => flow.id));
		expect((await list('sourceConnections', 'baseConnectionId==x')).json.items).toEqual([]);
	});

	it('has those flows only that were named last', async () => {
		const id = await wire.create(basicBody());
		wire.emulator.markInUse(id, ['Orders', 'Customers']);
		wire.emulator.markInUse(id, ['Items']);
		expect(names(await list('flows'))).toEqual(['Items']);
		expect(names(await list('sourceConnections'))).toEqual(['Items source']);
	});
});

it('a flow and its source connection have the shape of the samples', async () => {
	const id = await wire.create(basicBody());
	wire.emulator.markInUse(id, ['Orders']);
	const [flow] = (await list('flows')).json.items;
	const [source] = (await list('sourceConnections')).json.items;
	const connectionSpec = { id: SPEC, version: '1.0' };
	const baseConnection = { id, connectionSpec };
	const entity = {
		id: expect.stringMatching(/^[0-9a-f-]{36}$/),
		...addedByAdobe(wire),
		state: 'enabled',
		lastOperation: expect.objectContaining({ operation: 'create' }),
	};
	expect(source).toEqual({
		...entity,
		name: 'Orders source',
		version: source.etag,
		etag: expect.stringMatching(/^".+"$/),
		baseConnectionId: id,
		connectionSpec,
		data: { format: 'tabular', schema: null, properties: null },
		params: { tableName: 'public.orders', columns: [] },
		inheritedAttributes: { baseConnection },
	});
	const [target] = flow.targetConnectionIds;
	expect(flow).toEqual({
		...entity,
		name: 'Orders',
		version: flow.etag,
		etag: expect.stringMatching(/^".+"$/),
		flowSpec: { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' },
		sourceConnectionIds: [source.id],
		targetConnectionIds: [target],
		inheritedAttributes: {
			properties: { isSourceFlow: true },
			sourceConnections: [{ id: source.id, connectionSpec, baseConnection }],
			targetConnections: [
				{
					id: target,
					connectionSpec: { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' },
				},
			],
		},
		transformations: [],
		scheduleParams: { startTime: expect.stringMatching(/^\d{10}$/), frequency: 'once' },
		runs: `/flows/${flow.id}/runs`,
	});
});

describe('the listing', () => {
	it.each<[string, string | string[], string[]]>([
		['by name', 'name==b', ['b']],
		['by state', 'state==enabled', ['a', 'b', 'c']],
		['by flow spec', 'flowSpec.id==14518937-270c-4525-bdec-c2ba7cce3860', ['a', 'b', 'c']],
		['of source flows', 'inheritedAttributes.properties.isSourceFlow==true', ['a', 'b', 'c']],
		[
			'by the spec of the target',
			'inheritedAttributes.targetConnections[].connectionSpec.id==c604ff05-7f1a-43c0-8e18-33bf874cb11c',
			['a', 'b', 'c'],
		],
		['by two at once', ['name==a,b', 'name>a'], ['b']],
	])('of flows filters %s', async (_case, property, expected) => {
		wire.emulator.markInUse(await wire.create(basicBody()), ['a', 'b', 'c']);
		expect(names(await list('flows', property))).toEqual(expected);
	});

	it('of flows refuses an unknown field, that of source connections takes any', async () => {
		wire.emulator.markInUse(await wire.create(basicBody()), ['a']);
		expect(codeOf(await list('flows', 'params.tableName==public.orders'))).toBe('FLOW-1449-400');
		const found = await list('sourceConnections', 'params.tableName==public.orders');
		expect(names(found)).toEqual(['a source']);
	});

	it.each(['flows', 'sourceConnections'])(
		'of %s counts, and comes in pages with links of its own',
		async (collection) => {
			const flowNames = Array.from({ length: 25 }, (_, n) => `n${n}`);
			wire.emulator.markInUse(await wire.create(basicBody()), flowNames);
			expect((await wire.flow('GET', `/${collection}?count=true`)).json).toEqual({ count: 25 });
			const first = await list(collection);
			expect(first.json.items).toHaveLength(20);
			const { href } = first.json._links.next;
			expect(href).toMatch(new RegExp(`^/${collection}\\?continuationToken=`));
			expect((await wire.flow('GET', href)).json.items).toHaveLength(5);
		},
	);

	it.each(['flows', 'sourceConnections'])(
		'of %s keeps to the sandbox and wants the permission to view',
		async (collection) => {
			const headers = { 'x-sandbox-name': 'dev' };
			wire.emulator.markInUse(await wire.create(basicBody(), { headers }), ['in dev']);
			expect((await list(collection)).json.items).toEqual([]);
			expect((await list(collection, undefined, 'dev')).json.items).toHaveLength(1);
			const client = wire.emulator.addClient({ permissions: [] });
			const denied = await wire.flow('GET', `/${collection}`, { client });
			expect(codeOf(denied)).toBe('FLOW-2120-403');
		},
	);
});

describe('the control plane', () => {
	it('makes flows over HTTP, and unmakes them', async () => {
		const connectionId = await wire.create(basicBody());
		const made = await control({ connectionId, names: ['Orders'] });
		expect(made.status).toBe(201);
		expect(made.json.flows).toEqual((await list('flows')).json.items);
		expect(codeOf(await wire.flow('DELETE', `/connections/${connectionId}`))).toBe('FLOW-1418-400');
		expect((await control({ connectionId, names: [] })).json).toEqual({ flows: [] });
		expect((await wire.flow('DELETE', `/connections/${connectionId}`)).status).toBe(204);
	});

	it.each([
		['an unknown connection', { connectionId: 'x', names: ['a'] }],
		['no connection', { names: ['a'] }],
		['no names', { connectionId: 'x' }],
		['names that are no list', { connectionId: 'x', names: 'a' }],
		['a name that is no text', { connectionId: 'x', names: [1] }],
		['no object', 5],
	])('refuses %s', async (_case, body) => {
		const answer = await control(body);
		expect([answer.status, Object.keys(answer.json)]).toEqual([400, ['error']]);
		expect(() => wire.emulator.markInUse('x', ['a'])).toThrow(RangeError);
	});

	it('forgets them at a reset', async () => {
		wire.emulator.markInUse(await wire.create(basicBody()), ['Orders']);
		wire.emulator.reset();
		expect((await list('flows')).json.items).toEqual([]);
		expect((await list('sourceConnections')).json.items).toEqual([]);
	});
});
