import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import type { TestWeather } from './adobe.mts';
import { withAdobe } from './adobe.mts';
import { runConnectionNode } from './connectionNode.mts';
import { runDataflowNode, wireDataflowNode } from './dataflowNode.mts';
import type { Row } from './operations.mts';
import { NO_LIMIT, NO_NAME } from './operations.mts';

const FLOWS = '/data/foundation/flowservice/flows';
const FLOW = `${FLOWS}/{id}`;
const RUNS = '/data/foundation/flowservice/runs';
const RUN = `${RUNS}/{id}`;
const CONNECTION = '/data/foundation/flowservice/connections/{id}';
const MAPPING_SET = '/data/foundation/conversion/mappingSets/{id}';
const BATCH_META = '/data/foundation/export/batches/{id}/meta';

const byId: INodeParameters = { flowId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };
const runById: INodeParameters = {
	runId: { __rl: true, mode: 'id', value: '={{ $json.runId }}' },
};
const newOrders: INodeParameters = {
	name: '={{ $json.name }}',
	connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
	table: { __rl: true, mode: 'name', value: 'public.orders' },
	dataset: { __rl: true, mode: 'id', value: '={{ $json.dataset }}' },
};
const NO_RUN_ID: Row['refused'] = [{ runId: 'no id!' }, "'Run' needs an ID, not a name"];
const NO_ID: Row['refused'] = [{ id: 'no id!' }, "'Dataflow' needs an ID, not a name"];

export const flowNames = (adobe: Emulator) => adobe.flows().map(({ name }) => name);
const stateIs = (state: string) => (adobe: Emulator) => adobe.flows()[0]?.state === state;

const hasSecondRun = (adobe: Emulator) => adobe.runs().length === 2;

/** A plan of one change, by the credential that is to apply it. */
async function planOrders(
	adobe: Emulator,
	item: IDataObject,
	ims: ICredentialDataDecryptedObject = {},
): Promise<void> {
	const [plan] = await runDataflowNode(
		adobe,
		{
			resource: 'database',
			operation: 'plan',
			connectionId: String(item.connectionId),
			table: 'public.orders',
			useColumns: false,
			dataflow: 'Orders',
			datasetName: 'Orders',
			takeOver: true,
			options: { description: 'Planned' },
		},
		{ ims },
	);
	item.plan = plan?.json;
}

