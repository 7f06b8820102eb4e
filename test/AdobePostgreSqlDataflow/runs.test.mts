import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { sharedAdobe } from '../support/adobe.mts';
import { toolOf } from '../support/agent.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';
const RUNS = `${FLOW_SERVICE}/runs`;
const RUN = `${RUNS}/{id}`;

/** What is there before each test: two dataflows, and a run of the first that failed. */
interface Scene {
	flowId: string;
	other: string;
	runId: string;
}

const adobe = sharedAdobe({ runDurationMs: 20, scheduledMs: 10 });

async function withRuns(test: (scene: Scene) => Promise<void>): Promise<void> {
	adobe.reset();
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
	await test({ flowId, other: second?.id ?? '', runId });
}

/** Every operation on runs; what all operations have in common is tested elsewhere. */
const OPERATIONS: Array<[resource: 'run' | 'dataflow', operation: string, own: INodeParameters]> = [
	['run', 'get', {}],
	['run', 'getAll', { limit: 1 }],
	['run', 'retry', {}],
	['dataflow', 'run', { deltaColumn: 'updated_at' }],
];

const byModel = (name: string) => ({
	__rl: true,
	mode: 'id',
	value: `={{ $fromAI('${name}', 'The ID', 'string') }}`,
});

describe.each(OPERATIONS)('%s: %s', (resource, operation, own) => {
	it('works as the tool of an AI agent', async () => {
		await withRuns(async ({ runId, flowId }) => {
			const locators = { runId: byModel('runId'), flowId: byModel('flowId') };
			const tool = await toolOf(
				wireDataflowNode(adobe, { resource, operation, ...own, ...locators }),
			);
			const text = await tool.invoke({ runId, flowId });
			const said = JSON.parse(text) as IDataObject[] | { response: IDataObject[] };
			const [first] = Array.isArray(said) ? said : said.response;
			expect(first).toMatchObject({ flowId, runId: expect.any(String) });
			expect(text.length).toBeLessThan(2_500);
		});
	});

	it('gives what its output schema says, member by member', async () => {
		await withRuns(async ({ runId, flowId }) => {
			const [first] = await runDataflowNode(adobe, { resource, operation, ...own, runId, flowId });
			expectOutput(first?.json ?? {}, schemaOf('AdobePostgreSqlDataflow', resource, operation));
		});
	});
});

