import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import {
	connectionIdParameter,
	datasetParameter,
	flowIdParameter,
	runIdParameter,
} from '../../nodes/locators/locators';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { withAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { runWorkflow } from '../support/core.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { DATAFLOW_OPERATIONS, withOrders } from '../support/dataflowOperations.mts';
import type { Row } from '../support/operations.mts';
import { OPERATIONS, run, withSales } from '../support/operations.mts';

const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** What the locators of the tables of operations stand for; a run has no name. */
const NAMES: Record<string, string> = {
	connectionId: 'Sales',
	flowId: 'Orders',
	dataset: 'Orders',
};

/** The same operation with names in the place of IDs. */
const named = (row: Row): Row => ({
	...row,
	parameters: Object.fromEntries(
		Object.entries(row.parameters).map(([name, value]) => [
			name,
			name in NAMES ? byName(NAMES[name] ?? '') : value,
		]),
	) as INodeParameters,
});

const takesName = ({ parameters }: Row) => Object.keys(parameters).some((name) => name in NAMES);

const get = async (adobe: Emulator, names: string[], setup: NodeSetup = {}) =>
	await runConnectionNode(
		adobe,
		{ operation: 'get', connectionId: byName('={{ $json.name }}') },
		setup,
		names.map((name) => ({ json: { name } })),
	);

const make = async (adobe: Emulator, ...names: string[]): Promise<string[]> => {
	const made = await runConnectionNode(
		adobe,
		{ operation: 'create', name: '={{ $json.name }}' },
		{},
		names.map((name) => ({ json: { name } })),
	);
	adobe.journal.length = 0;
	return made.map(({ json }) => String(json.connectionId));
};

/** How often Adobe was asked for connections by name. */
const lookups = (adobe: Emulator) =>
	requestsBy(adobe, 'GET').filter(({ path }) => path.includes('property=name=='));

describe('A name in the place of an ID', () => {
	it.each(OPERATIONS.filter(takesName).map((row) => [row.title, row] as const))(
		'is taken by %s',
		async (_title, row) => {
			await withSales(async (adobe, item) => {
				const [first] = await run(adobe, named(row), [item]);
				expect(first?.json).toMatchObject(row.result);
			});
		},
	);

	it.each(DATAFLOW_OPERATIONS.filter(takesName).map((row) => [row.title, row] as const))(
		'is taken by %s',
		async (_title, row) => {
			await withOrders(row, async (adobe, item) => {
				const [first] = await run(adobe, named(row), [item]);
				expect(first?.json).toMatchObject(row.result);
			});
		},
	);

	it('is tried in every operation that locates something with a name', () => {
		const locating = [new AdobePostgreSqlConnection(), new AdobePostgreSqlDataflow()]
			.flatMap(({ description }) => description.properties)
			.filter(({ name, type }) => type === 'resourceLocator' && name in NAMES)
			.map(({ displayOptions: { show = {} } = {} }) => `${show.resource} ${show.operation}`);
		const tried = [...OPERATIONS, ...DATAFLOW_OPERATIONS]
			.filter(takesName)
			.map(({ resource, operation }) => `${resource} ${operation}`);
		expect([...new Set(locating)].sort()).toStrictEqual([...new Set(tried)].sort());
	});
});

describe('The modes of a locator', () => {
	const modesOf = ({ modes = [] }: INodeProperties) => modes.map(({ displayName }) => displayName);

	it.each([connectionIdParameter, flowIdParameter, datasetParameter])(
		'offer a name for a $displayName',
		(parameter) => {
			expect(modesOf(parameter)).toStrictEqual(['From List', 'By Name', 'By URL', 'By ID']);
		},
	);

	it('offer none for a run, which has no name', () => {
		expect(modesOf(runIdParameter)).toStrictEqual(['From List', 'By URL', 'By ID']);
	});
});

describe('The look-up of a name', () => {
	it('is made once for all items that give it', async () => {
		await withAdobe({}, async (adobe) => {
			const [sales, shop] = await make(adobe, 'Sales', 'Shop');
			const items = await get(adobe, ['Sales', 'Shop', 'Sales', 'Sales']);
			expect(items.map(({ json }) => json.connectionId)).toStrictEqual([sales, shop, sales, sales]);
			expect(lookups(adobe)).toHaveLength(2);
		});
	});

	it('is made together for all items but the first, which signs in', async () => {
		await withAdobe({}, async (adobe) => {
			const names = ['Sales', 'Stock', 'Staff', 'Shop'];
			const ids = await make(adobe, ...names);
			const found = await get(adobe, names);
			expect(found.map(({ json }) => json.connectionId)).toStrictEqual(ids);
			expect(lookups(adobe)).toHaveLength(2);
		});
	});

	it('is made once also for a name that does not exist', async () => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const items = await get(adobe, ['Gone', 'Gone', 'Gone', 'Sales'], {
				onError: 'continueRegularOutput',
			});
			const errors = items.map(({ json }) => String(json.error ?? '').slice(0, 40));
			expect(errors.filter((text) => text.includes("'Connection': no connection"))).toHaveLength(3);
			expect(lookups(adobe)).toHaveLength(2);
		});
	});

	it('is made in the sandbox of the item', async () => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const thrown = await thrownBy(
				async () =>
					await runConnectionNode(adobe, {
						operation: 'get',
						connectionId: byName('Sales'),
						options: { sandboxName: 'dev' },
					}),
			);
			expect(thrown.message).toContain("no connection in the sandbox 'dev' is named 'Sales'");
		});
	});

	it.each(['Sales, North', 'Sales "North"', '=Sales', 'Büro ☕', "O'Hara & Söhne"])(
		'finds the one that is named %s, and no other',
		async (name) => {
			await withAdobe({}, async (adobe) => {
				const [, wanted] = await make(adobe, 'Sales', name, 'North');
				// n8n takes what begins with an equals sign for an expression.
				const items = await get(adobe, [name]);
				expect(items[0]?.json.connectionId).toBe(wanted);
			});
		},
	);

	it('comes after all items were checked', async () => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const thrown = await thrownBy(async () => await get(adobe, ['Sales', ' ']));
			expect(thrown.message).toBe("'Connection' is empty [item 1]");
			expect(adobe.journal).toHaveLength(0);
		});
	});

	it('is not made again by a retry, for which the connection is renamed already', async () => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const path = '/data/foundation/flowservice/connections/{id}';
			adobe.addFault({ method: 'PATCH', path, kind: 'reset', when: 'after' });
			adobe.addFault({ method: 'GET', path, kind: 'status', status: 403, skip: 1 });
			const wired = wireConnectionNode(
				adobe,
				{
					operation: 'update',
					connectionId: byName('Sales'),
					updateFields: { name: 'Shop' },
				},
				{ retryOnFail: true },
			);
			const { data } = await runWorkflow(wired);
			expect(data.resultData.error).toBeUndefined();
			expect(adobe.connections().map(({ name }) => name)).toStrictEqual(['Shop']);
			expect(lookups(adobe)).toHaveLength(1);
		});
	});
});

