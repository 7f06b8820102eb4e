import { type Answer, type CallOptions, closeWires, openWire, type Wire } from '../wire.mts';

const SETS = '/data/foundation/conversion/mappingSets';
const FULL = 'application/vnd.adobe.xed-full+json;version=1';

let wire: Wire;
let schema: string;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(() => {
	wire.emulator.reset();
	schema = wire.emulator.addSchema({
		title: 'Shop',
		fields: {
			_id: 'string',
			'person.name.fullName': 'string',
			orderId: 'integer',
			total: 'number',
			paid: 'boolean',
			updatedAt: 'date-time',
			day: 'date',
			tags: 'array',
		},
	}).$id;
});
afterAll(closeWires);

const call = async (method: string, path = '', options?: CallOptions) =>
	await wire.call(method, SETS + path, options);
const attribute = (source: string, destination: string) => ({
	sourceType: 'ATTRIBUTE',
	source,
	destination,
});
const expression = (source: string, destination: string) => ({
	sourceType: 'EXPRESSION',
	source,
	destination,
});
const fixed = (source: string, destination: string) => ({
	sourceType: 'STATIC',
	source,
	destination,
});
const body = (mappings: unknown = [attribute('id', '_id')], over: object = {}) => ({
	outputSchema: { schemaRef: { id: schema, contentType: FULL } },
	mappings,
	...over,
});
const make = async (over: object = {}): Promise<string> =>
	(await call('POST', '', { body: body(undefined, over) })).json.id;
const verdictsOf = (answer: Answer): unknown[] => answer.json.validationResponse;

describe('making a mapping set', () => {
	it('answers 200 with the ID and the version, and the time in milliseconds', async () => {
		const before = Date.now();
		const answer = await call('POST', '', { body: body() });
		expect([answer.status, answer.json]).toEqual([
			200,
			{
				id: expect.stringMatching(/^[0-9a-f]{32}$/),
				version: 0,
				createdDate: expect.any(Number),
				modifiedDate: answer.json.createdDate,
				createdBy: expect.stringMatching(/@techacct\.adobe\.com$/),
				modifiedBy: answer.json.createdBy,
			},
		]);
		expect(answer.json.createdDate).toBeGreaterThanOrEqual(before);
	});

	it('takes the older form, which is shown like the newer one', async () => {
		const older = {
			version: 0,
			xdmSchema: schema,
			xdmVersion: '1.0',
			id: null,
			mappings: [
				{
					destinationXdmPath: '_id',
					sourceAttribute: 'TestID',
					identity: false,
					identityGroup: null,
					namespaceCode: null,
					version: 0,
				},
			],
		};
		const { id } = (await call('POST', '', { body: older })).json;
		expect((await call('GET', `/${id}`)).json).toMatchObject({
			outputSchema: { schemaRef: { id: schema, contentType: '1.0' } },
			mappings: [{ source: 'TestID', destination: '_id' }],
		});
	});

	it.each<[string, () => unknown, string]>([
		['no schema', () => ({ mappings: [attribute('id', '_id')] }), 'outputSchema'],
		[
			'an unknown schema',
			() =>
				body(undefined, { outputSchema: { schemaRef: { id: 'https://no', contentType: FULL } } }),
			'https://no',
		],
		[
			'an unknown version of the schema',
			() =>
				body(undefined, {
					outputSchema: { schemaRef: { id: schema, contentType: FULL.replace('=1', '=2') } },
				}),
			'version=2',
		],
		['no mappings', () => body([]), 'no mappings'],
		['mappings that are no list', () => body({}), 'no mappings'],
		['no source', () => body([{ destination: '_id' }]), 'mappings[0]: source'],
		['no destination', () => body([attribute('a', '_id'), attribute('b', ' ')]), 'mappings[1]'],
		[
			'an unknown kind of source',
			() => body([{ ...attribute('a', '_id'), sourceType: 'SQL' }]),
			'mappings[0]: sourceType must be one of ATTRIBUTE, EXPRESSION, STATIC',
		],
		[
			'an expression that cannot be read',
			() => body([expression('concat(a', '_id')]),
			'Expected )',
		],
		[
			'an unknown function',
			() => body([expression('colour(a)', '_id')]),
			'Unknown function colour',
		],
		['a list', () => [], 'outputSchema'],
	])('is refused with %s', async (_case, given, text) => {
		const answer = await call('POST', '', { body: given() });
		expect(answer.status).toBe(400);
		expect(answer.json.title).toBe('BadRequestError');
		expect(answer.json.detail).toContain(text);
		expect(wire.emulator.mappingSets()).toEqual([]);
	});

	it('judges fields and types only when it is asked to', async () => {
		const wrong = body([attribute('a', 'no.such')]);
		expect((await call('POST', '?validate=false', { body: wrong })).status).toBe(200);
		expect((await call('POST', '', { body: wrong })).status).toBe(200);
		const answer = await call('POST', '?validate=true', { body: wrong });
		expect([answer.status, answer.json.detail]).toEqual([
			400,
			'The mapping to no.such is not valid: The field no.such does not exist in the schema.',
		]);
		expect((await call('POST', '?validate=true', { body: body() })).status).toBe(200);
	});

	it('is refused with the schema of another sandbox', async () => {
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await call('POST', '', { body: body(), headers })).status).toBe(400);
	});
});

