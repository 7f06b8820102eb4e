import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { toolOf } from '../support/agent.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { runConnectionNode, thrownBy, wireConnectionNode } from '../support/connectionNode.mts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** A text that a model reads should cost it little. */
const COMPACT = 1_500;

const byModel: INodeParameters = {
	connectionId: {
		__rl: true,
		mode: 'id',
		value: "={{ $fromAI('connectionId', 'ID of the base connection', 'string') }}",
	},
};
const table: INodeParameters = {
	__rl: true,
	mode: 'name',
	value: "={{ $fromAI('table', 'Schema and table', 'string') }}",
};
const limit = "={{ $fromAI('limit', 'How many', 'number') }}";
const name = "={{ $fromAI('name', 'Name of the connection', 'string') }}";

describe('As the tool of an AI agent', () => {
	const adobe = sharedAdobe({ secretsInGet: 'clear' });
	let id: string;

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, {
			operation: 'create',
			verify: false,
			name: 'Sales',
		});
		id = String(made?.json.connectionId);
	});

	const tool = async (parameters: INodeParameters, setup: NodeSetup = {}) =>
		await toolOf(wireConnectionNode(adobe, parameters, setup));

	const expectNoSecret = (text: string) => {
		const tokens = adobe.journal.map(({ headers }) => String(headers.authorization ?? ''));
		for (const secret of [adobe.clientSecret, adobe.postgres.password, ...tokens]) {
			if (secret !== '') expect(text).not.toContain(secret.replace(/^Bearer /, ''));
		}
	};

	/** Operation, its parameters, what the model fills in, and the beginning of what it reads. */
	const ROWS: Array<[string, INodeParameters, () => IDataObject, IDataObject]> = [
		['create', { name }, () => ({ name: 'EU' }), { name: 'EU', action: 'created' }],
		['upsert', { name }, () => ({ name: 'EU' }), { name: 'EU', action: 'created' }],
		['delete', byModel, () => ({ connectionId: id }), { name: 'Sales', deleted: true }],
		['get', byModel, () => ({ connectionId: id }), { name: 'Sales', state: 'enabled' }],
		['getAll', { limit }, () => ({ limit: 1 }), { name: 'Sales', state: 'enabled' }],
		['test', byModel, () => ({ connectionId: id }), { name: 'Sales', result: true }],
		[
			'update',
			{ ...byModel, updateFields: { name } },
			() => ({ connectionId: id, name: 'EU' }),
			{ name: 'EU', action: 'updated' },
		],
		[
			'getAll',
			{ resource: 'table', ...byModel, limit },
			() => ({ connectionId: id, limit: 2 }),
			{ type: 'table' },
		],
		[
			'getColumns',
			{ resource: 'table', ...byModel, table },
			() => ({ connectionId: id, table: 'public.orders' }),
			{ table: 'public.orders', xdmType: 'integer' },
		],
		[
			'preview',
			{ resource: 'table', ...byModel, table, limit },
			() => ({ connectionId: id, table: 'public.orders', limit: 2 }),
			{ id: 1 },
		],
	];

	describe.each(
		ROWS.map(
			([operation, parameters, filledIn, result]) =>
				[
					`${String(parameters.resource ?? 'connection')} ${operation}`,
					{ operation, ...parameters },
					filledIn,
					result,
				] as const,
		),
	)('%s', (_title, parameters, filledIn, result) => {
		it('asks the model for what is left open and for nothing else', async () => {
			const made = await tool(parameters);
			expect(Object.keys(made.schema.shape).sort()).toStrictEqual(Object.keys(filledIn()).sort());
			expect(made.description.length).toBeGreaterThan(10);
		});

		it('gives compact JSON without secrets', async () => {
			const text = await (await tool(parameters)).invoke(filledIn());
			const items = JSON.parse(text) as IDataObject[];
			expect(items[0]).toMatchObject(result);
			expect(text.length / items.length).toBeLessThan(COMPACT);
			expectNoSecret(text);
		});

		it('tells the model which permission is missing, without secrets', async () => {
			const { clientId, clientSecret } = adobe.addClient({ permissions: [] });
			const made = await tool(parameters, { ims: { clientId, clientSecret } });
			const thrown = await thrownBy(async () => await made.invoke(filledIn()));
			expect(thrown.message).toContain('The credential is not allowed to do this');
			expect(thrown.message).toMatch(/: .*'(View|Manage) Sources'/);
			expectNoSecret(thrown.whole);
			expect(thrown.whole).not.toContain(clientSecret);
		});
	});

	describe.each(ROWS.filter(([, { connectionId }]) => connectionId !== undefined))(
		'%s',
		(operation, parameters, filledIn) => {
			const invokeWith = async (connectionId: string) =>
				await thrownBy(async () => {
					const made = await tool({ operation, ...parameters });
					await made.invoke({ ...filledIn(), connectionId });
				});

			it('tells the model that it made an ID up, and where to get one', async () => {
				const thrown = await invokeWith(UNKNOWN_ID);
				expect(thrown.message).toContain(`The connection '${UNKNOWN_ID}' was not found`);
				expect(thrown.message).toContain('Check the ID');
			});

			it('tells the model that a name is no ID', async () => {
				adobe.journal.length = 0;
				const thrown = await invokeWith('Sales database');
				expect(thrown.message).toContain("'Connection' needs an ID, not a name");
				expect(thrown.message).toContain('To use a name, choose the mode By Name');
				expect(adobe.journal).toHaveLength(0);
			});
		},
	);

	it('a model that asks for a table that is not there is told how tables are named', async () => {
		const made = await tool({ resource: 'table', operation: 'preview', ...byModel, table });
		const thrown = await thrownBy(
			async () => await made.invoke({ connectionId: id, table: 'customer' }),
		);
		expect(thrown.message).toContain("The table 'customer' was not found");
		expect(thrown.message).toContain('public.orders');
	});

	it('an empty list is an empty list', async () => {
		adobe.reset();
		const made = await tool({ operation: 'getAll', limit });
		expect(await made.invoke({ limit: 5 })).toBe('[]');
	});

	it('the whole answer, with Simplify off, holds no secret even if Adobe sends one', async () => {
		const made = await tool({ operation: 'get', simplify: false, ...byModel });
		const text = await made.invoke({ connectionId: id });
		expect(text).toContain('connectionSpec');
		expectNoSecret(text);
	});
});
