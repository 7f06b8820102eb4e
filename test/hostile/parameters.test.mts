import fc from 'fast-check';
import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';

import { parametersOf } from '../support/operations.mts';
import type { Answer, Sent } from './adobeDouble.mts';
import { AdobeDouble, CLIENT_ID, ORGANIZATION, TOKEN } from './adobeDouble.mts';
import { hostileJson, hostileText } from './arbitraries.mts';
import { expectCleanPrototypes, expectGoodEnd, outcomeOf } from './outcome.mts';
import { ROWS } from './rows.mts';
import { runs } from './runs.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const CONNECTIONS = '/data/foundation/flowservice/connections';

/** Every header that a request of ours may have. */
const HEADERS = new Set([
	'accept',
	'accept-encoding',
	'authorization',
	'connection',
	'content-length',
	'content-type',
	'host',
	'if-match',
	'user-agent',
	'x-api-key',
	'x-gw-ims-org-id',
	'x-sandbox-name',
]);

const PATH =
	/^\/data\/foundation\/(flowservice|conversion|catalog|schemaregistry)\/(connections|connectionSpecs|sourceConnections|targetConnections|flowSpecs|flows|runs|mappingSets|dataSets|tenant|global|stats)(\/[\w.%-]{1,200}){0,3}$/;

const QUERY = new Set([
	'property',
	'limit',
	'orderby',
	'continuationToken',
	'objectType',
	'object',
	'preview',
	// Of Catalog and Schema Registry.
	'name',
	'start',
	'orderBy',
	'schemas',
	'properties',
	'op',
]);

/** One answer that every operation can go on with. */
const obliging = (): Answer => {
	const connection = {
		id: ID,
		etag: '"1"',
		name: 'Sales',
		state: 'enabled',
		auth: { specName: '' },
	};
	return {
		status: 200,
		body: { ...connection, items: [connection], schema: { columns: [] }, data: [], test: true },
	};
};

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
	double.answer = obliging;
});
afterAll(async () => {
	await double.close();
});
beforeEach(() => double.forget());

/** To the one host, by a known path, with known names of headers and queries and nothing more. */
function expectNothingInjected(sent: Sent): void {
	expect(sent.headers.host).toStrictEqual([double.adobe.host]);
	for (const [name, values] of Object.entries(sent.headers)) {
		expect(HEADERS).toContain(name);
		expect(values).toHaveLength(1);
	}
	expect(sent.headers.authorization).toStrictEqual([`Bearer ${TOKEN}`]);
	expect(sent.headers['x-api-key']).toStrictEqual([CLIENT_ID]);
	expect(sent.headers['x-gw-ims-org-id']).toStrictEqual([ORGANIZATION]);
	expect(sent.headers['x-sandbox-name']?.[0]).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
	expect(sent.target.startsWith('/')).toBe(true);
	const url = new URL(sent.target, double.adobe.origin);
	expect(url.pathname).toMatch(PATH);
	expect(url.pathname).not.toMatch(/\.\.|%2e/i);
	expect(url.hash).toBe('');
	for (const name of url.searchParams.keys()) expect(QUERY).toContain(name);
}

async function expectHarmless(
	parameters: INodeParameters,
	json: IDataObject,
	nodeType?: INodeType,
): Promise<void> {
	double.forget();
	expectGoodEnd(await outcomeOf(double, parameters, json, nodeType));
	double.platformRequests.forEach(expectNothingInjected);
	expect(double.stranger.sent).toHaveLength(0);
	expectCleanPrototypes();
}

const expression = (name: string) => `={{ $json[${JSON.stringify(name)}] }}`;

/** All that can be set by expression and that the rows of the operations do not set themselves. */
const FURTHER: INodeParameters = {
	returnAll: expression('returnAll'),
	simplify: expression('simplify'),
	filters: {
		name: expression('filterName'),
		state: expression('state'),
		connectionSpecId: expression('connectionSpecId'),
	},
};

const DETAILS: INodeParameters = {
	cloud: 'azure',
	databaseDetails: 'parameters',
	replaceDatabaseDetails: true,
	connectionString: expression('connectionString'),
	server: expression('server'),
	port: expression('port'),
	database: expression('database'),
	username: expression('username'),
	password: expression('password'),
	sslMode: expression('sslMode'),
	additionalFields: { description: expression('description') },
};

const OPTIONS: INodeParameters = {
	sandboxName: expression('sandbox'),
	timeout: 2,
	sort: expression('sort'),
};

/** What is sound where nothing hostile stands. */
const SOUND: IDataObject = {
	id: ID,
	sandbox: 'prod',
	name: 'New',
	limit: 5,
	returnAll: false,
	simplify: true,
	filterName: 'Sales',
	state: 'enabled',
	connectionSpecId: '26d738e0-8963-47ea-aadf-c60de735468a',
	sort: 'name',
	table: 'public.orders',
	connectionString: 'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=x1y2z3w4',
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: 'x1y2z3w4',
	sslMode: 'Prefer',
	description: 'Sales',
	runId: ID,
	connectionId: ID,
	dataset: '6019e0e7c5dcf718db5ebc71',
	datasetName: 'New',
	schedule: 'day',
	interval: 1,
	startTime: '',
	backfill: true,
	deltaColumn: 'updated_at',
	mappings: '[{"source":"id","destination":"_t.id"}]',
	windowStart: '2026-01-01T00:00:00Z',
	windowEnd: '2026-01-02T00:00:00Z',
	status: 'failed',
};

