import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';

const FLOW = '/data/foundation/flowservice/flows/{id}';
const HOUR_MS = 3_600_000;

describe('A dataflow that is there', () => {
	const adobe = sharedAdobe();
	let connectionId: string;

	const run = async (parameters: INodeParameters): Promise<IDataObject[]> =>
		(await runDataflowNode(adobe, parameters)).map(({ json }) => json);

	const make = async (changes: INodeParameters = {}): Promise<IDataObject> =>
		(
			await run({
				operation: 'create',
				name: 'Orders',
				connectionId,
				table: 'public.orders',
				dataset: adobe.dataSets()[0]?.id ?? '',
				...changes,
			})
		)[0] ?? {};

	const daily = { schedule: 'day', interval: 1, backfill: true, deltaColumn: 'updated_at' };

	const update = async (
		flowId: unknown,
		updateFields: INodeParameters,
		options: INodeParameters = {},
	) => (await run({ operation: 'update', flowId: String(flowId), updateFields, options }))[0] ?? {};

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
	});

	describe('is updated', () => {
		it('in name and description, with the etag that was read', async () => {
			const { flowId, etag } = await make();
			const json = await update(flowId, { name: 'Sales orders', description: 'For the CDP' });
			expect(json).toMatchObject({ flowId, name: 'Sales orders', action: 'updated' });
			expect(adobe.flows()[0]).toMatchObject({
				name: 'Sales orders',
				description: 'For the CDP',
				etag: json.etag,
			});
			expect(requestsBy(adobe, 'PATCH')[0]?.headers['if-match']).toBe(etag);
		});

		it('not at all where nothing differs', async () => {
			const { flowId, etag } = await make(daily);
			const json = await update(flowId, { name: 'Orders', schedule: 'day', interval: 1 });
			expect(json).toMatchObject({ etag, action: 'unchanged' });
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(0);
		});

		it('from once to every three hours, with the column that marks new rows', async () => {
			const { flowId } = await make();
			await update(flowId, { schedule: 'hour', interval: 3, deltaColumn: 'updated_at' });
			expect(adobe.flows()[0]).toMatchObject({
				scheduleParams: { frequency: 'hour', interval: '3' },
				transformations: [{ name: 'Copy' }, { name: 'Mapping' }],
			});
		});

		it('from daily to once, without what only a daily one has', async () => {
			const { flowId } = await make(daily);
			await update(flowId, { schedule: 'once' });
			const [flow] = adobe.flows();
			expect(flow?.scheduleParams).toStrictEqual({
				frequency: 'once',
				startTime: expect.any(String),
			});
			expect(flow?.transformations.map(({ name }) => name)).toStrictEqual(['Mapping']);
		});

		it('in its options', async () => {
			const { flowId } = await make();
			await update(flowId, {}, { partialIngestionPercent: 7 });
			await update(flowId, {}, { errorDiagnostics: true });
			expect(adobe.flows()[0]?.options).toMatchObject({
				partialIngestionPercent: 7,
				errorDiagnosticsEnabled: true,
			});
			await update(flowId, {}, { errorDiagnostics: true });
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(2);
		});

		it.each<[string, INodeParameters, INodeParameters, message: string]>([
			['an interval on demand', {}, { interval: 2 }, "'Interval' is not for a dataflow"],
			[
				'backfill for once',
				{ schedule: 'once' },
				{ backfill: false },
				"'Backfill' is not for a dataflow",
			],
			['daily without an interval', {}, { schedule: 'day' }, "'Interval' is needed"],
			['five minutes', daily, { schedule: 'minute', interval: 5 }, "'Interval' is too short"],
			['minutes that were one day', daily, { schedule: 'minute' }, "'Interval' is too short"],
			['a start in the past', daily, { startTime: '2020-01-01' }, "'Start Time' is in the past"],
			['an unknown schedule', daily, { schedule: 'month' }, "'Schedule' has a value"],
			['an empty name', daily, { name: ' ' }, "'Name' is empty"],
		])('never to %s', async (_what, made, fields, message) => {
			const { flowId } = await make(made);
			const thrown = await thrownBy(async () => await update(flowId, fields));
			expect(thrown.message).toContain(message);
			expect(thrown.description).not.toBe('');
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(0);
		});

		it.each<[string, INodeParameters, message: string]>([
			[
				'its start',
				{ startTime: new Date(Date.now() + 48 * HOUR_MS).toISOString() },
				"'Start Time' can't be changed any more",
			],
			['to once', { schedule: 'once' }, "'Schedule' can't be changed to On Demand or Once"],
			['backfill', { backfill: false }, "'Backfill' can't be changed any more"],
		])('after its start time not in %s, in words', async (_what, fields, message) => {
			const { flowId } = await make(daily);
			await adobe.advanceClock(HOUR_MS);
			const thrown = await thrownBy(async () => await update(flowId, fields));
			expect(thrown.message).toContain(message);
			expect(thrown.description).toMatch(/CONNECTOR-1(366|403|404)-400/);
		});

		it('once more with a fresh etag when somebody else has changed something else', async () => {
			const { flowId } = await make();
			adobe.addFault({ method: 'PATCH', path: FLOW, kind: 'status', status: 412 });
			expect(await update(flowId, { name: 'Sales orders' })).toMatchObject({ action: 'updated' });
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(2);
		});

		it('never over what somebody else has just written to the same field', async () => {
			const { flowId } = await make();
			adobe.addFault({ method: 'PATCH', path: FLOW, kind: 'delay', delayMs: 800 });
			const [ended] = await Promise.allSettled([
				update(flowId, { name: 'Mine' }),
				(async () => {
					// While the first one is on its way, which has read the dataflow already.
					while (requestsBy(adobe, 'PATCH').length === 0) {
						await new Promise((resolve) => setTimeout(resolve, 10));
					}
					await update(flowId, { name: 'Theirs' });
				})(),
			]);
			expect(ended.status).toBe('rejected');
			expect(String((ended as PromiseRejectedResult).reason.message)).toContain(
				'Somebody else has changed the dataflow',
			);
			expect(adobe.flows()[0]?.name).toBe('Theirs');
		});
	});

	describe('is switched', () => {
		it('off and on, each only where it is not so already', async () => {
			const { flowId } = await make();
			const actions: unknown[] = [];
			for (const operation of ['enable', 'disable', 'disable', 'enable']) {
				const [json] = await run({ operation, flowId: String(flowId) });
				actions.push([json?.action, adobe.flows()[0]?.state, json?.etag]);
			}
			const etag = expect.any(String);
			expect(actions).toStrictEqual([
				['unchanged', 'enabled', etag],
				['disabled', 'disabled', etag],
				['unchanged', 'disabled', etag],
				['enabled', 'enabled', etag],
			]);
			expect(requestsBy(adobe, 'POST').filter(({ path }) => path.includes('/action'))).toHaveLength(
				2,
			);
		});
	});

	describe('is deleted', () => {
		const ends = () => [
			adobe.flows().length,
			adobe.sourceConnections().length,
			adobe.targetConnections().length,
		];

		it('with its source and target connection, the dataflow first', async () => {
			const { flowId } = await make();
			const [json] = await run({ operation: 'delete', flowId: String(flowId) });
			expect(json).toMatchObject({ flowId, deleted: true, action: 'deleted' });
			expect(requestsBy(adobe, 'DELETE').map(({ path }) => path.split('/').at(-2))).toStrictEqual([
				'flows',
				'sourceConnections',
				'targetConnections',
			]);
			expect(ends()).toStrictEqual([0, 0, 0]);
			expect(adobe.connections()).toHaveLength(1);
		});

		it('without them, where they are to stay', async () => {
			const { flowId } = await make();
			await run({ operation: 'delete', flowId: String(flowId), deleteConnections: false });
			expect(ends()).toStrictEqual([0, 1, 1]);
		});

		it('in part, and says what is left', async () => {
			const { flowId, sourceConnectionId } = await make();
			adobe.addFault({
				method: 'DELETE',
				path: '/data/foundation/flowservice/sourceConnections/{id}',
				kind: 'status',
				status: 403,
				times: 99,
			});
			const thrown = await thrownBy(
				async () => await run({ operation: 'delete', flowId: String(flowId) }),
			);
			expect(thrown.message).toContain(
				`The dataflow was deleted, but not the source connection ${String(sourceConnectionId)}`,
			);
			expect(thrown.context.data).toMatchObject({
				leftBehind: `the source connection ${String(sourceConnectionId)}`,
			});
			expect(ends()).toStrictEqual([0, 1, 0]);
		});

		it('perhaps, where the last of several attempts was refused, and names what is left then', async () => {
			const { flowId, sourceConnectionId } = await make();
			const path = '/data/foundation/flowservice/flows/{id}';
			for (const status of [504, 400]) {
				adobe.addFault({ method: 'DELETE', path, kind: 'status', status, body: {} });
			}
			const thrown = await thrownBy(
				async () => await run({ operation: 'delete', flowId: String(flowId) }),
			);
			expect(thrown.description).toContain('Adobe may have deleted it all the same.');
			expect(thrown.description).toContain(
				`it was deleted, but not the source connection ${String(sourceConnectionId)}`,
			);
		});
	});

	describe('is found', () => {
		beforeEach(async () => {
			for (const name of ['B', 'A', 'C, "quoted"']) await make({ name });
			const [other] = await runConnectionNode(adobe, { operation: 'create', name: 'Other' });
			await make({ name: 'D', connectionId: String(other?.json.connectionId) });
			await run({ operation: 'disable', flowId: String(adobe.flows()[0]?.id) });
		});

		it.each<[string, INodeParameters, string[]]>([
			['all of them', { returnAll: true }, ['B', 'A', 'C, "quoted"', 'D']],
			['as many as are wanted', { limit: 2 }, ['B', 'A']],
			['by name', { filters: { name: 'A' } }, ['A']],
			['by a name with signs', { filters: { name: 'C, "quoted"' } }, ['C, "quoted"']],
			['by a name that no one has', { filters: { name: 'a' } }, []],
			['by state', { filters: { state: 'disabled' } }, ['B']],
			['in order', { options: { sort: '-name' } }, ['D', 'C, "quoted"', 'B', 'A']],
		])('%s', async (_what, parameters, expected) => {
			const found = await run({ operation: 'getAll', ...parameters });
			expect(found.map(({ name }) => name)).toStrictEqual(expected);
		});

		it('by its base connection, in order', async () => {
			const found = await run({
				operation: 'getAll',
				filters: { connectionId },
				options: { sort: 'name' },
			});
			expect(found.map(({ name }) => name)).toStrictEqual(['A', 'B', 'C, "quoted"']);
			expect(found.every((json) => json.connectionId === connectionId)).toBe(true);
			expect(
				await run({ operation: 'getAll', filters: { connectionId: 'no-such-connection' } }),
			).toStrictEqual([]);
		});

		it.each([
			[{ connectionId: 'a,b' }, "'Connection ID' needs an ID, not a name"],
			[{ name: '={{ $json.nothing }}' }, "'Name' has no value"],
			[{ name: 'A \ud83d' }, "'Name' contains half an emoji"],
			[{ state: '={{ "x" }}' }, "'State' has a value that does not exist"],
			[{ state: '={{ "enabled,disabled" }}' }, "'State' has a value that does not exist"],
		])('not by a filter that can not be one: %j', async (filters, message) => {
			const thrown = await thrownBy(
				async () => await run({ operation: 'getAll', filters: filters as never }),
			);
			expect(thrown.message).toContain(message);
		});

		it('with all that Adobe sent where Simplify is off', async () => {
			const [json] = await run({
				operation: 'get',
				flowId: String(adobe.flows()[1]?.id),
				simplify: false,
			});
			expect(json).toMatchObject({
				flowId: adobe.flows()[1]?.id,
				flowSpec: { id: '14518937-270c-4525-bdec-c2ba7cce3860' },
				inheritedAttributes: expect.anything(),
			});
		});
	});

	it('is found with its table and dataset, those of a hundred with one request', async () => {
		for (const name of ['A', 'B']) await make({ name });
		adobe.journal.length = 0;
		const found = await run({ operation: 'getAll' });
		const datasetId = adobe.targetConnections()[0]?.params.dataSetId;
		for (const json of found) {
			expect(json).toMatchObject({ table: 'public.orders', dataset: datasetId, datasetId });
		}
		const reads = (path: string) =>
			requestsBy(adobe, 'GET').filter((one) => one.path.includes(path));
		expect(reads('/sourceConnections')).toHaveLength(1);
		expect(reads('/targetConnections')).toHaveLength(1);
		const [one] = await run({ operation: 'get', flowId: String(found[0]?.flowId) });
		expect(one).toMatchObject({ table: 'public.orders', dataset: datasetId });
	});

	it('is found where its table and dataset may not be read', async () => {
		const { flowId } = await make();
		for (const path of ['sourceConnections', 'targetConnections']) {
			adobe.addFault({
				method: 'GET',
				path: `/data/foundation/flowservice/${path}/{id}`,
				kind: 'status',
				status: 403,
			});
		}
		const [json] = await run({ operation: 'get', flowId: String(flowId) });
		expect(json).toMatchObject({ name: 'Orders', flowId });
		expect(json).not.toHaveProperty('table');
	});

	it('over many pages is found once each', async () => {
		adobe.markInUse(
			connectionId,
			Array.from({ length: 250 }, (_, index) => `Flow ${index}`),
		);
		const found = await run({ operation: 'getAll', returnAll: true });
		expect(new Set(found.map((json) => json.flowId)).size).toBe(250);
		const ofOne = await run({ operation: 'getAll', returnAll: true, filters: { connectionId } });
		expect(new Set(ofOne.map((json) => json.flowId)).size).toBe(250);
	});
});
