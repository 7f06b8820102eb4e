import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator, Fault } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { withAdobe } from '../support/adobe.mts';
import { toolOf } from '../support/agent.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { editorContext, outputOf, runWorkflow } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectToFit } from '../support/outputSchema.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';
const RUNS = `${FLOW_SERVICE}/runs`;
const RUN = `${RUNS}/{id}`;
const ALWAYS = 99;

/** What is there before each test: two dataflows, and a run of the first that failed. */
interface Scene {
	adobe: Emulator;
	flowId: string;
	other: string;
	runId: string;
	item: IDataObject;
}

async function withRuns(test: (scene: Scene) => Promise<void>): Promise<void> {
	await withAdobe({ runDurationMs: 20, scheduledMs: 10 }, async (adobe) => {
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		const [flow, second] = adobe.markInUse(String(made?.json.connectionId), ['Orders', 'People']);
		const flowId = flow?.id ?? '';
		const { id: runId } = adobe.seedRun({
			flowId,
			status: 'failed',
			createdAt: 1_700_000_000_000,
			failedRecordCount: 2,
			windowStart: 1_600_000_000_000,
			windowEnd: 1_700_000_000_000,
		});
		adobe.journal.length = 0;
		const item = { flowId, runId, limit: 5, sandbox: 'prod' };
		await test({ adobe, flowId, other: second?.id ?? '', runId, item });
	});
}

/** An operation, and how it is told whether it was done. */
interface Row {
	resource: 'run' | 'dataflow';
	operation: string;
	parameters: INodeParameters;
	request: { method: string; path: string };
	permission: string;
	result: (scene: Scene) => IDataObject;
	refused: [item: IDataObject, message: string];
	nothing?: object;
	/** How many runs there are when it is done. */
	runs: number;
}

const byRun: INodeParameters = { runId: { __rl: true, mode: 'id', value: '={{ $json.runId }}' } };
const byFlow: INodeParameters = {
	flowId: { __rl: true, mode: 'id', value: '={{ $json.flowId }}' },
};
const NO_RUN: Row['refused'] = [{ runId: 'no id!' }, "'Run' is not the ID of a run"];

const ROWS: Row[] = [
	{
		resource: 'run',
		operation: 'get',
		parameters: byRun,
		request: { method: 'GET', path: RUN },
		permission: 'View Sources',
		result: ({ runId }) => ({ runId, status: 'failed' }),
		refused: NO_RUN,
		runs: 1,
	},
	{
		resource: 'run',
		operation: 'getAll',
		parameters: { ...byFlow, limit: '={{ $json.limit }}' },
		request: { method: 'GET', path: RUNS },
		permission: 'View Sources',
		result: ({ runId }) => ({ runId, status: 'failed' }),
		refused: [{ limit: 0 }, "'Limit' is not a whole number from 1 on"],
		nothing: { items: [], _links: {} },
		runs: 1,
	},
	{
		resource: 'run',
		operation: 'retry',
		parameters: byRun,
		request: { method: 'POST', path: `${RUN}/action` },
		permission: 'Manage Sources',
		result: ({ runId, flowId }) => ({ retriedRunId: runId, flowId, action: 'retried' }),
		refused: NO_RUN,
		runs: 2,
	},
	{
		resource: 'dataflow',
		operation: 'run',
		parameters: { ...byFlow, deltaColumn: 'updated_at' },
		request: { method: 'POST', path: RUNS },
		permission: 'Manage Sources',
		result: ({ flowId }) => ({ flowId, action: 'started', deltaColumn: 'updated_at' }),
		refused: [{ flowId: 'no id!' }, "'Dataflow' is not the ID of a dataflow"],
		runs: 2,
	},
];

const isWrite = ({ request }: Row) => request.method === 'POST';

const parametersOf = ({ resource, operation, parameters }: Row): INodeParameters => ({
	resource,
	operation,
	...parameters,
	options: { sandboxName: '={{ $json.sandbox }}' },
});

const execute = async (
	{ adobe }: Scene,
	row: Row,
	items: IDataObject[],
	setup: NodeSetup = {},
): Promise<INodeExecutionData[]> =>
	await runDataflowNode(
		adobe,
		parametersOf(row),
		setup,
		items.map((json) => ({ json })),
	);