describe('a mapping set', () => {
	it('shows its mappings, with two members twice', async () => {
		const { id } = (
			await call('POST', '', {
				body: body(
					[
						{ ...attribute('id', '_id'), name: 'id', description: 'Identifier field' },
						expression('upper(name)', 'person.name.fullName'),
					],
					{ name: 'Shop' },
				),
			})
		).json;
		const { status, json } = await call('GET', `/${id}`);
		expect(status).toBe(200);
		expect(json).toMatchObject({
			id,
			version: 0,
			name: 'Shop',
			outputSchema: { schemaRef: { id: schema, contentType: FULL } },
		});
		expect(json.mappings[0]).toMatchObject({
			id: expect.stringMatching(/^[0-9a-f]{32}$/),
			sourceType: 'text/x.schema-path',
			source: 'id',
			destination: '_id',
			sourceAttribute: 'id',
			destinationXdmPath: '_id',
			name: 'id',
			description: 'Identifier field',
		});
		expect(json.mappings[1].sourceType).toBe('EXPRESSION');
		expect((await call('GET', `/${id}/mappings`)).json).toEqual(json.mappings);
		const [first] = json.mappings;
		expect((await call('GET', `/${id}/mappings/${first.id}`)).json).toEqual(first);
		expect((await call('GET', `/${id}/mappings/none`)).status).toBe(404);
	});

	it('shows the fields of its schema when asked to', async () => {
		const id = await make();
		const { outputSchema } = (await call('GET', `/${id}?expandSchema=true`)).json;
		expect(outputSchema.jsonSchema.properties._emulator.properties.total.type).toBe('number');
	});

	it('gets a further version by PUT, also with what GET has shown; the first one stays', async () => {
		const id = await make();
		const shown = (await call('GET', `/${id}`)).json;
		const echoed = await call('PUT', `/${id}`, { body: shown });
		expect([echoed.status, echoed.json.version]).toEqual([200, 1]);
		const changed = body([attribute('other', '_id')]);
		expect((await call('PUT', `/${id}`, { body: changed })).json.version).toBe(2);
		const sources = await Promise.all(
			['', '?version=0', '?version=1', '?version=2'].map(
				async (search) => (await call('GET', `/${id}${search}`)).json.mappings[0].source,
			),
		);
		expect(sources).toEqual(['other', 'id', 'id', 'other']);
		expect((await call('GET', `/${id}?version=3`)).status).toBe(404);
		expect((await call('PUT', `/${id}`, { body: body([]) })).status).toBe(400);
	});

	it('is deleted, and is gone', async () => {
		const id = await make();
		expect((await call('DELETE', `/${id}`)).status).toBe(204);
		const again = await call('GET', `/${id}`);
		expect([again.status, again.json.title]).toEqual([404, 'NotFoundError']);
		expect((await call('DELETE', `/${id}`)).status).toBe(404);
	});

	it('is seen in its sandbox and organization only', async () => {
		const id = await make();
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await call('GET', `/${id}`, { headers })).status).toBe(404);
		expect((await call('GET', '', { headers })).json.data).toEqual([]);
		const client = wire.emulator.addClient({ orgId: 'AAAABBBBCCCCDDDDEEEEFFFF@AdobeOrg' });
		expect((await call('GET', `/${id}`, { client })).status).toBe(404);
	});
});

