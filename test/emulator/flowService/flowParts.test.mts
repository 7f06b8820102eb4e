import {
	FLOW_SPEC,
	makeDataSet,
	sourceBody,
	TARGET_SPEC,
	targetBody,
	type DataSet,
} from '../dataflow.mts';
import { basicBody, closeWires, codeOf, openWire, SPEC, type Wire } from '../wire.mts';

let wire: Wire;
let base: string;
let dataSet: DataSet;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(async () => {
	wire.emulator.reset();
	base = await wire.create(basicBody());
	dataSet = await makeDataSet(wire, { id: { type: 'string' } });
});
afterAll(closeWires);

const REPLACE = 'replace';
const bodyOf = (collection: string): any =>
	collection === 'sourceConnections' ? sourceBody(base, 'public.orders') : targetBody(dataSet);
const post = async (collection: string, body: object) =>
	await wire.flow('POST', `/${collection}`, { body });
/** A body without a member, or with another value for it, by its dotted path. */
const changed = (body: any, path: string, value?: unknown): any => {
	const copy = structuredClone(body);
	const parts = path.split('.');
	const last = parts.pop() ?? '';
	const parent = parts.reduce((found, part) => found[part], copy);
	if (value === undefined) delete parent[last];
	else parent[last] = value;
	return copy;
};

describe.each(['sourceConnections', 'targetConnections'])('%s', (collection) => {
	it('are made, and shown by their ID', async () => {
		const body = { ...bodyOf(collection), description: 'what for' };
		const created = await post(collection, body);
		const { id, etag } = created.json;
		expect([created.status, Object.keys(created.json)]).toEqual([201, ['id', 'etag']]);
		expect(created.headers.get('location')).toBe(
			`/data/foundation/flowservice/${collection}/${id}`,
		);
		const { json } = await wire.flow('GET', `/${collection}/${id}`);
		expect(json.items).toHaveLength(1);
		expect(json.items[0]).toMatchObject({
			id,
			etag,
			version: etag,
			name: body.name,
			description: 'what for',
			state: 'enabled',
			connectionSpec: body.connectionSpec,
			params: body.params,
			createdClient: wire.emulator.clientId,
			lastOperation: { operation: 'create' },
		});
		expect(json.items[0]).not.toHaveProperty('sequence');
	});

	it('are filtered by any path, sorted, counted and cut into pages', async () => {
		for (const name of ['b', 'c', 'a']) await post(collection, { ...bodyOf(collection), name });
		const names = async (search: string) =>
			(await wire.flow('GET', `/${collection}?${search}`)).json.items.map((one: any) => one.name);
		expect(await names('orderby=-name')).toEqual(['c', 'b', 'a']);
		expect(await names('property=name==a,c')).toEqual(['c', 'a']);
		const path =
			collection === 'sourceConnections'
				? 'params.tableName==public.orders'
				: `params.dataSetId==${dataSet.id}`;
		expect(await names(`property=${path}`)).toHaveLength(3);
		expect(await names('property=params.tableName==x')).toEqual([]);
		const count = await wire.flow('GET', `/${collection}?count=true`);
		expect(count.json).toEqual({ count: 3 });
		const first = await wire.flow('GET', `/${collection}?limit=2&orderby=name`);
		const rest = await wire.flow('GET', `${first.json._links.next.href}&orderby=name`);
		expect(rest.json).toMatchObject({ items: [{ name: 'c' }], _links: {} });
	});

	it('are changed with their version only, and checked as a whole', async () => {
		const { id, etag } = (await post(collection, bodyOf(collection))).json;
		const patch = async (path: string, value: unknown, ifMatch?: string, op = REPLACE) =>
			await wire.flow('PATCH', `/${collection}/${id}`, {
				headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
				body: [{ op, path, value }],
			});
		expect(codeOf(await patch('/name', 'x'))).toBe('FLOW-1403-400');
		const answer = await patch('/name', 'New', etag);
		expect(answer.json).toEqual({ id, etag: expect.not.stringContaining(etag) });
		expect(codeOf(await patch('/name', 'x', etag))).toBe('FLOW-1404-412');
		const now = answer.json.etag;
		expect(codeOf(await patch('/name', '', now))).toBe('CONNECTOR-1304-400');
		expect(codeOf(await patch('/state', 'disabled', now))).toBe('CONNECTOR-1365-400');
		expect(codeOf(await patch('/connectionSpec/id', 'x', now))).toBe('CONNECTOR-1365-400');
		expect((await patch('/description', 'text', now, 'add')).status).toBe(200);
		const [item] = (await wire.flow('GET', `/${collection}/${id}`)).json.items;
		expect(item).toMatchObject({ name: 'New', description: 'text' });
		expect((await patch('/description', 'text', item.etag, 'remove')).status).toBe(200);
		const [bare] = (await wire.flow('GET', `/${collection}/${id}`)).json.items;
		expect(bare).not.toHaveProperty('description');
	});

	it('are deleted, and not found from then on', async () => {
		const { id } = (await post(collection, bodyOf(collection))).json;
		const gone = await wire.flow('DELETE', `/${collection}/${id}`);
		expect([gone.status, gone.text]).toEqual([204, '']);
		for (const method of ['GET', 'DELETE']) {
			const answer = await wire.flow(method, `/${collection}/${id}`);
			expect([answer.status, codeOf(answer)]).toEqual([404, 'FLOW-1439-404']);
			expect(answer.json.report).toMatchObject({ id, type: collection });
		}
	});

	it('cannot be deleted while a flow uses them', async () => {
		const [flow] = wire.emulator.markInUse(base, ['Orders']);
		const id =
			collection === 'sourceConnections'
				? flow?.sourceConnectionIds[0]
				: flow?.targetConnectionIds[0];
		const answer = await wire.flow('DELETE', `/${collection}/${id}`);
		expect([answer.status, codeOf(answer)]).toEqual([400, 'FLOW-1447-400']);
		expect((await wire.flow('DELETE', `/flows/${flow?.id}`)).status).toBe(204);
		expect((await wire.flow('DELETE', `/${collection}/${id}`)).status).toBe(204);
	});

	it('keep to their sandbox, and want the permissions of sources', async () => {
		const { id, etag } = (await post(collection, bodyOf(collection))).json;
		const elsewhere = { headers: { 'x-sandbox-name': 'dev' } };
		expect((await wire.flow('GET', `/${collection}/${id}`, elsewhere)).status).toBe(404);
		expect((await wire.flow('GET', `/${collection}`, elsewhere)).json.items).toEqual([]);
		const reader = wire.emulator.addClient({ permissions: ['read'] });
		const call = async (method: string, path: string, body?: object) =>
			codeOf(
				await wire.flow(method, path, {
					client: reader,
					headers: { 'if-match': etag },
					...(body && { body }),
				}),
			);
		expect(await call('POST', `/${collection}`, bodyOf(collection))).toBe('FLOW-2118-403');
		expect(await call('PATCH', `/${collection}/${id}`, [])).toBe('FLOW-2121-403');
		expect(await call('DELETE', `/${collection}/${id}`)).toBe('FLOW-2121-403');
		expect(await call('GET', `/${collection}/${id}`)).toBeUndefined();
	});

	it('come as no drafts', async () => {
		const answer = await post(`${collection}?mode=draft`, bodyOf(collection));
		expect(codeOf(answer)).toBe('FLOW-1452-400');
	});

	it('can be struck by a fault and are counted, by pattern', async () => {
		const path = `/data/foundation/flowservice/${collection}/{id}`;
		wire.emulator.addFault({ method: 'DELETE', path, kind: 'status', status: 500 });
		const { id } = (await post(collection, bodyOf(collection))).json;
		expect((await wire.flow('DELETE', `/${collection}/${id}`)).status).toBe(500);
		const stats = wire.emulator.stats();
		expect(stats.requests[`DELETE ${path}`]).toBe(1);
		expect(stats).toMatchObject({ [collection]: { [bodyOf(collection).name]: 1 } });
	});
});

