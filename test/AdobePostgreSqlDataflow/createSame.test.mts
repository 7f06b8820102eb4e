import type { INodeParameters } from 'n8n-workflow';

import { runConnectionNode } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

describe('Create a dataflow', () => {
	const { adobe, parameters, create, refusal, writes, connectionId } = newDataflows();

	describe('made again', () => {
		it('with the same name is the one that is there', async () => {
			const first = await create();
			adobe.journal.length = 0;
			const again = await create();
			expect(again).toStrictEqual({ ...first, action: 'unchanged' });
			expect(writes()).toStrictEqual([]);
			expect(adobe.flows()).toHaveLength(1);
		});

		it('without a name is the one that is there, named after table and dataset', async () => {
			const first = await create({ name: '' });
			expect(first).toMatchObject({ name: 'public.orders to Orders', action: 'created' });
			expect(await create({ name: '  ' })).toMatchObject({
				flowId: first.flowId,
				action: 'unchanged',
			});
			const changes = { datasetSource: 'create', datasetName: 'Items', name: '' };
			const items = await create({ ...changes, table: 'public."Order Items"' });
			expect(items.name).toBe('public.Order Items to Items');
			expect(adobe.flows()).toHaveLength(2);
		});

		it.each<[string, () => INodeParameters, string]>([
			['another table', () => ({ table: 'crm.accounts' }), "reads the table 'public.orders'"],
			[
				'another dataset',
				() => ({ dataset: adobe.dataSets().find(({ name }) => name === 'Customers')?.id ?? '' }),
				'writes to the dataset',
			],
			[
				'a new dataset',
				() => ({ datasetSource: 'create', datasetName: 'Other' }),
				"writes to the dataset 'Orders' and not to 'Other'",
			],
		])('with %s says what differs', async (_what, changes, differs) => {
			await create();
			const thrown = await refusal(changes());
			expect(thrown.message).toContain("There is another dataflow with this 'Name'");
			expect(thrown.description).toContain(differs);
			expect(adobe.flows()).toHaveLength(1);
		});

		it('through another connection says what differs', async () => {
			await create();
			const [other] = await runConnectionNode(adobe, { operation: 'create', name: 'Other' });
			const thrown = await refusal({ connectionId: String(other?.json.connectionId) });
			expect(thrown.description).toContain(`reads from the connection ${connectionId()}`);
		});

		it('where there are several of the name lists them', async () => {
			adobe.markInUse(connectionId(), ['Orders', 'Orders']);
			const thrown = await refusal({});
			expect(thrown.message).toContain("There are 2 dataflows with this 'Name'");
			for (const { id } of adobe.flows()) expect(thrown.description).toContain(id);
		});

		it('by two items of one execution is one chain', async () => {
			const items = await runDataflowNode(adobe, parameters(), {}, [{ json: {} }, { json: {} }]);
			expect(items.map(({ json }) => json.action)).toStrictEqual(['created', 'unchanged']);
			expect(new Set(items.map(({ json }) => json.flowId)).size).toBe(1);
			expect(adobe.flows()).toHaveLength(1);
			expect(adobe.sourceConnections()).toHaveLength(1);
		});

		it('waits for another execution no longer than its time-out', async () => {
			adobe.addFault({
				method: 'POST',
				path: '/data/foundation/flowservice/sourceConnections',
				kind: 'delay',
				delayMs: 4_000,
			});
			const first = create();
			await new Promise((resolve) => setTimeout(resolve, 500));
			const began = Date.now();
			const thrown = await refusal({ options: { timeout: 1 } });
			expect(thrown.message).toContain('The time for "Create a dataflow" is up');
			expect(thrown.description).toContain('another item was creating a dataflow of the same name');
			expect(Date.now() - began).toBeLessThan(3_000);
			expect(await first).toMatchObject({ action: 'created', flowId: adobe.flows()[0]?.id });
		});

		it('by two executions at the same time is one chain', async () => {
			const both = await Promise.all([create(), create()]);
			expect(adobe.flows()).toHaveLength(1);
			expect(adobe.sourceConnections()).toHaveLength(1);
			expect(adobe.targetConnections()).toHaveLength(1);
			expect(adobe.mappingSets()).toHaveLength(1);
			for (const json of both) expect(json.flowId).toBe(adobe.flows()[0]?.id);
		});
	});
});