describe('the list', () => {
	const names = (answer: Answer): string[] => answer.json.data.map(({ name }: any) => name);

	it.each<[string, string, string[]]>([
		['in order of creation', 'limit=10&start=0', ['delta', 'alpha', 'charlie']],
		['a limited number', 'limit=2&start=0', ['delta', 'alpha']],
		['those behind a number', 'limit=2&start=2', ['charlie']],
		['none behind the last', 'limit=2&start=3', []],
		['the one of a name', 'limit=10&start=0&name=alpha', ['alpha']],
		['the newest first', 'limit=10&start=0&orderBy=-createdDate', ['charlie', 'alpha', 'delta']],
		['the oldest first', 'limit=10&start=0&orderBy=%2BcreatedDate', ['delta', 'alpha', 'charlie']],
		['the last changed first', 'limit=1&start=0&orderBy=-updatedDate', ['delta']],
	])('shows %s', async (_case, search, expected) => {
		const [delta] = [await make({ name: 'delta' }), await make({ name: 'alpha' })];
		await make({ name: 'charlie' });
		await new Promise((resolve) => setTimeout(resolve, 2));
		await call('PUT', `/${delta}`, { body: body(undefined, { name: 'delta' }) });
		expect(names(await call('GET', `?${search}`))).toEqual(expected);
	});

	it('says how to go on', async () => {
		for (let n = 0; n < 12; n++) await make({ name: `n${n}` });
		const first = (await call('GET')).json;
		expect([first.data.length, first._page]).toEqual([10, { count: 10, limit: 10 }]);
		const second = (await wire.call('GET', first._links.next.href)).json;
		expect(second.data.map(({ name }: any) => name)).toEqual(['n10', 'n11']);
		expect(second._links.next).toBeUndefined();
	});

	it.each(['limit=0', 'limit=x', 'limit=1&start=-1', 'limit=1&start=0&orderBy=name'])(
		'is refused with %s',
		async (search) => {
			expect((await call('GET', `?${search}`)).status).toBe(400);
		},
	);
});