describe('a source connection', () => {
	it.each<[string, string, unknown, string]>([
		['without a name', 'name', undefined, 'CONNECTOR-1304-400'],
		['without a base connection', 'baseConnectionId', undefined, 'CONNECTOR-1304-400'],
		['with an unknown base connection', 'baseConnectionId', 'x', 'FLOW-1439-404'],
		['without data', 'data', undefined, 'CONNECTOR-1304-400'],
		['of a format for files', 'data.format', 'delimited', 'CONNECTOR-1327-400'],
		['without a table', 'params.tableName', undefined, 'CONNECTOR-1323-400'],
		['with an empty table', 'params.tableName', ' ', 'CONNECTOR-1323-400'],
		['with columns that are no list', 'params.columns', 'id', 'CONNECTOR-1312-400'],
		['with columns without names', 'params.columns', [{ type: 'x' }], 'CONNECTOR-1312-400'],
		['with a filter', 'params.filters', {}, 'CONNECTOR-1353-400'],
		['without a connection spec', 'connectionSpec', undefined, 'FLOW-1413-400'],
		['with the spec of a target', 'connectionSpec.id', TARGET_SPEC, 'FLOW-1413-400'],
		['with another version of the spec', 'connectionSpec.version', '2.0', 'FLOW-1413-400'],
	])('%s is refused', async (_case, path, value, code) => {
		const answer = await post(
			'sourceConnections',
			changed(bodyOf('sourceConnections'), path, value),
		);
		expect([answer.status, codeOf(answer)]).toEqual([Number(code.slice(-3)), code]);
		expect(wire.emulator.sourceConnections()).toEqual([]);
	});

	it.each(['initializing', 'disabled', 'draft'] as const)(
		'on a base connection that is %s is refused',
		async (state) => {
			const [stored] = wire.emulator.connections();
			if (stored !== undefined) stored.state = state;
			const answer = await post('sourceConnections', bodyOf('sourceConnections'));
			expect(codeOf(answer)).toBe('FLOW-1422-400');
		},
	);

	it('shows its data and its base connection as the samples do', async () => {
		const { id } = (await post('sourceConnections', bodyOf('sourceConnections'))).json;
		const [item] = (await wire.flow('GET', `/sourceConnections/${id}`)).json.items;
		const connectionSpec = { id: SPEC, version: '1.0' };
		expect(item).toMatchObject({
			data: { format: 'tabular', schema: null, properties: null },
			params: { tableName: 'public.orders', columns: [] },
			inheritedAttributes: { baseConnection: { id: base, connectionSpec } },
		});
	});

	it('takes any column as explore describes it, and keeps it', async () => {
		const object = 'public.orders';
		const explored = await wire.flow(
			'GET',
			`/connections/${base}/explore?${new URLSearchParams({ objectType: 'table', object })}`,
		);
		const { columns } = explored.json.schema;
		const body = changed(bodyOf('sourceConnections'), 'params.columns', columns);
		const { id } = (await post('sourceConnections', body)).json;
		const [item] = (await wire.flow('GET', `/sourceConnections/${id}`)).json.items;
		expect(item.params.columns).toEqual(columns);
	});

	it('does not stand in the way of deleting its base connection', async () => {
		await post('sourceConnections', bodyOf('sourceConnections'));
		expect((await wire.flow('DELETE', `/connections/${base}`)).status).toBe(204);
	});
});

