import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { sharedAdobe, withAdobe } from '../support/adobe.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
import type { SceneFlow } from './healthScene.mts';
import { DAY, HOUR, MINUTE, runsOf, seedFlows } from './healthScene.mts';

const LOGIN_FAILED = {
	status: 'failed' as const,
	errorDetail: "ErrorCode=UserErrorOdbc,'Type=X,Message=Login failed,Source=Odbc'",
};
const DAILY = { frequency: 'day' as const, interval: 1 };

/** One of each kind. */
const SCENE: SceneFlow[] = [
	{ name: 'Orders', every: DAILY, runs: runsOf(5, DAY, { outputRecordCount: 5_000 }) },
	{
		name: 'Customers',
		every: { frequency: 'minute', interval: 15 },
		runs: [
			...runsOf(7, 15 * MINUTE, LOGIN_FAILED),
			...runsOf(2, HOUR, { outputRecordCount: 90 }, 3 * HOUR),
		],
	},
	{
		name: 'Payments',
		every: { frequency: 'minute', interval: 15 },
		runs: [
			...runsOf(6, 15 * MINUTE, LOGIN_FAILED),
			...runsOf(2, HOUR, { outputRecordCount: 70 }, 3 * HOUR),
		],
	},
	{
		name: 'Invoices',
		every: DAILY,
		runs: runsOf(3, DAY, { outputRecordCount: 4_988, failedRecordCount: 12 }),
	},
	{ name: 'Stock', every: DAILY, runs: runsOf(3, DAY, { outputRecordCount: 10 }, 5 * DAY) },
	{ name: 'New', every: { frequency: 'week', interval: 1 }, startedAgo: -DAY },
	{ name: 'Old', state: 'disabled', runs: runsOf(1, DAY, { status: 'failed' }, 40 * DAY) },
];

const requestsOf = (journal: ReadonlyArray<{ path: string }>) =>
	journal.map(({ path }) => path).filter((path) => !path.startsWith('/ims/'));