describe('validation', () => {
	const validate = async (mappings: unknown, over?: object) =>
		await call('POST', '/validate', { body: body(mappings, over) });

	it('says of every mapping that it is right', async () => {
		const answer = await validate([
			attribute('id', '_id'),
			expression('concat(first, " ", last)', 'person.name.fullName'),
		]);
		expect([answer.status, answer.json]).toEqual([
			200,
			{
				validationResponse: [
					{ status: 'SUCCESS', errors: null },
					{ status: 'SUCCESS', errors: null },
				],
			},
		]);
		expect(wire.emulator.mappingSets()).toEqual([]);
	});

	it('says of each what is wrong with it', async () => {
		const verdicts = verdictsOf(await validate([attribute('a', '_id'), attribute('b', 'no.such')]));
		expect(verdicts).toEqual([
			{ status: 'SUCCESS', errors: null },
			{
				status: 'FAILED',
				errors: [
					{
						sourceType: 'ATTRIBUTE',
						source: 'b',
						destination: 'no.such',
						exception: 'The field no.such does not exist in the schema',
					},
				],
			},
		]);
	});

	it.each<[string, object]>([
		['a column for any field', attribute('a', '_emulator.total')],
		['a whole number for a number', expression('1 + 2', '_emulator.total')],
		['a text for a number', expression('concat(a, b)', '_emulator.total')],
		['a text for a time', expression('trim(a)', '_emulator.updatedAt')],
		['a time for a day', expression('date(a)', '_emulator.day')],
		['a boolean for a text', expression('a > 1', '_id')],
		['what only the row decides', expression('iif(a, 1, "x")', '_emulator.orderId')],
		['a list for a list', expression('["a", "b"]', '_emulator.tags')],
		['a fixed number', fixed('12', '_emulator.orderId')],
		['a fixed time', fixed('2025-03-01T00:00:00Z', '_emulator.updatedAt')],
		['an empty fixed text', fixed('', '_id')],
	])('takes %s', async (_case, mapping) => {
		expect(verdictsOf(await validate([mapping]))).toEqual([{ status: 'SUCCESS', errors: null }]);
	});

	it.each<[string, object, string]>([
		['a field that is not there', attribute('a', 'person.name.none'), 'does not exist'],
		['a field below a leaf', attribute('a', '_id.x'), 'does not exist'],
		['what every object has', attribute('a', 'constructor'), 'does not exist'],
		['__proto__', attribute('a', '__proto__'), 'does not exist'],
		['a number for an object', expression('1', 'person'), 'integer cannot be converted to object'],
		['a boolean for a number', expression('a > 1', '_emulator.total'), 'boolean cannot be'],
		['a fraction for an integer', expression('1.5', '_emulator.orderId'), 'number cannot be'],
		['a time for a number', expression('now()', '_emulator.total'), 'date-time cannot be'],
		['a number for a time', expression('1', '_emulator.updatedAt'), 'integer cannot be'],
		['a text for a list', expression('"a"', '_emulator.tags'), 'string cannot be'],
		[
			'a fixed text for a number',
			fixed('x', '_emulator.total'),
			'value cannot be converted to number',
		],
		['a fixed text for a time', fixed('soon', '_emulator.updatedAt'), 'cannot be converted'],
		['an unknown function', expression('colour(a)', '_id'), 'Unknown function colour'],
		['an expression that cannot be read', expression('a +', '_id'), 'Expected expression'],
	])('refuses %s', async (_case, mapping, text) => {
		const [verdict] = verdictsOf(await validate([mapping])) as any[];
		expect(verdict.status).toBe('FAILED');
		expect(verdict.errors[0].exception).toContain(text);
	});

	it('refuses two mappings for one field', async () => {
		const verdicts = verdictsOf(await validate([attribute('a', '_id'), attribute('b', '_id')]));
		expect(verdicts).toMatchObject([{ status: 'SUCCESS' }, { status: 'FAILED' }]);
	});

	it('checks the columns where it knows the source', async () => {
		const inputSchema = {
			jsonSchema: {
				type: 'object',
				properties: {
					a: { type: 'boolean' },
					'Order Id': { type: 'integer' },
					at: { type: 'string', format: 'date-time' },
				},
			},
		};
		const answer = await validate(
			[
				attribute('Order Id', '_emulator.orderId'),
				attribute('at', '_emulator.updatedAt'),
				attribute('colour', '_id'),
				attribute('a', '_emulator.total'),
				expression('${Order Id} * 2', '_emulator.orderId2'),
				expression('upper(colour)', 'person.name.fullName'),
			],
			{ inputSchema },
		);
		const said = (verdictsOf(answer) as any[]).map(({ errors }) =>
			errors?.map(({ exception }: any) => exception),
		);
		expect(said).toEqual([
			undefined,
			undefined,
			['The source has no field colour'],
			['The type boolean cannot be converted to number of _emulator.total'],
			['The field _emulator.orderId2 does not exist in the schema'],
			['The source has no field colour'],
		]);
	});

	it('is refused itself for what is no mapping set', async () => {
		expect((await validate([])).status).toBe(400);
		const unknown = { outputSchema: { schemaRef: { id: 'https://no', contentType: FULL } } };
		expect((await validate(undefined, unknown)).status).toBe(400);
	});
});