describe('A name that does not stand for one thing', () => {
	const refusal = async (adobe: Emulator, name: string) =>
		await thrownBy(async () => await get(adobe, [name]));

	it.each([
		['that nothing has', 'Shop'],
		['in other letters', 'sales'],
		['that is a part of one', 'Sale'],
	])('is refused: one %s', async (_what, name) => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const { message, description } = await refusal(adobe, name);
			expect(message).toBe(
				`'Connection': no connection in the sandbox 'prod' is named '${name}' [item 0]`,
			);
			expect(description).toContain('It may have been renamed or deleted');
		});
	});

	it('is refused: one that several have, with their IDs', async () => {
		await withAdobe({}, async (adobe) => {
			const ids = await make(adobe, 'Sales', 'Sales');
			const { message, description } = await refusal(adobe, 'Sales');
			expect(message).toBe(
				"'Connection': 2 connections in the sandbox 'prod' are named 'Sales' [item 0]",
			);
			for (const id of ids) expect(description).toContain(`${id} (enabled)`);
		});
	});

	it('is refused: half an emoji, before anything is sent', async () => {
		await withAdobe({}, async (adobe) => {
			const { message } = await refusal(adobe, 'Sales \ud83d');
			expect(message).toBe("'Connection' contains half an emoji [item 0]");
			expect(adobe.journal).toHaveLength(0);
		});
	});

	const orders = (changes: INodeParameters): INodeParameters => ({
		operation: 'create',
		name: 'New',
		connectionId: byName('Sales'),
		table: 'public.orders',
		dataset: byName('Orders'),
		...changes,
	});

	it.each<[string, INodeParameters, string]>([
		[
			'Dataset',
			{ dataset: byName('Order') },
			"'Dataset': no dataset in the sandbox 'prod' is named 'Order'",
		],
		[
			'Connection',
			{ connectionId: byName('Shop') },
			"'Connection': no connection in the sandbox 'prod' is named 'Shop'",
		],
	])('is refused by Create for its %s, and nothing is made', async (_label, changes, message) => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const thrown = await thrownBy(async () => await runDataflowNode(adobe, orders(changes)));
			expect(thrown.message).toContain(message);
			expect(adobe.sourceConnections()).toHaveLength(0);
			expect(adobe.flows()).toHaveLength(0);
		});
	});

	it('is refused for datasets that share it, with their IDs', async () => {
		await withAdobe({}, async (adobe) => {
			await make(adobe, 'Sales');
			const second = adobe.addDataSet({ name: 'Orders', fields: { total: 'number' } });
			const thrown = await thrownBy(async () => await runDataflowNode(adobe, orders({})));
			expect(thrown.message).toContain("'Dataset': 2 datasets in the sandbox 'prod'");
			expect(thrown.description).toContain(second.id);
		});
	});
});
