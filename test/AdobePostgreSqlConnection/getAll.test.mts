import type { INodeParameters } from 'n8n-workflow';

import { seedConnections, sharedAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';

const NO_SPEC_ID = "'Connection Spec ID' needs an ID, not a name";

describe('Get Many', () => {
	const adobe = sharedAdobe({ secretsInGet: 'clear' });

	beforeEach(() => adobe.reset());

	const getAll = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { operation: 'getAll', ...parameters }, setup);

	const make = async (names: string[], parameters: INodeParameters = {}) => {
		await runConnectionNode(
			adobe,
			{
				operation: 'create',
				verify: false,
				authMode: 'connectionString',
				name: '={{ $json.name }}',
				...parameters,
			},
			{},
			names.map((name) => ({ json: { name } })),
		);
		adobe.journal.length = 0;
	};

	const makeMany = async (count: number) => {
		const name = (index: number) => `Database ${String(index).padStart(4, '0')}`;
		await seedConnections(
			adobe,
			Array.from({ length: count }, (_, index) => name(index)),
		);
		adobe.journal.length = 0;
	};

	const namesOf = (items: Array<{ json: { name?: unknown } }>) =>
		items.map(({ json }) => json.name);

	it('puts out one simplified item for each connection, paired with its input', async () => {
		await make(['Sales'], { additionalFields: { description: 'For the CDP' } });
		expect(await getAll()).toStrictEqual([
			{
				json: {
					name: 'Sales',
					state: 'enabled',
					connectionId: adobe.connections()[0]?.id,
					cloud: 'azure',
					authMode: 'connectionString',
					sandboxName: 'prod',
					description: 'For the CDP',
					createdAt: expect.stringMatching(/Z$/),
					updatedAt: expect.stringMatching(/Z$/),
					etag: expect.stringMatching(/^".+"$/),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('puts out nothing where there is nothing', async () => {
		expect(await getAll()).toStrictEqual([]);
	});

	it('puts out Adobe’s whole answer with Simplify off, without secrets', async () => {
		await make(['Sales']);
		const items = await getAll({ simplify: false });
		expect(items[0]?.json).toHaveProperty('connectionSpec');
		expect(JSON.stringify(items)).not.toContain(adobe.postgres.password);
	});

	it('returns all of 2,500, each once', async () => {
		await makeMany(2_500);
		const items = await getAll({ returnAll: true });
		expect(items).toHaveLength(2_500);
		expect(new Set(items.map(({ json }) => json.connectionId)).size).toBe(2_500);
		expect(requestsBy(adobe, 'GET')).toHaveLength(25);
		// A limit on what hangs: a busy machine needs its time for so many.
	}, 300_000);

	it.each([
		['fewer than a page', 75, 1],
		['more than a page', 150, 2],
	])('stops at the limit and asks for no page too many: %s', async (_case, limit, pages) => {
		await makeMany(260);
		expect(await getAll({ limit })).toHaveLength(limit);
		expect(requestsBy(adobe, 'GET')).toHaveLength(pages);
	});

	it.each<[string, INodeParameters, string[]]>([
		['a name', { name: 'Sales' }, ['Sales']],
		['a name with a comma', { name: 'Sales, EU' }, ['Sales, EU']],
		['a name with quotes', { name: 'Sales "old"' }, ['Sales "old"']],
		['a name with marks of a query', { name: 'Sales & R+D = 100%?#' }, ['Sales & R+D = 100%?#']],
		['a part of a name, which is no name', { name: 'Sale' }, []],
		['a state', { state: 'disabled' }, []],
		['another connection spec', { connectionSpecId: '26d738e0-8963-47ea-aadf-c60de735468a' }, []],
		[
			'empty filters, which say nothing',
			{ name: '', state: '' },
			['EU', 'Sales', 'Sales "old"', 'Sales & R+D = 100%?#', 'Sales, EU'],
		],
	])('filters by %s', async (_case, filters, names) => {
		await make(['Sales', 'Sales, EU', 'Sales "old"', 'Sales & R+D = 100%?#', 'EU']);
		expect(namesOf(await getAll({ filters, options: { sort: 'name' } }))).toStrictEqual(names);
	});

	it.each([
		['name', ['A', 'B', 'C']],
		['-name', ['C', 'B', 'A']],
	])('sorts by %s', async (sort, names) => {
		await make(['B', 'A', 'C']);
		expect(namesOf(await getAll({ options: { sort } }))).toStrictEqual(names);
	});

	it('puts out the connections of the sandbox that the options name', async () => {
		await make(['Sales']);
		expect(await getAll({ options: { sandboxName: 'dev' } })).toStrictEqual([]);
	});

	it.each<[string, INodeParameters, NodeSetup, string]>([
		['a limit of nothing', { limit: 0 }, {}, "'Limit' is not a whole number from 1 on"],
		['a limit that is no number', { limit: '={{ "x" }}' }, {}, "'Limit' is not a whole number"],
		['an unknown sandbox', { options: { sandboxName: 'nowhere' } }, {}, "'nowhere' does not exist"],
		[
			'a filter by an expression that gives nothing',
			{ filters: { name: '={{ $json.nothing }}' } },
			{},
			"'Name' has no value",
		],
	])('says what is wrong with %s', async (_case, parameters, setup, message) => {
		const thrown = await thrownBy(async () => await getAll(parameters, setup));
		expect(thrown.message).toContain(message);
	});

	it.each<[string, INodeParameters, string]>([
		['two connection specs', { filters: { connectionSpecId: 'a,b' } }, NO_SPEC_ID],
		['the name of a connection spec', { filters: { connectionSpecId: 'My SQL' } }, NO_SPEC_ID],
		['a state that there is not', { filters: { state: '={{ "x" }}' } }, "'State' has a value"],
		['two states', { filters: { state: '={{ "enabled,disabled" }}' } }, "'State' has a value"],
		[
			'an order that there is not',
			{ options: { sort: '={{ "createdAt" }}' } },
			"'Sort' has a value",
		],
		['half an emoji', { filters: { name: 'Sales \ud83d' } }, "'Name' contains half an emoji"],
	])('sends nothing for %s', async (_case, parameters, message) => {
		adobe.journal.length = 0;
		const thrown = await thrownBy(async () => await getAll(parameters));
		expect(thrown.message).toContain(message);
		expect(adobe.journal).toHaveLength(0);
	});

	it('gives an error item on Continue, and not an empty list', async () => {
		adobe.addFault({ method: 'GET', path: '/data/*', kind: 'status', status: 403, times: 9 });
		const items = await getAll({}, { onError: 'continueRegularOutput' });
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ error: expect.stringContaining('not allowed') });
	});

	it('gives nothing of a list that could not be read to its end', async () => {
		await makeMany(150);
		adobe.addFault({ method: 'GET', path: '/data/*', kind: 'status', status: 400, skip: 1 });
		const thrown = await thrownBy(async () => await getAll({ returnAll: true }));
		expect(thrown.message).toContain('Adobe refused the request "Get many connections"');
	});
});