describe('Get Health', () => {
	const adobe = sharedAdobe();
	beforeEach(() => adobe.reset());

	const getHealth = async (parameters: INodeParameters = {}): Promise<INodeExecutionData[]> =>
		await runDataflowNode(adobe, { operation: 'getHealth', ...parameters });
	const jsonOf = (items: INodeExecutionData[]): IDataObject[] => items.map(({ json }) => json);

	it('returns one item per dataflow, which says how it is', async () => {
		const flows = await seedFlows(adobe, SCENE);
		const items = jsonOf(await getHealth());
		expect(items.map(({ name, health }) => [name, health])).toStrictEqual([
			['Orders', 'healthy'],
			['Customers', 'failing'],
			['Payments', 'failing'],
			['Invoices', 'rejecting'],
			['Stock', 'stale'],
			['New', 'neverRan'],
			['Old', 'disabled'],
		]);
		const [orders, customers, , invoices] = items;
		const dataSet = adobe.targetConnections()[0]?.params.dataSetId;
		expect(orders).toMatchObject({
			summary: '5,000 records written. 5 runs in a row succeeded.',
			table: 'public.orders',
			state: 'enabled',
			schedule: expect.stringMatching(/^every day from /),
			lastRun: 'success',
			recordsWritten: 5_000,
			recordsRejected: 0,
			successesInARow: 5,
			since: expect.any(String),
			rejectedPercent: 0,
			runsPerDay: 1,
			flowId: flows[0]?.id,
			connectionId: adobe.connections()[0]?.id,
			datasetId: dataSet,
			sandboxName: 'prod',
		});
		expect(customers).toMatchObject({
			failuresInARow: 7,
			runsPerDay: 96,
			suspectCredential: true,
		});
		expect(customers).not.toHaveProperty('atLeast');
		const since = Date.parse(String(customers?.since));
		expect(Date.parse(String(customers?.adobeDisablesBy))).toBe(since + 30 * DAY);
		expect(invoices).toMatchObject({ rejectedPercent: 0.24 });
	});

	it('has the members of its schema in that order, and leaves out what it does not know', async () => {
		await seedFlows(adobe, SCENE);
		const schema = schemaOf('AdobePostgreSqlDataflow', 'dataflow', 'getHealth');
		const { properties = {} } = schema;
		const items = jsonOf(await getHealth({ report: true }));
		for (const item of items.slice(0, -1)) expectOutput(item, schema);
		const [report] = items.slice(-1);
		const names = Object.keys(report ?? {});
		expect(names.filter((name) => !(name in properties))).toStrictEqual([]);
		const seen = new Set(items.flatMap((item) => Object.keys(item)));
		// Few runs were read to their end, and there are links to production only.
		expect(Object.keys(properties).filter((name) => !seen.has(name))).toStrictEqual([
			'atLeast',
			'sinceOrEarlier',
			'url',
		]);
	});

	it.each<[string, INodeParameters, string[]]>([
		['by name', { filters: { name: 'Stock' } }, ['Stock']],
		['by state', { filters: { state: 'disabled' } }, ['Old']],
		['by connection', { filters: { connectionId: '2c15b1c5-73bf-47ab-9098-0467fcd854d9' } }, []],
	])('looks only at those that fit: %s', async (_what, parameters, names) => {
		await seedFlows(adobe, SCENE);
		const items = jsonOf(await getHealth(parameters));
		expect(items.map(({ name }) => name)).toStrictEqual(names);
	});

	const QUARTERLY = { frequency: 'minute' as const, interval: 15 };
	const runRequests = () => requestsOf(adobe.journal).filter((path) => path.includes('/runs'));

	it('knows since when one fails that failed more often than it reads, and says "at least"', async () => {
		const failures = runsOf(700, 15 * MINUTE, { status: 'failed' });
		const success = { ago: 8 * DAY, outputRecordCount: 1 };
		await seedFlows(adobe, [{ name: 'Orders', every: QUARTERLY, runs: [...failures, success] }]);
		const first = adobe.runs().filter(({ state }) => state === 'failed')[0]?.createdAt ?? 0;
		const [item] = jsonOf(await getHealth());
		expect(item).toMatchObject({
			failuresInARow: 399,
			atLeast: true,
			since: new Date(first).toISOString(),
			adobeDisablesBy: new Date(first + 30 * DAY).toISOString(),
		});
		expect(item).not.toHaveProperty('sinceOrEarlier');
		expect(item?.summary).toMatch(/^At least 399 runs in a row failed, since [-\d]+ [:\d]+ UTC\. /);
		expect(runRequests()).toHaveLength(6);
	});

	it('knows since when one fails that has never succeeded', async () => {
		const runs = runsOf(500, 15 * MINUTE, { status: 'failed' });
		await seedFlows(adobe, [{ name: 'Orders', every: QUARTERLY, runs }]);
		const [item] = jsonOf(await getHealth());
		const first = adobe.runs()[0]?.createdAt ?? 0;
		expect(item?.since).toBe(new Date(first).toISOString());
	});

	it('says what it knows of many that fail for long, without more requests', async () => {
		const runs = [
			...runsOf(60, 15 * MINUTE, { status: 'failed' }),
			{ ago: DAY, outputRecordCount: 1 },
		];
		await seedFlows(
			adobe,
			Array.from({ length: 40 }, (_flow, place) => ({
				name: `Dataflow ${place}`,
				every: QUARTERLY,
				runs,
			})),
		);
		const items = jsonOf(await getHealth());
		expect(runRequests()).toHaveLength(15);
		const exact = items.filter(({ since }) => since !== undefined);
		expect(exact).toHaveLength(10);
		for (const item of items.filter((one) => !exact.includes(one))) {
			expect(item).toMatchObject({ atLeast: true, sinceOrEarlier: expect.any(String) });
			expect(item.summary).toMatch(/ UTC or longer\. .*The last success was at /);
		}
	});

	it('finds the last success of one that fails among many that run often', async () => {
		await seedFlows(adobe, [
			...Array.from({ length: 60 }, (_flow, place) => ({
				name: `Often ${place}`,
				every: { frequency: 'minute' as const, interval: 15 },
				runs: runsOf(10, 15 * MINUTE, { outputRecordCount: 1 }),
			})),
			{
				name: 'Rare',
				every: DAILY,
				runs: [
					...runsOf(4, DAY, { status: 'failed' }),
					...runsOf(1, DAY, { outputRecordCount: 1 }, 5 * DAY),
				],
			},
		]);
		const items = jsonOf(await getHealth());
		expect(items.at(-1)).toMatchObject({ failuresInARow: 4, since: expect.any(String) });
		expect(items.at(-1)).not.toHaveProperty('atLeast');
		expect(items[0]).toMatchObject({ recordsWritten: 1, atLeast: true });
	});

	it('goes by Adobe’s clock, and leaves out what depends on it where there is none', async () => {
		const stale: SceneFlow[] = [{ name: 'Orders', every: DAILY, runs: runsOf(1, DAY) }];
		const healthAt = async (options: { dateSkewMs?: number; dateHeader?: boolean }) => {
			let item: IDataObject = {};
			await withAdobe(options, async (own) => {
				await seedFlows(own, stale);
				item = (await runDataflowNode(own, { operation: 'getHealth' }))[0]?.json ?? {};
			});
			return item;
		};
		expect(await healthAt({ dateSkewMs: 5 * DAY })).toMatchObject({ health: 'stale' });
		const unknown = await healthAt({ dateHeader: false });
		expect(unknown).toMatchObject({ health: 'healthy', runsPerDay: 1 });
		expect(unknown).not.toHaveProperty('nextRunAt');
	});

	it.each([
		['with runs that are spread evenly', 0],
		['of which one fills all pages of the newest runs', 300],
	])(
		'reads a thousand dataflows with 45 requests at most, in less than 200 MB: %s',
		async (_what, noise) => {
			const failed = { status: 'failed' as const };
			const noisy = { every: QUARTERLY, runs: runsOf(noise, MINUTE, { outputRecordCount: 999 }) };
			await seedFlows(
				adobe,
				Array.from({ length: 1_000 }, (_flow, place) => ({
					name: `Dataflow ${place}`,
					every: DAILY,
					runs:
						place % 20 === 0
							? [...runsOf(3, DAY, failed), ...runsOf(1, DAY, {}, 4 * DAY)]
							: runsOf(4, DAY, { outputRecordCount: place }),
					...(place === 999 && noise > 0 ? noisy : {}),
				})),
			);
			const before = process.memoryUsage().rss;
			const items = jsonOf(await getHealth({ report: true }));
			// The emulator's share is in it, too.
			expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
			expect(items).toHaveLength(1_001);
			expect(requestsOf(adobe.journal).length).toBeLessThanOrEqual(45);
			const failing = items.filter(({ health }) => health === 'failing');
			expect(failing).toHaveLength(50);
			for (const item of failing) {
				expect(item).toMatchObject({ failuresInARow: 3, since: expect.any(String) });
				expect(item).not.toHaveProperty('atLeast');
			}
			// Of each one, whatever was in the pages, what its last run wrote.
			for (const [place, item] of items.slice(0, -1).entries()) {
				if (place % 20 !== 0) expect(item).toMatchObject({ recordsWritten: place });
			}
			expect(items.at(-1)).toMatchObject({
				summary: '50 of 1,000 dataflows need attention in the sandbox prod.',
				counts: { failing: 50, healthy: 950 },
			});
		},
		120_000,
	);
});

