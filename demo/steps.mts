import { itemsOf, type Execution } from '../e2e/n8n/execution.mts';
import type { Workflow } from '../e2e/n8n/workflow.mts';

/** One line a node, in the order of the workflow. */
export function stepsOf(workflow: Workflow, execution: Execution): string[][] {
	const steps: string[][] = [];
	for (const { name, type } of workflow.nodes) {
		const run = execution.nodes.get(name);
		if (type.endsWith('.stickyNote')) continue;
		if (run === undefined) {
			steps.push([name, 'did not run', '']);
			continue;
		}
		const time = `${run.durationMs} ms`;
		if (run.error) {
			steps.push([name, `failed: ${run.error.message}`, time]);
			if (run.error.description) steps.push(['', run.error.description, '']);
			continue;
		}
		const results = itemsOf(execution, name).flatMap(({ json }) => describe(json));
		const [first = 'done', ...more] = results;
		steps.push([name, first, time], ...more.map((text) => ['', text, '']));
	}
	return steps;
}

/** The fields that say what a node did, as `field: value`. */
function describe(json: Record<string, unknown>): string[] {
	return [
		'summary',
		'action',
		'name',
		'table',
		'dataset',
		'state',
		'status',
		'connectionId',
		'flowId',
		'error',
	]
		.filter((field) => typeof json[field] === 'string')
		.map((field) => `${field}: ${String(json[field])}`);
}

/** What the last node that puts out this member says, e.g. the connection ID. */
export function lastOf(
	member: string,
	{ nodes }: Workflow,
	execution: Execution,
): string | undefined {
	const values = nodes.map(({ name }) => itemsOf(execution, name)[0]?.json[member]);
	return values.filter((value) => typeof value === 'string').at(-1);
}