const sentFor = ({ adobe }: Scene, { request }: Row) => {
	const path = new RegExp(`^${request.path.replace('{id}', '[^/?]+')}/?(\\?|$)`);
	return adobe.journal.filter((one) => one.method === request.method && path.test(one.path));
};

describe.each(ROWS.map((row) => [`${row.resource}: ${row.operation}`, row] as const))(
	'%s',
	(_title, row) => {
		it.concurrent.each<[string, Fault, sent: number]>([
			['nothing goes wrong', { kind: 'delay', delayMs: 0 }, 1],
			['a token is refused once', { kind: 'status', status: 401 }, 2],
			[
				'Adobe asks once to wait a second',
				{ kind: 'status', status: 429, headers: { 'retry-after': '1' } },
				2,
			],
			['Adobe fails once', { kind: 'status', status: 500 }, 2],
			['the line is cut once', { kind: 'reset' }, 2],
		])('gives its result when %s', async (_what, fault, sent) => {
			await withRuns(async (scene) => {
				scene.adobe.addFault({ ...row.request, ...fault });
				const [first] = await execute(scene, row, [scene.item]);
				expect(first?.json).toMatchObject(row.result(scene));
				expect(first?.pairedItem).toStrictEqual({ item: 0 });
				expect(sentFor(scene, row)).toHaveLength(sent);
				expect(scene.adobe.runs()).toHaveLength(row.runs);
			});
		});

		it.concurrent.each<[string, Fault, says: string, advice: string]>([
			['401', { kind: 'status', status: 401 }, 'access token', "'Client ID'"],
			['403', { kind: 'status', status: 403 }, 'is not allowed to do this', row.permission],
			['404', { kind: 'status', status: 404 }, "not found in the sandbox 'prod'", "'Sandbox'"],
			['409', { kind: 'status', status: 409 }, 'Adobe refused the request', 'parameters'],
			['412', { kind: 'status', status: 412 }, 'Adobe refused the request', 'parameters'],
			[
				'429',
				{ kind: 'status', status: 429, headers: { 'retry-after': '600' } },
				'asks for fewer requests',
				'600 seconds',
			],
			[
				'500',
				{ kind: 'status', status: 500 },
				isWrite(row) ? 'It is not clear whether Adobe has started' : 'could not answer',
				'status.adobe.com',
			],
		])(
			'says what to do when Adobe answers %s, and has done nothing',
			async (code, fault, says, advice) => {
				await withRuns(async (scene) => {
					scene.adobe.addFault({ ...row.request, ...fault, times: ALWAYS });
					const thrown = await thrownBy(async () => await execute(scene, row, [scene.item]));
					expect(thrown.message).toContain(says);
					expect(thrown.message).toMatch(/ \[item 0\]$/);
					expect(thrown.description).toContain(advice);
					expect(thrown.httpCode).toBe(code);
					expect(scene.adobe.runs()).toHaveLength(1);
					expect(thrown.whole).not.toContain(scene.adobe.clientSecret);
				});
			},
			60_000,
		);

		it.concurrent.each<[string, Fault]>([
			['is no JSON', { kind: 'malformed' }],
			['is empty', { kind: 'status', status: 200, body: '', when: 'after' }],
			['is an object of nothing', { kind: 'status', status: 200, body: {}, when: 'after' }],
			['is null', { kind: 'status', status: 200, body: 'null', when: 'after' }],
		])(
			'is done once, or says that it does not know the form, when the answer %s',
			async (_what, fault) => {
				await withRuns(async (scene) => {
					scene.adobe.addFault({ ...row.request, ...fault, times: ALWAYS });
					if (isWrite(row)) {
						const [first] = await execute(scene, row, [scene.item]);
						expect(first?.json).toMatchObject(row.result(scene));
					} else {
						const thrown = await thrownBy(async () => await execute(scene, row, [scene.item]));
						expect(thrown.message).toContain('in a form this node does not know');
					}
					expect(sentFor(scene, row)).toHaveLength(1);
					expect(scene.adobe.runs()).toHaveLength(row.runs);
				});
			},
		);

		it.concurrent('refuses bad input of any item before anything is sent', async () => {
			await withRuns(async (scene) => {
				const [bad, message] = row.refused;
				const items = [scene.item, { ...scene.item, ...bad }];
				const thrown = await thrownBy(async () => await execute(scene, row, items));
				expect(thrown.message).toContain(message);
				expect(thrown.message).toMatch(/ \[item 1\]$/);
				expect(thrown.description).not.toBe('');
				expect(scene.adobe.journal).toHaveLength(0);
			});
		});

		it.concurrent('on Continue gives an error item and goes on with the others', async () => {
			await withRuns(async (scene) => {
				const items = [{ ...scene.item, sandbox: 'nowhere' }, scene.item];
				const setup: NodeSetup = { onError: 'continueRegularOutput' };
				const [failed, done] = await execute(scene, row, items, setup);
				expect(failed).toStrictEqual({
					json: {
						error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
						message: expect.stringContaining('under Options'),
						details: expect.objectContaining({ status: 404, sandboxName: 'nowhere' }),
					},
					pairedItem: { item: 0 },
				});
				expect(done?.json).toMatchObject(row.result(scene));
				expect(done?.pairedItem).toStrictEqual({ item: 1 });
			});
		});

		it.concurrent('on the error output the failed item comes with its source', async () => {
			await withRuns(async (scene) => {
				const setup: NodeSetup = { onError: 'continueErrorOutput' };
				const wired = wireDataflowNode(scene.adobe, parametersOf(row), setup);
				const bad = { ...scene.item, sandbox: 'nowhere' };
				const finished = await runWorkflow(wired, [{ json: bad }, { json: scene.item }]);
				expect(outputOf(finished, wired.node.name, 1)[0]?.json).toMatchObject({
					...bad,
					error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
				});
				expect(outputOf(finished, wired.node.name, 0)[0]?.json).toMatchObject(row.result(scene));
			});
		});

		it.concurrent('works as the tool of an AI agent', async () => {
			await withRuns(async (scene) => {
				const byModel = Object.fromEntries(
					Object.keys(row.parameters)
						.filter((name) => name === 'runId' || name === 'flowId')
						.map((name) => [
							name,
							{ __rl: true, mode: 'id', value: `={{ $fromAI('${name}', 'The ID', 'string') }}` },
						]),
				);
				const tool = await toolOf(
					wireDataflowNode(scene.adobe, {
						...parametersOf(row),
						...byModel,
						...('limit' in row.parameters ? { limit: 1 } : {}),
						options: {},
					}),
				);
				const text = await tool.invoke({ runId: scene.runId, flowId: scene.flowId });
				const said = JSON.parse(text) as IDataObject[] | { response: IDataObject[] };
				const [first] = Array.isArray(said) ? said : said.response;
				expect(first).toMatchObject(row.result(scene));
				expect(text.length).toBeLessThan(2_500);
			});
		});

		it.concurrent('gives what its output schema says, member by member', async () => {
			await withRuns(async (scene) => {
				const file = `nodes/AdobePostgreSqlDataflow/__schema__/v1.0.0/${row.resource}/${row.operation}.json`;
				const [first] = await execute(scene, row, [scene.item]);
				expectToFit(first?.json, file);
			});
		});

		if (row.nothing !== undefined) {
			it.concurrent('gives no item where there is nothing', async () => {
				await withRuns(async (scene) => {
					scene.adobe.addFault({ ...row.request, kind: 'status', status: 200, body: row.nothing });
					expect(await execute(scene, row, [scene.item])).toStrictEqual([]);
				});
			});
		}
	},
);

