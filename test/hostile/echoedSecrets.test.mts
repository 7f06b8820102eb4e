import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { startAdobe } from '../support/adobe.mts';
import { runConnectionNode, wholeTextOf, wireConnectionNode } from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { Poller } from '../support/poll.mts';
import { EchoingAdobe } from './echoingAdobe.mts';

/** With characters that every encoding writes in its own way. */
const CLIENT_SECRET = 'p8e-k9=Q&x/7"Zt+canary';

/** Of a database, which the execution never sees: it is told by what stands around it. */
const PASSWORD = 'Zk9-canary-Qx7w';

type Encoding = (text: string) => string;

const json: Encoding = (text) => JSON.stringify(text).slice(1, -1);
const html: Encoding = (text) =>
	text.replace(/[&<>"'=/]/g, (character) => `&#${character.charCodeAt(0)};`);
const unicode: Encoding = (text) =>
	text.replace(/[^A-Za-z0-9 -]/g, (character) => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});

const ENCODINGS: Array<[name: string, encode: Encoding]> = [
	['as it is', (text) => text],
	['in upper case', (text) => text.toUpperCase()],
	['in JSON', json],
	['in JSON within JSON', (text) => json(json(text))],
	['in JSON, three times nested', (text) => json(json(json(text)))],
	['with \\u003d', unicode],
	['in a URL', encodeURIComponent],
	['in HTML', html],
	['with &amp; alone', (text) => text.replaceAll('&', '&amp;')],
	['in HTML within JSON', (text) => json(html(text))],
	['in base64', (text) => Buffer.from(text).toString('base64')],
	['behind more text than is shown', (text) => `${'x '.repeat(9_990)}${text}`],
];

/** How a password is given away that nobody here knows. */
const UNSEEN: Array<[name: string, say: string]> = [
	[
		'connection string',
		`Server=db.example.com;Database=sales;UID=aep;Password=${PASSWORD};Port=5432`,
	],
	['JSON of details', JSON.stringify({ server: 'db.example.com', password: PASSWORD })],
	['URL', `postgres://aep:${PASSWORD}@db.example.com/sales`],
];

interface Leak {
	title: string;
	echo: (token: string) => string;
	/** What must not be shown. */
	secrets: (token: string) => string[];
}

/** The encoded form of a secret is no better than the secret. */
const LEAKS: Leak[] = ENCODINGS.flatMap(([name, encode]): Leak[] => [
	{
		title: `the client secret ${name}`,
		echo: () => `refused: ${encode(CLIENT_SECRET)} !`,
		secrets: () => [CLIENT_SECRET, encode(CLIENT_SECRET).trim().slice(-CLIENT_SECRET.length)],
	},
	{
		title: `the token ${name}`,
		echo: (token) => `refused: ${encode(`Bearer ${token}`)} !`,
		secrets: (token) => [token, encode(token)],
	},
	...UNSEEN.filter(() => name !== 'in upper case').map(
		([what, text]): Leak => ({
			title: `a password in a ${what} ${name}`,
			echo: () => `failed with ${encode(text)}`,
			secrets: () => [PASSWORD, encode(text).trim().slice(-5_000)],
		}),
	),
]);

let adobe: Emulator;
let echoing: EchoingAdobe;
let ims: IDataObject;
let connectionId = '';
let flowId = '';
let runId = '';
let dataset = '';

beforeAll(async () => {
	adobe = await startAdobe({ runForm: 'newer' });
	echoing = new EchoingAdobe(adobe);
	await echoing.open();
	const { clientId } = adobe.addClient({ clientSecret: CLIENT_SECRET });
	ims = { clientId, clientSecret: CLIENT_SECRET, platformUrl: echoing.platformUrl };
	const setup = { ims: ims as Record<string, string> };
	const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' }, setup);
	connectionId = String(made?.json.connectionId);
	dataset = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
	const [flow] = await runDataflowNode(
		adobe,
		{ operation: 'create', name: 'Orders', connectionId, table: 'public.orders', dataset },
		setup,
	);
	flowId = String(flow?.json.flowId);
	const windowEnd = Date.now();
	runId = adobe.seedRun({
		flowId,
		status: 'failed',
		errors: [{ code: 'CONNECTOR-2001-500', message: 'The database said no', recordCount: 2 }],
		errorDetail: 'The database said no',
		windowStart: windowEnd - 3_600_000,
		windowEnd,
	}).id;
});

afterAll(async () => {
	await echoing.close();
	await adobe.close();
});

/** Everything that a user sees, whether it ends well or not. */
type Look = () => Promise<unknown>;

const node =
	(
		run: typeof runConnectionNode | typeof runDataflowNode,
		parameters: () => INodeParameters,
	): Look =>
	async () =>
		await run(adobe, parameters(), { ims: ims as Record<string, string> });

const connection = (parameters: () => INodeParameters) => node(runConnectionNode, parameters);
const dataflow = (parameters: () => INodeParameters) => node(runDataflowNode, parameters);

const list =
	(
		nodeType: INodeType,
		wire: typeof wireConnectionNode | typeof wireDataflowNode,
		kind: 'listSearch' | 'loadOptions' | 'resourceMapping',
		method: string,
		parameters: () => INodeParameters = () => ({}),
	): Look =>
	async () => {
		const wired = wire(adobe, parameters(), { ims: ims as Record<string, string> });
		const search = nodeType.methods?.[kind]?.[method] as (this: unknown) => Promise<unknown>;
		return await search.call(editorContext(wired));
	};

const connectionList = (
	kind: 'listSearch' | 'loadOptions',
	method: string,
	parameters?: () => INodeParameters,
) => list(new AdobePostgreSqlConnection(), wireConnectionNode, kind, method, parameters);
const dataflowList = (
	kind: 'listSearch' | 'loadOptions' | 'resourceMapping',
	method: string,
	parameters?: () => INodeParameters,
) => list(new AdobePostgreSqlDataflow(), wireDataflowNode, kind, method, parameters);

const byId = (name: string, value: string) => ({ [name]: { __rl: true, mode: 'id', value } });
const table = () => ({
	...byId('connectionId', connectionId),
	table: { __rl: true, mode: 'name', value: 'public.orders' },
});

/** A trigger that was activated an hour ago. */
const polled =
	(simplify: boolean): Look =>
	async () => {
		const poller = new Poller(
			adobe,
			{ triggerOn: ['failed', 'started', 'rejectedRecords'], watch: 'all', simplify },
			ims as Record<string, string>,
		);
		const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
		await poller.poll().finally(() => now.mockRestore());
		const items = await poller.poll();
		return [items, poller.stored, poller.warnings];
	};

const LOOKS: Array<[title: string, look: Look]> = [
	...[true, false].flatMap((simplify): Array<[string, Look]> => {
		const how = simplify ? 'simplified' : 'whole';
		return [
			[
				`Connection: Get, ${how}`,
				connection(() => ({ operation: 'get', ...byId('connectionId', connectionId), simplify })),
			],
			[`Connection: Get Many, ${how}`, connection(() => ({ operation: 'getAll', simplify }))],
			[
				`Dataflow: Get, ${how}`,
				dataflow(() => ({ operation: 'get', ...byId('flowId', flowId), simplify })),
			],
			[`Dataflow: Get Many, ${how}`, dataflow(() => ({ operation: 'getAll', simplify }))],
			[
				`Run: Get, ${how}`,
				dataflow(() => ({ resource: 'run', operation: 'get', ...byId('runId', runId), simplify })),
			],
			[
				`Run: Get Many, ${how}`,
				dataflow(() => ({
					resource: 'run',
					operation: 'getAll',
					of: 'one',
					...byId('flowId', flowId),
					simplify,
				})),
			],
			[`The trigger, ${how}`, polled(simplify)],
		];
	}),
	[
		'Connection: Test',
		connection(() => ({ operation: 'test', ...byId('connectionId', connectionId) })),
	],
	[
		'Table: Get Many',
		connection(() => ({
			resource: 'table',
			operation: 'getAll',
			...byId('connectionId', connectionId),
		})),
	],
	[
		'Table: Get Columns',
		connection(() => ({ resource: 'table', operation: 'getColumns', ...table() })),
	],
	['the list of connections', connectionList('listSearch', 'searchConnections')],
	[
		'the list of tables',
		connectionList('listSearch', 'searchTables', () => ({
			resource: 'table',
			operation: 'preview',
			...table(),
		})),
	],
	['the list of sandboxes', connectionList('loadOptions', 'getSandboxes')],
	['the list of dataflows', dataflowList('listSearch', 'searchDataflows')],
	['the list of datasets', dataflowList('listSearch', 'searchDatasets')],
	[
		'the list of runs',
		dataflowList('listSearch', 'searchRuns', () => ({
			resource: 'run',
			operation: 'get',
			...byId('flowId', flowId),
		})),
	],
	[
		'the list of delta columns',
		dataflowList('loadOptions', 'getDeltaColumns', () => ({ operation: 'create', ...table() })),
	],
	[
		'the fields of a dataset',
		dataflowList('resourceMapping', 'getDatasetFields', () => ({
			operation: 'create',
			...table(),
			...byId('dataset', dataset),
		})),
	],
];

/** What the user sees, as one text. */
async function seen(look: Look): Promise<string> {
	try {
		return JSON.stringify(await look());
	} catch (error) {
		return wholeTextOf(error);
	}
}

function isShown(text: string, secret: string): boolean {
	const shown = text.toLowerCase();
	return [secret, json(secret)].some((form) => shown.includes(form.toLowerCase()));
}

describe('A secret that Adobe repeats in every text and every name', () => {
	it.each(LOOKS)('is not shown by %s', async (_title, look) => {
		echoing.echo = undefined;
		const fair = await seen(look);
		const shown: string[] = [];
		let different = 0;
		for (const { title, echo, secrets } of LEAKS) {
			let token = '';
			echoing.echo = (used) => echo((token = used));
			const text = await seen(look);
			if (token === '') throw new Error('Nothing was repeated');
			if (text !== fair) different++;
			if (secrets(token).some((secret) => isShown(text, secret))) shown.push(title);
		}
		expect(shown).toStrictEqual([]);
		// What Adobe repeats is seen, so that something had to be taken out of it.
		expect(different).toBe(LEAKS.length);
	});

	it('is taken out of the names of previewed columns, and the rows stay as they are', async () => {
		const look = connection(() => ({ resource: 'table', operation: 'preview', ...table() }));
		const shown: string[] = [];
		for (const { title, echo, secrets } of LEAKS) {
			let token = '';
			echoing.echo = (used) => echo((token = used));
			const items = (await look()) as Array<{ json: IDataObject }>;
			const names = JSON.stringify(items.flatMap(({ json: row }) => Object.keys(row)));
			expect(names).toContain('and ');
			if (secrets(token).some((secret) => isShown(names, secret))) shown.push(title);
		}
		expect(shown).toStrictEqual([]);
	});
});
