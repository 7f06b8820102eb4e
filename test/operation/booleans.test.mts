import type { INodeParameters } from 'n8n-workflow';

import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';

describe('A switch whose value comes from an expression', () => {
	const adobe = sharedAdobe();
	let connectionId: string;
	let flowId: string;

	beforeEach(async () => {
		adobe.reset();
		const source = basicCredential(adobe.postgres);
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', verify: false, name: 'Sales', authMode: 'basic' },
			{ source },
		);
		connectionId = String(made?.json.connectionId);
		flowId = adobe.markInUse(connectionId, ['Orders'])[0]?.id ?? '';
		adobe.journal.length = 0;
	});

	const connection = async (parameters: INodeParameters) =>
		await runConnectionNode(
			adobe,
			{ connectionId, authMode: 'basic', verify: false, ...parameters },
			{ source: { ...basicCredential(adobe.postgres), password: 'new-pass-1' } },
		);
	const dataflow = async (parameters: INodeParameters) =>
		await runDataflowNode(adobe, { flowId, ...parameters });

	describe('Replace Database Details', () => {
		it.each([
			['text', '=true'],
			['text in capitals', '={{ "TRUE" }}'],
			['a value with a line break behind it', '={{ true }}\n'],
		])('replaces them where it is %s that says so', async (_case, replaceDatabaseDetails) => {
			const [item] = await connection({ operation: 'update', replaceDatabaseDetails });
			expect(item?.json.action).toBe('updated');
			expect(adobe.connections()[0]?.auth.params.password).toBe('new-pass-1');
		});

		it('leaves them where it is text that says no', async () => {
			const [item] = await connection({
				operation: 'update',
				replaceDatabaseDetails: '={{ "False" }}\n',
			});
			expect(item?.json.action).toBe('unchanged');
		});
	});

	it('Delete Source and Target Connection deletes them where it is text that says so', async () => {
		await dataflow({ operation: 'delete', deleteConnections: '={{ "true" }}' });
		expect(adobe.sourceConnections()).toStrictEqual([]);
	});

	it('Simplify gives the raw data where it is text that says no', async () => {
		const [item] = await connection({ operation: 'get', simplify: '={{ "false" }}' });
		expect(item?.json).toHaveProperty('connectionSpec');
	});

	type Run = (parameters: INodeParameters) => Promise<unknown>;
	const rows: Array<[string, string, () => Run, INodeParameters]> = [
		[
			'Replace Database Details',
			'replaceDatabaseDetails',
			() => connection,
			{ operation: 'update' },
		],
		['Simplify', 'simplify', () => connection, { operation: 'get' }],
		['Simplify', 'simplify', () => connection, { operation: 'getAll' }],
		['Return All', 'returnAll', () => connection, { operation: 'getAll' }],
		['Return All', 'returnAll', () => connection, { resource: 'table', operation: 'getAll' }],
		['Simplify', 'simplify', () => dataflow, { operation: 'get' }],
		['Simplify', 'simplify', () => dataflow, { operation: 'getAll' }],
		[
			'Delete Source and Target Connection',
			'deleteConnections',
			() => dataflow,
			{ operation: 'delete' },
		],
		['Wait for Completion', 'waitForCompletion', () => dataflow, { operation: 'run' }],
		['Simplify', 'simplify', () => dataflow, { resource: 'run', operation: 'getAll' }],
	];

	it.each(
		rows.flatMap(([label, name, run, parameters]) =>
			[
				['yes', '={{ "yes" }}'],
				['1', '={{ 1 }}'],
				['nothing', '={{ $json.nothing }}'],
				['null', '={{ null }}'],
			].map(([value, expression]) => ({ label, name, run, parameters, value, expression })),
		),
	)(
		"'$label' of $parameters.operation is refused where it gives $value",
		async ({ label, name, run, parameters, expression = '' }) => {
			const thrown = await thrownBy(async () => await run()({ ...parameters, [name]: expression }));
			expect(thrown.message).toContain(`'${label}' is neither true nor false`);
			expect(requestsBy(adobe, 'DELETE')).toStrictEqual([]);
			expect(requestsBy(adobe, 'PATCH')).toStrictEqual([]);
		},
	);
});
