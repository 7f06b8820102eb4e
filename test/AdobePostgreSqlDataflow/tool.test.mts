import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { toolOf } from '../support/agent.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectNoSecret } from '../support/operations.mts';

/** A text that a model reads should cost it little. */
const COMPACT = 1_500;

const fromAi = (key: string, type = 'string') =>
	`={{ $fromAI('${key}', 'Given by the user', '${type}') }}`;
const locator = (key: string, mode = 'id') => ({ __rl: true, mode, value: fromAi(key) });
const byModel: INodeParameters = { flowId: locator('flowId') };

describe('The Dataflow node as the tool of an AI agent', () => {
	const adobe = sharedAdobe();
	let connectionId: string;
	let datasetId: string;
	let id: string;

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
		datasetId = adobe.dataSets()[0]?.id ?? '';
		const orders = { name: 'Orders', connectionId, table: 'public.orders', dataset: datasetId };
		const [flow] = await runDataflowNode(adobe, { operation: 'create', ...orders });
		id = String(flow?.json.flowId);
	});

	const tool = async (parameters: INodeParameters, setup: NodeSetup = {}) =>
		await toolOf(wireDataflowNode(adobe, parameters, setup));

	/** Operation, its parameters, what the model fills in, and the beginning of what it reads. */
	const ROWS: Array<[string, INodeParameters, () => IDataObject, IDataObject]> = [
		[
			'create',
			{
				name: fromAi('name'),
				connectionId: locator('connectionId'),
				table: locator('table', 'name'),
				dataset: locator('dataset'),
			},
			() => ({ name: 'EU', connectionId, table: 'public.orders', dataset: datasetId }),
			{ name: 'EU', action: 'created' },
		],
		['delete', byModel, () => ({ flowId: id }), { name: 'Orders', deleted: true }],
		['disable', byModel, () => ({ flowId: id }), { name: 'Orders', state: 'disabled' }],
		['enable', byModel, () => ({ flowId: id }), { name: 'Orders', action: 'unchanged' }],
		['get', byModel, () => ({ flowId: id }), { name: 'Orders', state: 'enabled' }],
		[
			'getHealth',
			{ report: fromAi('report', 'boolean') },
			() => ({ report: false }),
			{ name: 'Orders', health: 'neverRan' },
		],
		['getAll', { limit: fromAi('limit', 'number') }, () => ({ limit: 1 }), { name: 'Orders' }],
		[
			'update',
			{ ...byModel, updateFields: { name: fromAi('name') } },
			() => ({ flowId: id, name: 'EU' }),
			{ name: 'EU', action: 'updated' },
		],
	];

	describe.each(ROWS)('%s', (operation, parameters, filledIn, result) => {
		it('asks the model for what is left open and for nothing else', async () => {
			const made = await tool({ operation, ...parameters });
			expect(Object.keys(made.schema.shape).sort()).toStrictEqual(Object.keys(filledIn()).sort());
		});

		it('gives compact JSON without secrets', async () => {
			const text = await (await tool({ operation, ...parameters })).invoke(filledIn());
			const items = JSON.parse(text) as IDataObject[];
			expect(items[0]).toMatchObject(result);
			expect(text.length / items.length).toBeLessThan(COMPACT);
			expectNoSecret(text, adobe);
		});

		it('tells the model which permission is missing', async () => {
			const { clientId, clientSecret } = adobe.addClient({ permissions: [] });
			const made = await tool({ operation, ...parameters }, { ims: { clientId, clientSecret } });
			const thrown = await thrownBy(async () => await made.invoke(filledIn()));
			expect(thrown.message).toContain('The credential is not allowed to do this');
			expect(thrown.message).toMatch(/: .*'(View|Manage) Sources'/);
			expect(thrown.whole).not.toContain(clientSecret);
		});
	});

	it('takes the name that a model fills in where the locator is By Name', async () => {
		const made = await tool({ operation: 'get', flowId: locator('flowId', 'name') });
		const items = JSON.parse(await made.invoke({ flowId: 'Orders' })) as IDataObject[];
		expect(items[0]).toMatchObject({ flowId: id, name: 'Orders' });
		const thrown = await thrownBy(async () => await made.invoke({ flowId: 'the orders' }));
		expect(thrown.message).toContain("no dataflow in the sandbox 'prod' is named 'the orders'");
		expect(thrown.message).toContain('Names are case-sensitive');
	});

	it('tells the model that a name is no ID', async () => {
		const made = await tool({ operation: 'get', ...byModel });
		const thrown = await thrownBy(async () => await made.invoke({ flowId: 'the orders' }));
		expect(thrown.message).toContain("'Dataflow' needs an ID, not a name");
		expect(thrown.message).toContain('To use a name, choose the mode By Name');
	});

	it('a mapping that a model wrote is told what does not fit', async () => {
		const [, parameters, filledIn] = ROWS[0] ?? ['', {}, () => ({})];
		const made = await tool({
			operation: 'create',
			...parameters,
			mapping: 'json',
			mappings: fromAi('mappings', 'json'),
		});
		const thrown = await thrownBy(
			async () =>
				await made.invoke({
					...filledIn(),
					mappings: [{ source: 'total', destination: '_emulator.sum' }],
				} as IDataObject),
		);
		expect(thrown.message).toContain('The mapping does not fit the dataset');
		expect(thrown.message).toContain("no field '_emulator.sum'");
	});
});