describe('Get of a run', () => {
	it('gives what Adobe says in columns, the answer first, and every error of every activity in words', async () => {
		await withRuns(async ({ runId, flowId }) => {
			const [item] = await runDataflowNode(adobe, { resource: 'run', operation: 'get', runId });
			expect(item?.json).toMatchObject({
				summary: expect.stringMatching(/^The run failed\. Writing to the dataset: .*2 records/),
				status: 'failed',
				flowName: 'Orders',
				recordsRead: 2,
				recordsWritten: 0,
				recordsRejected: 2,
				succeeded: false,
				startedAt: '2023-11-14T22:13:20.000Z',
				durationSeconds: 0,
				windowStart: '2020-09-13T12:26:40.000Z',
				windowEnd: '2023-11-14T22:13:20.000Z',
				createdAt: '2023-11-14T22:13:20.000Z',
				runId,
				flowId,
				sandboxName: 'prod',
			});
			expect(item?.json).not.toHaveProperty('id');
			expect(Object.values(item?.json ?? {})).not.toContain(null);
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
		await withRuns(async ({ runId }) => {
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

	const getMany = async (parameters: INodeParameters) =>
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
		await withRuns(async ({ flowId, other, runId }) => {
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
			const found = await getMany({ flowId, ...parameters });
			expect(found.map((id) => names.get(String(id)))).toStrictEqual(expected);
		});
	});

	it('names the dataflow of each, with one request for one and none more for all', async () => {
		await withRuns(async ({ flowId, other }) => {
			adobe.seedRun({ flowId: other, status: 'success' });
			const flowReads = () =>
				adobe.journal.filter(({ path }) => path.includes('/flowservice/flows')).length;
			const get = async (parameters: INodeParameters) =>
				await runDataflowNode(adobe, { resource: 'run', operation: 'getAll', ...parameters });
			for (let run = 0; run < 5; run++) adobe.seedRun({ flowId, status: 'success' });
			const names = (await get({ flowId })).map(({ json }) => json.flowName);
			expect(names).toStrictEqual(Array(6).fill('Orders'));
			expect(flowReads()).toBe(1);
			const all = (await get({ of: 'all' })).map(({ json }) => json.flowName);
			expect(all.sort()).toStrictEqual([...Array(6).fill('Orders'), 'People']);
			expect(flowReads()).toBe(2);
		});
	});

	it('reads page after page, and asks for no page more than it needs', async () => {
		await withRuns(async ({ flowId }) => {
			for (let run = 0; run < 250; run++) adobe.seedRun({ flowId, status: 'success' });
			expect(await getMany({ flowId, returnAll: true })).toHaveLength(251);
			const pages = () => adobe.journal.filter(({ path }) => path.startsWith(RUNS)).length;
			expect(pages()).toBe(3);
			expect(await getMany({ flowId, limit: 100 })).toHaveLength(100);
			expect(pages()).toBe(4);
		});
	});

	it('of more than fifty dataflows finds the runs of all, and of no other', async () => {
		await withRuns(async () => {
			const id = adobe.connections()[0]?.id ?? '';
			const names = Array.from({ length: 60 }, (_, index) => `Flow ${index}`);
			const flows = adobe.markInUse(id, names);
			for (const flow of flows) adobe.seedRun({ flowId: flow.id, status: 'success' });
			expect(await getMany({ of: 'all', returnAll: true })).toHaveLength(60);
			expect(await getMany({ of: 'all', limit: 7 })).toHaveLength(7);
			adobe.markInUse(id, []);
			expect(await getMany({ of: 'all', returnAll: true })).toStrictEqual([]);
		});
	});

	it.each<[string, INodeParameters, string]>([
		[
			'a span that ends before it starts',
			{ filters: { startedAfter: '2026-02-01', startedBefore: '2026-01-01' } },
			"'Started Before' is before 'Started After'",
		],
		['no time', { filters: { startedAfter: 'soon' } }, "'Started After' is not a date and time"],
		['an unknown state', { filters: { status: 'done' } }, "'Status' has a value"],
		['no dataflow', { flowId: '' }, "'Dataflow' is empty"],
	])('refuses %s', async (_what, parameters, says) => {
		await withRuns(async ({ flowId }) => {
			const thrown = await thrownBy(async () => await getMany({ flowId, ...parameters }));
			expect(thrown.message).toContain(says);
			expect(adobe.journal).toHaveLength(0);
		});
	});
});

describe('Retry of a run', () => {
	const retry = async (runId: string, parameters: INodeParameters = {}) =>
		(await runDataflowNode(adobe, { resource: 'run', operation: 'retry', runId, ...parameters }))[0]
			?.json;

	it('starts a new run over the same window, and says which one it retries', async () => {
		await withRuns(async ({ runId, flowId }) => {
			const item = await retry(runId);
			const made = adobe.runs().find(({ id }) => id !== runId);
			expect(item).toMatchObject({
				runId: made?.id,
				retriedRunId: runId,
				flowId,
				flowName: 'Orders',
				windowStart: '2020-09-13T12:26:40.000Z',
				windowEnd: '2023-11-14T22:13:20.000Z',
			});
		});
	});

	it.each(['reset', 'truncated', 'malformed'] as const)(
		'whose answer is lost finds the new run (%s)',
		async (kind) => {
			await withRuns(async ({ runId }) => {
				adobe.addFault({ method: 'POST', path: `${RUN}/action`, kind, when: 'after' });
				const item = await retry(runId);
				expect(adobe.runs().map(({ id }) => id)).toStrictEqual([runId, item?.runId]);
			});
		},
	);

	it('says which runs can be retried when Adobe refuses this one', async () => {
		await withRuns(async ({ flowId }) => {
			const { id } = adobe.seedRun({ flowId, status: 'success', outputRecordCount: 1 });
			const thrown = await thrownBy(async () => await retry(id));
			expect(thrown.message).toContain('retried in the state that it is in');
			expect(thrown.description).toContain('CONNECTOR-1387-400');
		});
	});

	it('says that the dataflow must be enabled', async () => {
		await withRuns(async ({ flowId, runId }) => {
			Object.assign(adobe.flows().find(({ id }) => id === flowId) ?? {}, { state: 'disabled' });
			const thrown = await thrownBy(async () => await retry(runId));
			expect(thrown.message).toContain('The dataflow of this run is not enabled');
			expect(thrown.description).toContain('operation Enable');
		});
	});
});

describe('The list of runs to choose from', () => {
	it('shows the runs of PostgreSQL dataflows, the newest first, by dataflow, time and state', async () => {
		await withRuns(async ({ other, runId }) => {
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