describe('Get of a run', () => {
	it('groups what Adobe says and gives every error of every activity in words', async () => {
		await withRuns(async ({ adobe, runId, flowId }) => {
			const [item] = await runDataflowNode(adobe, { resource: 'run', operation: 'get', runId });
			expect(item?.json).toMatchObject({
				runId,
				id: runId,
				flowId,
				status: 'failed',
				run: { sandboxName: 'prod', createdAt: '2023-11-14T22:13:20.000Z' },
				result: {
					succeeded: false,
					rejectedRecords: null,
					summary: expect.stringMatching(/^The run failed\. Writing to the dataset: .*2 records/),
				},
				records: { input: 2, output: 0, rejected: 2 },
				timing: { startedAt: '2023-11-14T22:13:20.000Z', durationSeconds: 0 },
				window: { start: '2020-09-13T12:26:40.000Z', end: '2023-11-14T22:13:20.000Z' },
			});
			expect(item?.json.errors).toContainEqual({
				activity: 'promotionActivity',
				code: 'MAPPER-3700-400',
				message: 'Mapper Transform Error',
				recordCount: 2,
				text: 'Writing to the dataset: Mapper Transform Error (MAPPER-3700-400, 2 records)',
			});
		});
	});

	it('without Simplify keeps everything', async () => {
		await withRuns(async ({ adobe, runId }) => {
			const parameters = { resource: 'run', operation: 'get', runId, simplify: false };
			const [item] = await runDataflowNode(adobe, parameters);
			expect(item?.json).toMatchObject({
				runId,
				id: runId,
				metrics: { recordSummary: { failedRecordCount: 2 } },
				activities: [{ id: 'copyActivity' }, { id: 'promotionActivity' }],
			});
		});
	});
});

