import {
	importCredentials,
	importExamples,
	MAIN_EXAMPLE,
	startOf,
	readExample,
} from '../e2e/n8n/examples.mts';
import { itemsOf, type Execution } from '../e2e/n8n/execution.mts';
import { Witness } from '../e2e/n8n/witness.mts';
import type { Workflow } from '../e2e/n8n/workflow.mts';
import type { DemoRun } from './demoRun.mts';
import { formatTable } from './table.mts';

/**
 * Executes the main example without a browser and prints what happened; the last line on stdout is
 * `connectionId: <uuid>`.
 *
 * @throws {Error} when a node failed, or Adobe's side does not hold the connection, or cannot log
 *   in to its database
 */
export async function runOnce({ stage, progress }: DemoRun): Promise<void> {
	progress('Importing the examples …');
	const workflows = await importExamples(
		stage.session,
		stage,
		await importCredentials(stage.session, stage),
	);
	const example = await readExample(MAIN_EXAMPLE);

	progress(`Executing "${example.name}" …`);
	const execution = await stage.session.execute(
		String(workflows.get(MAIN_EXAMPLE)),
		startOf(example),
	);
	const rows = stepsOf(example, execution);
	const connectionId = lastConnectionId(example, execution);
	const witness = new Witness(stage.emulator);
	const held = connectionId === undefined ? undefined : await witness.connection(connectionId);
	const canLogIn = held !== undefined && (await witness.testPasses(held.id));
	if (held) {
		rows.push(['(Adobe’s side, asked directly)', `holds "${held.name}", ${held.state}`, '']);
		rows.push(['', canLogIn ? 'logs in to the database' : 'cannot log in to the database', '']);
	}
	process.stdout.write(`\n${formatTable(['Node', 'Result', 'Time'], rows)}\n\n`);

	if (execution.status !== 'success')
		throw new Error(`the execution ended as "${execution.status}"`);
	if (!held || !canLogIn) throw new Error('Adobe’s side does not hold a connection that works');
	progress('Stopping everything …');
	process.stdout.write(`connectionId: ${held.id}\n`);
}

/** One line a node, in the order of the workflow. */
function stepsOf(workflow: Workflow, execution: Execution): string[][] {
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
	return ['action', 'name', 'state', 'connectionId', 'error']
		.filter((field) => json[field] !== undefined)
		.map((field) => `${field}: ${String(json[field])}`);
}

/** The connection ID that arrived at the end of the workflow. */
function lastConnectionId(workflow: Workflow, execution: Execution): string | undefined {
	const last = workflow.nodes.at(-1);
	const value = last && itemsOf(execution, last.name)[0]?.json.connectionId;
	return typeof value === 'string' ? value : undefined;
}
