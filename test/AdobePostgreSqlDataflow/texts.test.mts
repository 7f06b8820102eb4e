import type { INodeParameters, INodeType } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { AdobePostgreSqlDataflowTrigger } from '../../nodes/AdobePostgreSqlDataflowTrigger/AdobePostgreSqlDataflowTrigger.node';
import { wire } from '../support/core.mts';

const NODES: Array<[string, INodeType]> = [
	['the Dataflow node', new AdobePostgreSqlDataflow()],
	['the trigger', new AdobePostgreSqlDataflowTrigger()],
];

/** n8n cuts what comes behind. */
const MAX_DESCRIPTION = 90;

/** As the editor works it out: without input data. */
function subtitle(nodeType: INodeType, parameters: INodeParameters): unknown {
	const { workflow, node } = wire({ nodeType, parameters, credentials: { ims: {} } });
	const { subtitle: expression = '' } = nodeType.description;
	return workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
}

describe('The texts', () => {
	it('of every operation say within what n8n shows what it does', () => {
		const [, node] = NODES[0] ?? [];
		const operations = node?.description.properties.filter(({ name }) => name === 'operation');
		const texts = (operations ?? []).flatMap(({ options = [] }) =>
			options.map((option) => ('description' in option ? String(option.description) : '')),
		);
		expect(texts.length).toBeGreaterThan(10);
		for (const text of texts) {
			const [first = ''] = text.split('. ');
			expect([text, first.length > 0 && first.length <= MAX_DESCRIPTION]).toStrictEqual([
				text,
				true,
			]);
		}
	});

	it('of the trigger tell of the Dataflow node, too: n8n shows no other for both', () => {
		const { description } = new AdobePostgreSqlDataflowTrigger().description;
		expect(description).toMatch(/^Load PostgreSQL tables into Adobe Experience Platform/);
		expect(description).toMatch(/when a run fails/);
	});

	it.each(NODES)('of %s are in the usual words', (_node, { description }) => {
		expect(JSON.stringify(description)).not.toMatch(/years|anew|put out|take in|taken in/i);
	});
});

describe('What the canvas says below the node', () => {
	const [[, dataflow], [, trigger]] = NODES as [[string, INodeType], [string, INodeType]];
	const table = (value: string) => ({ __rl: true, mode: 'list', value }) as never;

	it.each<[string, INodeParameters, string]>([
		['no table yet', {}, 'Create a dataflow'],
		['a table', { table: table('public.orders') }, 'Create: public.orders'],
		['Run Now', { operation: 'run' }, 'Run a dataflow now'],
		['runs', { resource: 'run', operation: 'getAll' }, 'Get many runs'],
	])('is in words for %s', (_case, parameters, expected) => {
		expect(subtitle(dataflow, parameters)).toBe(expected);
	});

	it.each<[string, INodeParameters, string]>([
		['one event', {}, 'Run Failed'],
		[
			'several',
			{ triggerOn: ['failed', 'rejectedRecords'] },
			'Run Failed, Run Succeeded With Rejected Records',
		],
		['what an expression gives', { triggerOn: '={{ "started" }}' }, 'Run Started'],
	])('is in words for the trigger with %s', (_case, parameters, expected) => {
		expect(subtitle(trigger, parameters)).toBe(expected);
	});
});
