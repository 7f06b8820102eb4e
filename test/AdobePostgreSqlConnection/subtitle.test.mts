import type { INodeParameters } from 'n8n-workflow';

import { wireConnectionNode } from '../support/connectionNode.mts';

const adobe = {
	postgres: { server: '', port: 1, database: '', username: '', password: '' },
} as never;

/** As the editor works it out: without input data. */
function subtitle(parameters: INodeParameters): unknown {
	const { workflow, node, nodeType } = wireConnectionNode(adobe, parameters);
	const { subtitle: expression = '' } = nodeType.description;
	return workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
}

describe('What the canvas says below the node', () => {
	const ofTable = (operation: string, value: unknown): INodeParameters => ({
		resource: 'table',
		operation,
		table: { __rl: true, mode: 'list', value } as never,
	});

	it.each<[string, INodeParameters, string]>([
		['the default operation', {}, 'Create or update a connection'],
		['a name', { operation: 'create', name: ' Sales ' }, 'Create: Sales'],
		['a name with quotes', { name: `S'a"l}}es` }, `Create or Update: S'a"l}}es`],
		['a name by expression', { name: '={{ $json.name }}' }, 'Create or update a connection'],
		['an operation on an ID', { operation: 'test' }, 'Test a connection'],
		['a list of connections', { operation: 'getAll' }, 'Get many connections'],
		['a list of tables', { resource: 'table', operation: 'getAll' }, 'Get many tables'],
		['a table', ofTable('preview', 'public.orders'), 'Preview Rows: public.orders'],
		['columns', ofTable('getColumns', 'crm."Order Items"'), 'Get Columns: crm."Order Items"'],
		['no table yet', ofTable('preview', ''), 'Preview rows of a table'],
		['a table by expression', ofTable('preview', '={{ $json.table }}'), 'Preview rows of a table'],
	])('is in words for %s', (_case, parameters, expected) => {
		expect(subtitle(parameters)).toBe(expected);
	});
});