describe('a target connection', () => {
	it('needs no schema', async () => {
		const body = changed(bodyOf('targetConnections'), 'data', undefined);
		expect((await post('targetConnections', body)).status).toBe(201);
	});

	it.each<[string, string, unknown, string]>([
		['without a name', 'name', undefined, 'CONNECTOR-1304-400'],
		['without a version of the schema', 'data.schema.version', undefined, 'CONNECTOR-1304-400'],
		['with another kind of version', 'data.schema.version', '1.0', 'CONNECTOR-1312-400'],
		['with the schema of another dataset', 'data.schema.id', 'https://x', 'CONNECTOR-1312-400'],
		['with a format that is no text', 'data.format', 1, 'CONNECTOR-1312-400'],
		['without a dataset', 'params', undefined, 'CONNECTOR-1325-400'],
		['with an empty dataset', 'params.dataSetId', '', 'CONNECTOR-1325-400'],
		['with an unknown dataset', 'params.dataSetId', 'f'.repeat(24), 'CONNECTOR-1312-400'],
		['without a connection spec', 'connectionSpec', undefined, 'CONNECTOR-1307-400'],
		['with the spec of a source', 'connectionSpec.id', SPEC, 'CONNECTOR-1307-400'],
	])('%s is refused', async (_case, path, value, code) => {
		const answer = await post(
			'targetConnections',
			changed(bodyOf('targetConnections'), path, value),
		);
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
		expect(wire.emulator.targetConnections()).toEqual([]);
	});

	it.each(['delimited', 'parquet_xdm'])('takes the format %s', async (format) => {
		const body = changed(bodyOf('targetConnections'), 'data.format', format);
		expect((await post('targetConnections', body)).status).toBe(201);
	});

	it('takes the version of the schema with a minor one', async () => {
		const version = 'application/vnd.adobe.xed-full+json; version=1.0';
		const body = changed(bodyOf('targetConnections'), 'data.schema.version', version);
		expect((await post('targetConnections', body)).status).toBe(201);
	});
});

describe('the flow spec', () => {
	it.each(['', `?property=name==%22CRMToAEP%22`, `/${FLOW_SPEC}`])(
		'is found by /flowSpecs%s, in an envelope',
		async (search) => {
			const { json } = await wire.flow('GET', `/flowSpecs${search}`);
			expect(json.items).toHaveLength(1);
			expect(json.items[0]).toMatchObject({
				id: FLOW_SPEC,
				name: 'CRMToAEP',
				version: '1.0',
				sourceConnectionSpecIds: [SPEC],
				attributes: { isSourceFlow: true, frequency: 'batch' },
			});
			expect(Object.keys(json.items[0])).toEqual(
				expect.arrayContaining(['scheduleSpec', 'transformationSpec', 'optionSpec', 'runSpec']),
			);
		},
	);

	it('is not found by another name or ID', async () => {
		expect((await wire.flow('GET', '/flowSpecs?property=name==x')).json.items).toEqual([]);
		expect(codeOf(await wire.flow('GET', '/flowSpecs/x'))).toBe('FLOW-1439-404');
		expect(codeOf(await wire.flow('GET', '/flowSpecs?property=x==y'))).toBe('FLOW-1449-400');
	});
});