describe('Get Many of runs', () => {
	const NOW = Date.UTC(2026, 0, 31, 12);
	const HOUR_MS = 3_600_000;

	const getMany = async (adobe: Emulator, parameters: INodeParameters) =>
		(await runDataflowNode(adobe, { resource: 'run', operation: 'getAll', ...parameters })).map(
			({ json }) => json.runId,
		);

	it.each<[string, INodeParameters, string[]]>([
		['the newest first, up to the limit', { limit: 2 }, ['d', 'c']],
		['all of them', { returnAll: true }, ['d', 'c', 'b', 'a', 'old']],
		['those that failed', { filters: { status: 'failed' } }, ['b', 'old']],
		['those that succeeded', { filters: { status: 'success' } }, ['a']],
		['those under way', { filters: { status: 'inProgress' } }, ['c']],
		['those that wait', { filters: { status: 'scheduled' } }, ['d']],
		[
			'those that started in a span, its ends included',
			{
				filters: { startedAfter: '2026-01-31T12:00:00Z', startedBefore: '2026-01-31T13:00:00Z' },
			},
			['b', 'a'],
		],
		[
			'those of every dataflow',
			{ of: 'all', filters: { startedAfter: '2026-01-31T12:00:00Z' } },
			['other', 'c', 'b', 'a'],
		],
	])('gives %s', async (_what, parameters, expected) => {
		await withRuns(async ({ adobe, flowId, other, runId }) => {
			const names = new Map([[runId, 'old']]);
			const seed = (name: string, hours: number, status: 'failed' | 'scheduled', flow = flowId) =>
				names.set(
					adobe.seedRun({ flowId: flow, status, createdAt: NOW + hours * HOUR_MS }).id,
					name,
				);
			seed('a', 0, 'success' as 'failed');
			seed('b', 1, 'failed');
			seed('c', 2, 'inProgress' as 'failed');
			seed('d', 3, 'scheduled');
			seed('other', 4, 'failed', other);
			const found = await getMany(adobe, { flowId, ...parameters });
			expect(found.map((id) => names.get(String(id)))).toStrictEqual(expected);
		});
	});

	it('reads page after page, and asks for no page more than it needs', async () => {
		await withRuns(async ({ adobe, flowId }) => {
			for (let run = 0; run < 250; run++) adobe.seedRun({ flowId, status: 'success' });
			expect(await getMany(adobe, { flowId, returnAll: true })).toHaveLength(251);
			const pages = () => adobe.journal.filter(({ path }) => path.startsWith(RUNS)).length;
			expect(pages()).toBe(3);
			expect(await getMany(adobe, { flowId, limit: 100 })).toHaveLength(100);
			expect(pages()).toBe(4);
		});
	});

	it('of more than fifty dataflows finds the runs of all, and of no other', async () => {
		await withRuns(async ({ adobe }) => {
			const id = adobe.connections()[0]?.id ?? '';
			const names = Array.from({ length: 60 }, (_, index) => `Flow ${index}`);
			const flows = adobe.markInUse(id, names);
			for (const flow of flows) adobe.seedRun({ flowId: flow.id, status: 'success' });
			expect(await getMany(adobe, { of: 'all', returnAll: true })).toHaveLength(60);
			expect(await getMany(adobe, { of: 'all', limit: 7 })).toHaveLength(7);
			adobe.markInUse(id, []);
			expect(await getMany(adobe, { of: 'all', returnAll: true })).toStrictEqual([]);
		});
	});

	it.each<[string, INodeParameters, string]>([
		[
			'a span that ends before it starts',
			{ filters: { startedAfter: '2026-02-01', startedBefore: '2026-01-01' } },
			"'Started Before' lies before 'Started After'",
		],
		['no time', { filters: { startedAfter: 'soon' } }, "'Started After' is not a date and time"],
		['an unknown state', { filters: { status: 'done' } }, "'Status' has a value"],
		['no dataflow', { flowId: '' }, "'Dataflow' is empty"],
	])('refuses %s', async (_what, parameters, says) => {
		await withRuns(async ({ adobe, flowId }) => {
			const thrown = await thrownBy(async () => await getMany(adobe, { flowId, ...parameters }));
			expect(thrown.message).toContain(says);
			expect(adobe.journal).toHaveLength(0);
		});
	});
});

