import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';

/**
 * An emulator for all tests of the block that calls this, with one connection and Adobe's data sets
 * before each of them, and Create on it.
 */
export function newDataflows() {
	const adobe = sharedAdobe();
	let connectionId = '';
	let datasetId = '';

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
		datasetId = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
		adobe.journal.length = 0;
	});

	/** Parameters of Create, from the table of orders into the dataset of orders. */
	const parameters = (changes: INodeParameters = {}): INodeParameters => ({
		operation: 'create',
		name: 'Orders',
		connectionId,
		table: 'public.orders',
		dataset: datasetId,
		...changes,
	});

	const create = async (changes: INodeParameters = {}): Promise<IDataObject> =>
		(await runDataflowNode(adobe, parameters(changes)))[0]?.json ?? {};

	const refusal = async (changes: INodeParameters) =>
		await thrownBy(async () => await create(changes));

	/** What writes were sent, in their order, by the last part of the path; validate writes nothing. */
	const writes = () =>
		adobe.journal
			.filter(({ method }) => method !== 'GET')
			.map(({ method, path }) => `${method} ${path.split('?')[0]?.split('/').at(-1)}`)
			.filter((text) => text !== 'POST v3' && text !== 'POST validate');

	/** The body of the first POST to the path. */
	const sent = (path: string) =>
		JSON.parse(
			adobe.journal.find((one) => one.method === 'POST' && one.path.endsWith(path))?.body ?? '{}',
		) as Record<string, any>;

	const expectNothingMade = () => {
		expect(writes()).toStrictEqual([]);
		expect(adobe.flows()).toHaveLength(0);
	};

	return {
		adobe,
		connectionId: () => connectionId,
		datasetId: () => datasetId,
		parameters,
		create,
		refusal,
		writes,
		sent,
		expectNothingMade,
	};
}