/** Every operation of the Dataflow node; a test holds the list against the node itself. */
export const DATAFLOW_OPERATIONS: Row[] = (
	[
		{
			title: 'Dataflow: Create',
			resource: 'dataflow',
			operation: 'create',
			parameters: newOrders,
			request: { method: 'POST', path: FLOWS },
			permission: 'Manage Sources',
			result: { name: 'New', state: 'enabled', action: 'created', table: 'public.orders' },
			takesDown: true,
			refused: [{ name: ' ' }, "'Name' has no value"],
			// Nothing but the whole chain counts, and nothing of it may be there twice.
			isDone: (adobe) => {
				const { length } = adobe.flows();
				expect(adobe.sourceConnections()).toHaveLength(length);
				expect(adobe.targetConnections()).toHaveLength(length);
				expect(adobe.mappingSets()).toHaveLength(length);
				return flowNames(adobe).filter((name) => name === 'New').length === 1;
			},
			// Where no request is let through any more, what was made can't be removed, but is named.
			expectUndone: (adobe, { description }) => {
				expect(flowNames(adobe)).toStrictEqual(['Orders']);
				const made = [
					...adobe.sourceConnections().slice(1),
					...adobe.targetConnections().slice(1),
					...adobe.mappingSets().slice(1),
				];
				for (const { id } of made) expect(description).toContain(id);
				expect(description.includes('Could not be removed')).toBe(made.length > 0);
			},
		},
		{
			title: 'Dataflow: Delete',
			resource: 'dataflow',
			operation: 'delete',
			parameters: byId,
			request: { method: 'DELETE', path: FLOW },
			permission: 'Manage Sources',
			result: { name: 'Orders', action: 'deleted', deleted: true },
			refused: NO_ID,
			isDone: (adobe) => {
				expect(adobe.sourceConnections()).toHaveLength(adobe.flows().length);
				expect(adobe.targetConnections()).toHaveLength(adobe.flows().length);
				return adobe.flows().length === 0;
			},
			// Where the dataflow went without an answer, its connections are named.
			expectUndone: (adobe, { description }) => {
				const left = [...adobe.sourceConnections(), ...adobe.targetConnections()];
				expect(left).toHaveLength(2);
				const isGone = adobe.flows().length === 0;
				if (isGone) for (const { id } of left) expect(description).toContain(id);
				else expect(flowNames(adobe)).toStrictEqual(['Orders']);
			},
		},
		{
			title: 'Dataflow: Disable',
			resource: 'dataflow',
			operation: 'disable',
			parameters: byId,
			request: { method: 'POST', path: `${FLOW}/action` },
			permission: 'Manage Sources',
			result: { name: 'Orders', action: 'disabled', state: 'disabled' },
			refused: NO_ID,
			isDone: stateIs('disabled'),
		},
		{
			title: 'Dataflow: Enable',
			resource: 'dataflow',
			operation: 'enable',
			parameters: byId,
			request: { method: 'POST', path: `${FLOW}/action` },
			permission: 'Manage Sources',
			before: async (adobe, { id }) => {
				await runDataflowNode(adobe, { operation: 'disable', flowId: String(id) });
			},
			result: { name: 'Orders', action: 'enabled', state: 'enabled' },
			refused: NO_ID,
			isDone: stateIs('enabled'),
		},
		{
			title: 'Dataflow: Get',
			resource: 'dataflow',
			operation: 'get',
			parameters: byId,
			request: { method: 'GET', path: FLOW },
			permission: 'View Sources',
			result: { name: 'Orders', state: 'enabled' },
			refused: NO_ID,
		},
		{
			title: 'Dataflow: Get Health',
			resource: 'dataflow',
			operation: 'getHealth',
			parameters: { report: '={{ $json.report ?? false }}' },
			request: { method: 'GET', path: FLOWS },
			permission: 'View Sources',
			result: { name: 'Orders', health: 'failing' },
			refused: [{ report: 'perhaps' }, "'Report' is neither true nor false"],
			nothing: { items: [], _links: {} },
		},
		{
			title: 'Dataflow: Get Many',
			resource: 'dataflow',
			operation: 'getAll',
			parameters: { limit: '={{ $json.limit }}' },
			request: { method: 'GET', path: FLOWS },
			permission: 'View Sources',
			result: { name: 'Orders', state: 'enabled' },
			refused: NO_LIMIT,
			nothing: { items: [], _links: {} },
		},
		{
			title: 'Dataflow: Get Mapping',
			resource: 'dataflow',
			operation: 'getMapping',
			parameters: byId,
			request: { method: 'GET', path: MAPPING_SET },
			permission: 'View Sources',
			result: {
				destination: '_emulator.id',
				source: 'id',
				sourceType: 'ATTRIBUTE',
				name: 'Orders',
			},
			refused: NO_ID,
		},
		{
			title: 'Dataflow: Update',
			resource: 'dataflow',
			operation: 'update',
			parameters: { ...byId, updateFields: { name: '={{ $json.name }}' } },
			request: { method: 'PATCH', path: FLOW },
			permission: 'Manage Sources',
			result: { name: 'New', action: 'updated' },
			refused: NO_NAME,
			isDone: (adobe) => flowNames(adobe).join() === 'New',
		},
		{
			title: 'Dataflow: Preview',
			resource: 'dataflow',
			operation: 'preview',
			parameters: newOrders,
			request: { method: 'GET', path: CONNECTION },
			permission: 'View Sources',
			result: { kind: 'plan', wouldBe: 'created', name: 'New', table: 'public.orders' },
			refused: [{ name: ' ' }, "'Name' has no value"],
		},
		{
			title: 'Dataflow: Run Now',
			resource: 'dataflow',
			operation: 'run',
			parameters: { ...byId, deltaColumn: 'updated_at' },
			request: { method: 'POST', path: RUNS },
			permission: 'Manage Sources',
			result: { action: 'started', deltaColumn: 'updated_at' },
			refused: NO_ID,
			isUnmarked: true,
			isDone: hasSecondRun,
		},
		{
			title: 'Database: Plan',
			resource: 'database',
			operation: 'plan',
			parameters: {
				connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
				table: { __rl: true, mode: 'name', value: '={{ $json.table ?? "public.orders" }}' },
				dataflow: 'Orders',
				datasetName: 'Orders',
				useColumns: '={{ $json.useColumns ?? false }}',
				takeOver: true,
			},
			request: { method: 'GET', path: FLOWS },
			permission: 'View Sources',
			result: { table: 'public.orders', action: 'unchanged', because: 'Everything is as desired.' },
			refused: [{ useColumns: 'perhaps' }, "'Use Columns of the Item' is neither true nor false"],
		},
		{
			title: 'Database: Apply',
			resource: 'database',
			operation: 'apply',
			parameters: { plan: '={{ $json.plan }}' },
			request: { method: 'PATCH', path: FLOW },
			permission: 'Manage Sources',
			before: async (adobe, item) => await planOrders(adobe, item),
			withCredential: planOrders,
			result: { table: 'public.orders', action: 'updated' },
			refused: [{ plan: 'no plan!' }, "'Plan' is not an item of a plan"],
			isDone: (adobe) => {
				expect(flowNames(adobe)).toStrictEqual(['Orders']);
				return adobe.flows()[0]?.description === 'Planned';
			},
		},
		{
			title: 'Database: Export',
			resource: 'database',
			operation: 'export',
			parameters: {
				connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
			},
			request: { method: 'GET', path: '/data/foundation/flowservice/sourceConnections' },
			permission: 'View Sources',
			result: { table: 'public.orders', dataflow: 'Orders' },
			refused: [{ connectionId: 'no id!' }, "'Connection' needs an ID, not a name"],
			nothing: { items: [], _links: {} },
		},
		{
			title: 'Run: Get',
			resource: 'run',
			operation: 'get',
			parameters: runById,
			request: { method: 'GET', path: RUN },
			permission: 'View Sources',
			result: { status: 'failed' },
			refused: NO_RUN_ID,
		},
		{
			title: 'Run: Get Many',
			resource: 'run',
			operation: 'getAll',
			parameters: { ...byId, of: 'one', limit: '={{ $json.limit }}' },
			request: { method: 'GET', path: RUNS },
			permission: 'View Sources',
			result: { status: 'failed' },
			refused: NO_LIMIT,
			nothing: { items: [], _links: {} },
		},
		{
			title: 'Run: Get Rejected Rows',
			resource: 'run',
			operation: 'getRejectedRows',
			parameters: { ...runById, limit: '={{ $json.limit }}' },
			request: { method: 'GET', path: BATCH_META },
			// The list of files, and the file.
			requests: 2,
			permission: 'View Datasets',
			before: async (adobe, { runId }) => {
				const errors = [{ code: '1555', message: 'A required field is missing' }];
				const rejectedRows = [{ row: { id: 7 }, errors }];
				adobe.updateRun(String(runId), { rejectedRows });
			},
			result: { code: '1555', row: { id: 7 }, file: 'row_errors/conversion_errors_0.json' },
			refused: NO_LIMIT,
		},
		{
			title: 'Run: Retry',
			resource: 'run',
			operation: 'retry',
			parameters: runById,
			request: { method: 'POST', path: `${RUN}/action` },
			permission: 'Manage Sources',
			result: { action: 'retried' },
			refused: NO_RUN_ID,
			isUnmarked: true,
			isDone: hasSecondRun,
		},
	] satisfies Row[]
).map((row) => ({ ...row, wire: wireDataflowNode }));

