import { lastOf, stepsOf } from '../../demo/steps.mts';
import { formatTable } from '../../demo/table.mts';
import type { Execution, NodeRun } from '../../e2e/n8n/execution.mts';
import type { Workflow } from '../../e2e/n8n/workflow.mts';

const node = (name: string, type = 'n8n-nodes-base.set') => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
});
const workflow: Workflow = {
	name: 'Example',
	nodes: [
		node('A note', 'n8n-nodes-base.stickyNote'),
		node('Create connection'),
		node('Create dataflow'),
		node('Run it'),
		node('Never reached'),
	],
	connections: {},
};
const ran = (json: Record<string, unknown>, error?: NodeRun['error']): NodeRun => ({
	status: 'success',
	durationMs: 12,
	outputs: error === undefined ? [[{ json }]] : [],
	...(error && { error }),
});
const execution: Execution = {
	id: '1',
	status: 'success',
	text: '',
	nodes: new Map([
		['Create connection', ran({ action: 'created', connectionId: 'c-1', etag: null })],
		['Create dataflow', ran({ connectionId: 'c-1', datasetId: 'd-1', table: 'public.orders' })],
		['Run it', ran({}, { message: 'No', description: 'Do this' })],
	]),
};

describe('what the demo says of an execution', () => {
	it('has a line for each node, in their order, and what it did', () => {
		expect(formatTable(['Node', 'Result', 'Time'], stepsOf(workflow, execution))).toBe(
			[
				'Node               Result                Time',
				'─────────────────  ────────────────────  ─────',
				'Create connection  action: created       12 ms',
				'                   connectionId: c-1',
				'Create dataflow    table: public.orders  12 ms',
				'                   connectionId: c-1',
				'Run it             failed: No            12 ms',
				'                   Do this',
				'Never reached      did not run',
			].join('\n'),
		);
	});

	it('finds what the last node says that says it', () => {
		expect(lastOf('connectionId', workflow, execution)).toBe('c-1');
		expect(lastOf('datasetId', workflow, execution)).toBe('d-1');
		expect(lastOf('runId', workflow, execution)).toBeUndefined();
	});
});