/** What the Dataflow node has beside it. */
const DATAFLOW: INodeParameters = {
	...Object.fromEntries(
		['datasetName', 'schedule', 'interval', 'startTime', 'backfill', 'deltaColumn'].map((name) => [
			name,
			expression(name),
		]),
	),
	mapping: 'json',
	mappings: expression('mappings'),
	windowStart: expression('windowStart'),
	windowEnd: expression('windowEnd'),
	filters: {
		name: expression('filterName'),
		state: expression('state'),
		status: expression('status'),
		connectionId: expression('connectionId'),
		startedAfter: expression('windowStart'),
		startedBefore: expression('windowEnd'),
	},
	additionalFields: { description: expression('description') },
};

describe.each(ROWS)('$title', (row) => {
	const base: INodeParameters = {
		...FURTHER,
		...parametersOf(row),
		...(row.resource === 'connection' ? DETAILS : {}),
		...(['dataflow', 'run'].includes(row.resource) ? DATAFLOW : {}),
		...('table' in row.parameters
			? { table: { __rl: true, mode: 'name', value: expression('table') } }
			: {}),
		options: OPTIONS,
	};
	const names = fc.subarray(Object.keys(SOUND), { minLength: 1, maxLength: 4 });

	it('is led nowhere else by any text in any parameter', async () => {
		await fc.assert(
			fc.asyncProperty(
				names,
				fc.array(hostileText, { minLength: 4, maxLength: 4 }),
				async (hit, texts) => {
					const hostile = Object.fromEntries(hit.map((name, at) => [name, texts[at]]));
					const authMode = 'server' in hostile ? 'basic' : 'connectionString';
					await expectHarmless(
						{ ...base, authMode },
						{ ...SOUND, ...hostile } as IDataObject,
						row.nodeType,
					);
				},
			),
			runs(8),
		);
	});

	it('takes any JSON for any parameter without losing its words', async () => {
		await fc.assert(
			fc.asyncProperty(names, hostileJson, async (hit, value) => {
				const hostile = Object.fromEntries(hit.map((name) => [name, value]));
				const authMode = 'server' in hostile ? 'basic' : 'connectionString';
				await expectHarmless(
					{ ...base, authMode },
					{ ...SOUND, ...hostile } as IDataObject,
					row.nodeType,
				);
			}),
			runs(8),
		);
	});
});

describe('Connection', () => {
	it.each(['list', 'url', 'id'])(
		'given by mode %s leads to an ID or to a refusal, whatever stands in it',
		async (mode) => {
			const hostileUrl = fc.oneof(
				hostileText,
				fc.webUrl({ withQueryParameters: true, withFragments: true }),
				fc.tuple(hostileText, hostileText).map(([before, after]) => `${before}${ID}${after}`),
				fc
					.tuple(fc.webUrl({ withQueryParameters: true }), hostileText)
					.map(([url, more]) => `${url}/${ID}${more}`),
				fc.constant(`${double.stranger.origin}/${ID}`),
				fc.constant(`https://${double.stranger.host}/${ID}`),
			);
			await fc.assert(
				fc.asyncProperty(hostileUrl, async (value) => {
					const parameters = {
						resource: 'connection',
						operation: 'get',
						connectionId: { __rl: true, mode, value: expression('value') },
						options: { timeout: 2 },
					};
					await expectHarmless(parameters, { value });
					if (mode !== 'url') return;
					for (const { target } of double.platformRequests) {
						expect(target.toLowerCase()).toBe(`${CONNECTIONS}/${target.slice(-36).toLowerCase()}`);
						expect(value).toContain(target.slice(-36));
					}
				}),
				runs(100),
			);
		},
	);
});

describe('A new connection', () => {
	it('has in its body what was given and nothing beside it', async () => {
		await fc.assert(
			fc.asyncProperty(
				hostileText,
				hostileText,
				hostileText,
				async (name, description, password) => {
					double.forget();
					const parameters = {
						resource: 'connection',
						operation: 'create',
						name: expression('name'),
						...DETAILS,
						authMode: 'basic',
						options: { timeout: 2 },
					};
					const outcome = await outcomeOf(double, parameters, {
						...SOUND,
						name,
						description,
						password,
					});
					expectGoodEnd(outcome);
					const created = double.platformRequests.find(({ method }) => method === 'POST');
					if (created === undefined) return;
					expect(JSON.parse(created.body)).toStrictEqual({
						name: name.trim(),
						...(description.trim() === '' ? {} : { description: description.trim() }),
						auth: {
							specName: 'Basic Authentication',
							params: {
								server: SOUND.server,
								port: '5432',
								database: SOUND.database,
								username: SOUND.username,
								password,
								sslMode: SOUND.sslMode,
							},
						},
						connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' },
					});
				},
			),
			runs(100),
		);
	});
});