/** An emulator of a test's own with the connection Sales, the dataflow Orders, and the item for all. */
export async function withOrders(
	row: Row,
	test: (adobe: Emulator, item: IDataObject) => Promise<void>,
	weather: TestWeather = {},
): Promise<void> {
	await withAdobe(weather, async (adobe) => {
		const [connection] = await runConnectionNode(adobe, {
			operation: 'create',
			verify: false,
			name: 'Sales',
		});
		const connectionId = String(connection?.json.connectionId);
		const dataset = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
		const orders = { name: 'Orders', connectionId, table: 'public.orders', dataset };
		const [made] = await runDataflowNode(adobe, { operation: 'create', ...orders });
		const item = {
			id: made?.json.flowId,
			connectionId,
			dataset,
			runId: seedFailedRun(adobe, String(made?.json.flowId)),
			sandbox: 'prod',
			name: 'New',
			limit: 5,
		};
		await row.before?.(adobe, item);
		adobe.journal.length = 0;
		await test(adobe, item);
	});
}

/** A run of the last hour that can be retried. */
function seedFailedRun(adobe: Emulator, flowId: string): string {
	const windowEnd = Math.floor(Date.now() / 1000) * 1000;
	const windowStart = windowEnd - 3_600_000;
	// Older than what an attempt that begins now may have started.
	const createdAt = windowStart;
	return adobe.seedRun({ flowId, status: 'failed', createdAt, windowStart, windowEnd }).id;
}

/** Whether a write is done, and done once; an operation that only reads changes nothing. */
export function expectDone(adobe: Emulator, row: Row, done: boolean): void {
	if (row.isDone === undefined) expect(flowNames(adobe)).toStrictEqual(['Orders']);
	else expect(row.isDone(adobe)).toBe(done);
	expect(adobe.flows().length).toBeLessThanOrEqual(2);
	expect(adobe.runs().length).toBeLessThanOrEqual(2);
}