describe('Retry of a run', () => {
	const retry = async (adobe: Emulator, runId: string, parameters: INodeParameters = {}) =>
		(await runDataflowNode(adobe, { resource: 'run', operation: 'retry', runId, ...parameters }))[0]
			?.json;

	it('starts a new run over the same window, and says which one it retries', async () => {
		await withRuns(async ({ adobe, runId, flowId }) => {
			const item = await retry(adobe, runId);
			const made = adobe.runs().find(({ id }) => id !== runId);
			expect(item).toMatchObject({
				runId: made?.id,
				retriedRunId: runId,
				flowId,
				window: { start: '2020-09-13T12:26:40.000Z', end: '2023-11-14T22:13:20.000Z' },
			});
		});
	});

	it.each(['reset', 'truncated', 'malformed'] as const)(
		'whose answer is lost finds the new run (%s)',
		async (kind) => {
			await withRuns(async ({ adobe, runId }) => {
				adobe.addFault({ method: 'POST', path: `${RUN}/action`, kind, when: 'after' });
				const item = await retry(adobe, runId);
				expect(adobe.runs().map(({ id }) => id)).toStrictEqual([runId, item?.runId]);
			});
		},
	);

	it('says which runs can be retried when Adobe refuses this one', async () => {
		await withRuns(async ({ adobe, flowId }) => {
			const { id } = adobe.seedRun({ flowId, status: 'success', outputRecordCount: 1 });
			const thrown = await thrownBy(async () => await retry(adobe, id));
			expect(thrown.message).toContain('retried in the state that it is in');
			expect(thrown.description).toContain('CONNECTOR-1387-400');
		});
	});

	it('says that the dataflow must be enabled', async () => {
		await withRuns(async ({ adobe, flowId, runId }) => {
			Object.assign(adobe.flows().find(({ id }) => id === flowId) ?? {}, { state: 'disabled' });
			const thrown = await thrownBy(async () => await retry(adobe, runId));
			expect(thrown.message).toContain('The dataflow of this run is not enabled');
			expect(thrown.description).toContain('operation Enable');
		});
	});
});

describe('The list of runs to choose from', () => {
	it('shows the runs of PostgreSQL dataflows, the newest first, by dataflow, time and state', async () => {
		await withRuns(async ({ adobe, other, runId }) => {
			const { id } = adobe.seedRun({
				flowId: other,
				status: 'success',
				createdAt: 1_700_000_060_000,
			});
			const { searchRuns } = new AdobePostgreSqlDataflow().methods.listSearch;
			const context = editorContext(wireDataflowNode(adobe, { resource: 'run', operation: 'get' }));
			const found = await searchRuns.call(context);
			expect(found.results).toMatchObject([
				{ name: 'People, 2023-11-14 22:14, success', value: id },
				{ name: 'Orders, 2023-11-14 22:13, failed', value: runId },
			]);
			expect((await searchRuns.call(context, 'failed')).results).toHaveLength(1);
			adobe.addFault({ path: RUNS, kind: 'status', status: 403 });
			await expect(searchRuns.call(context)).rejects.toThrow('is not allowed');
		});
	});
});