describe('a preview', () => {
	const preview = async (data: unknown, mappings: unknown) =>
		await call('POST', '/preview', { body: { data, mappingSet: body(mappings) } });

	it('shows one row mapped, with the types of the schema', async () => {
		const answer = await preview({ id: 1234, name: 'Jim', at: '2025-03-01 08:00:00' }, [
			attribute('id', '_id'),
			attribute('at', '_emulator.updatedAt'),
			expression('upper(name)', 'person.name.fullName'),
		]);
		expect([answer.status, answer.json]).toEqual([
			200,
			{
				data: {
					_id: '1234',
					_emulator: { updatedAt: '2025-03-01T08:00:00Z' },
					person: { name: { fullName: 'JIM' } },
				},
				errors: [],
			},
		]);
	});

	it('shows several rows, and what went wrong', async () => {
		const answer = await preview([{ n: '1' }, { n: 'x' }], [attribute('n', '_emulator.orderId')]);
		expect(answer.json.data).toEqual([{ _emulator: { orderId: 1 } }, {}]);
		expect(answer.json.errors).toEqual([
			{
				source: 'n',
				sourceType: 'ATTRIBUTE',
				columnName: 'n',
				destination: '_emulator.orderId',
				exception: expect.stringContaining('no integer'),
			},
		]);
	});

	it.each<[string, unknown, unknown]>([
		['a row that is none', 5, [attribute('n', '_id')]],
		['an expression that cannot be read', { n: 1 }, [expression('n +', '_id')]],
		['no mappings', { n: 1 }, []],
	])('is refused with %s', async (_case, data, mappings) => {
		expect((await preview(data, mappings)).status).toBe(400);
	});
});

describe('access', () => {
	it('needs the sandbox to be named', async () => {
		const answer = await call('GET', '', { headers: { 'x-sandbox-name': null } });
		expect([answer.status, answer.json.detail]).toEqual([
			400,
			'The header x-sandbox-name is missing.',
		]);
	});

	it.each([
		['GET', '', 'View Sources', 'write'],
		['POST', '/validate', 'View Sources', 'write'],
		['POST', '', 'Manage Sources', 'read'],
		['DELETE', '/none', 'Manage Sources', 'read'],
	] as const)('by %s %s needs the permission %s', async (method, path, text, permission) => {
		const client = wire.emulator.addClient({ permissions: [permission] });
		const sends = method === 'POST' ? { body: body() } : {};
		const answer = await call(method, path, { client, ...sends });
		expect([answer.status, answer.json.title]).toEqual([403, 'ForbiddenError']);
		expect(answer.json.detail).toContain(text);
	});

	it('is counted by pattern, and struck by faults', async () => {
		const id = await make();
		const path = `${SETS}/{id}`;
		wire.emulator.addFault({ path, kind: 'status', status: 429 });
		expect((await call('GET', `/${id}`)).status).toBe(429);
		expect((await call('GET', `/${id}`)).status).toBe(200);
		await call('POST', '/validate', { body: body() });
		const { requests } = wire.emulator.stats();
		expect([requests[`GET ${path}`], requests[`POST ${SETS}/validate`]]).toEqual([2, 1]);
	});
});

it.each([
	['/data/foundation/conversion/mappingSets', undefined, 'You do not have sufficient permissions.'],
	['/data/foundation/catalog/dataSets', undefined, 'You do not have sufficient permissions.'],
	[
		'/data/foundation/schemaregistry/stats',
		'http://ns.adobe.com/aep/errors/XDM-0000-403',
		'You do not have sufficient permissions.',
	],
])('a fault at %s is told in the words of its service', async (path, type, detail) => {
	wire.emulator.addFault({ kind: 'status', status: 403 });
	const { status, json } = await wire.call('GET', path);
	expect([status, json.type, json.detail]).toEqual([403, type, detail]);
});
