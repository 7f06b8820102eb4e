import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { requestsBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

/** @param what tells the names apart from those that this process has made before */
const itemsOf = (count: number, what: string): INodeExecutionData[] =>
	Array.from({ length: count }, (_item, index) => ({ json: { name: `${what} ${index}` } }));

describe('What Create costs', () => {
	const { adobe, parameters } = newDataflows();

	/** Executes Create for many items, and counts the requests of each kind. */
	const execute = async (changes: INodeParameters, items: INodeExecutionData[]) => {
		adobe.journal.length = 0;
		const output = await runDataflowNode(
			adobe,
			parameters({ name: '={{ $json.name }}', schedule: 'once', ...changes }),
			{},
			items,
		);
		const sent = adobe.journal.filter(({ path }) => path.startsWith('/data/'));
		return { actions: output.map(({ json }) => json.action), requests: sent.length };
	};
	const allAre = (action: string, count: number) => Array.from({ length: count }, () => action);
	const ownDatasets = { datasetSource: 'create', datasetName: '=Rows of {{ $json.name }}' };

	it('is 10.5 requests at most for each of ten with datasets of their own', async () => {
		const { actions, requests } = await execute(ownDatasets, itemsOf(10, 'Own'));
		expect(actions).toStrictEqual(allAre('created', 10));
		expect(requests).toBeLessThanOrEqual(105);
	});

	it('is less than half of that in one dataset that is there', async () => {
		const { actions, requests } = await execute({}, itemsOf(10, 'Shared'));
		expect(actions).toStrictEqual(allAre('created', 10));
		expect(requests).toBeLessThanOrEqual(50);
	});

	it.each([
		['in one dataset', {}],
		['with datasets of their own', ownDatasets],
	])('is 0.2 requests at most for each of 300 that are there: %s', async (where, changes) => {
		const items = itemsOf(300, where);
		const made = await execute(changes, items);
		expect(made.actions).toStrictEqual(allAre('created', 300));
		const again = await execute(changes, items);
		expect(again.actions).toStrictEqual(allAre('unchanged', 300));
		expect(again.requests).toBeLessThanOrEqual(60);
	});

	it('asks for the columns of a table once', async () => {
		await execute({}, itemsOf(5, 'Table'));
		const explored = requestsBy(adobe, 'GET').filter(({ path }) => path.includes('/explore'));
		expect(explored).toHaveLength(1);
	});
});