describe('The report of Get Health', () => {
	const adobe = sharedAdobe();
	beforeEach(() => adobe.reset());

	const report = async (): Promise<INodeExecutionData> => {
		const items = await runDataflowNode(adobe, { operation: 'getHealth', report: true });
		const last = items.at(-1);
		if (last === undefined) throw new Error('There is no report');
		return last;
	};
	const contentOf = (item: INodeExecutionData, field: string) =>
		Buffer.from(String(item.binary?.[field]?.data), 'base64').toString('utf8');

	it('is one more item with the same text in it and in its files', async () => {
		await seedFlows(adobe, SCENE);
		const item = await report();
		expect(item.json).toMatchObject({
			report: true,
			summary: '4 of 7 dataflows need attention in the sandbox prod.',
			needAttention: 4,
			dataflows: 7,
			counts: { failing: 2, stale: 1, rejecting: 1, neverRan: 1, disabled: 1, healthy: 1 },
		});
		expect(contentOf(item, 'html')).toBe(item.json.html);
		expect(contentOf(item, 'markdown')).toBe(item.json.markdown);
		expect(item.binary?.html).toMatchObject({
			fileName: 'dataflow-health.html',
			mimeType: 'text/html',
		});
		expect(item.binary?.markdown).toMatchObject({ fileName: 'dataflow-health.md' });
		expect(item.pairedItem).toStrictEqual({ item: 0 });
	});

	it('holds no secret whose signs it would escape', async () => {
		const clientSecret = 'p8e_a-_b*c&d_e<f>_g~h_0123456789';
		const { clientId } = adobe.addClient({ clientSecret });
		const name = `${clientSecret} Password=hunter_2*3;`;
		await seedFlows(adobe, [{ name, every: DAILY, runs: runsOf(1, DAY, { status: 'failed' }) }]);
		const setup = { ims: { clientId, clientSecret } };
		const items = await runDataflowNode(adobe, { operation: 'getHealth', report: true }, setup);
		const { html, markdown, slack } = items.at(-1)?.json ?? {};
		for (const text of [html, markdown, slack].map(String)) {
			expect(text.replaceAll('\\', '')).not.toMatch(/0123456789|hunter|2\*3/);
		}
	});

	it('is there also where there is no dataflow', async () => {
		const { json } = await report();
		expect(json).toMatchObject({
			summary: 'There is no PostgreSQL dataflow in the sandbox prod.',
			dataflows: 0,
			counts: {},
		});
	});

	it('escapes every name, and holds no secret, neither in its JSON nor in its files', async () => {
		const name = `<script>alert("1")</script> & ${adobe.clientSecret} [x](y) *z* Password=hunter2;`;
		await seedFlows(adobe, [{ name, every: DAILY, runs: runsOf(1, DAY, { status: 'failed' }) }]);
		const item = await report();
		const { html, markdown, slack } = item.json;
		for (const text of [
			html,
			markdown,
			slack,
			contentOf(item, 'html'),
			contentOf(item, 'markdown'),
		]) {
			expect(text).not.toContain('<script>');
			expect(text).not.toContain(adobe.clientSecret);
			expect(text).not.toContain('hunter2');
			expect(text).toContain('alert');
		}
		expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp;');
		expect(markdown).toContain('\\[x\\]\\(y\\) \\*z\\*');
		expect(slack).toContain('&lt;script&gt;alert("1")&lt;/script&gt; &amp;');
	});
});
