import {
	DEMO_EXAMPLE,
	importCredentials,
	importExamples,
	readExample,
	startOf,
} from '../e2e/n8n/examples.mts';
import { Witness } from '../e2e/n8n/witness.mts';
import type { DemoRun } from './demoRun.mts';
import { lastOf, stepsOf } from './steps.mts';
import { formatTable } from './table.mts';

/**
 * Executes the example of the demo without a browser and prints what happened; the last line on stdout is
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
	const example = await readExample(DEMO_EXAMPLE);

	progress(`Executing "${example.name}" …`);
	const execution = await stage.session.execute(
		String(workflows.get(DEMO_EXAMPLE)),
		startOf(example),
	);
	const rows = stepsOf(example, execution);
	const connectionId = lastOf('connectionId', example, execution);
	const datasetId = lastOf('datasetId', example, execution);
	const witness = new Witness(stage.emulator);
	const held = connectionId === undefined ? undefined : await witness.connection(connectionId);
	const canLogIn = held !== undefined && (await witness.testPasses(held.id));
	if (held) {
		rows.push(['(Adobe’s side, asked directly)', `holds "${held.name}", ${held.state}`, '']);
		rows.push(['', canLogIn ? 'logs in to the database' : 'cannot log in to the database', '']);
	}
	if (datasetId !== undefined) {
		const { length } = await stage.emulator.lakeRows(datasetId);
		rows.push(['', `holds ${length} rows in the dataset`, '']);
	}
	process.stdout.write(`\n${formatTable(['Node', 'Result', 'Time'], rows)}\n\n`);

	if (execution.status !== 'success')
		throw new Error(`the execution ended as "${execution.status}"`);
	if (!held || !canLogIn) throw new Error('Adobe’s side does not hold a connection that works');
	progress('Stopping everything …');
	process.stdout.write(`connectionId: ${held.id}\n`);
}
