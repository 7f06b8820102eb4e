import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { exampleFiles, readExample, startOf, withSampleDatabase } from '../n8n/examples.mts';
import { itemsOf, type Execution, type Item } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { withCredentials, type Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const ALERT = 'alert-on-failed-runs.json';
const REASON = 'The column updated_at is gone';

/** The items of the last nodes that have put any out: those of all branches. */
function lastItems({ nodes, connections }: Workflow, execution: Execution): Item[] {
	const last = nodes.filter(({ name }) => connections[name] === undefined);
	return last.flatMap(({ name }) => itemsOf(execution, name));
}

describe('the examples', async () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	const execute = async (file: string): Promise<Item[]> => {
		const example = withSampleDatabase(await readExample(file), stage);
		const workflow = withCredentials(example, stage.credentialIds);
		const id = await stage.session.createWorkflow(workflow);
		const execution = await stage.session.execute(id, startOf(example));
		assert.equal(execution.status, 'success', execution.error?.message);
		return lastItems(example, execution);
	};

	for (const file of (await exampleFiles()).filter((name) => name !== ALERT)) {
		test(`${file} is executed, and what its last nodes put out is there at Adobe and works`, async () => {
			const items = await execute(file);
			assert.notEqual(items.length, 0);
			// What went the way of the items that failed says what to do.
			assert.deepEqual(
				items.flatMap(({ json }) => json.whatToDo ?? []),
				[],
			);
			const witness = new Witness(stage.emulator);
			const idsOf = (member: string) =>
				new Set(items.flatMap(({ json }) => (json[member] ? [String(json[member])] : [])));
			const [connections, flows, runs] = [
				idsOf('connectionId'),
				idsOf('flowId'),
				idsOf('runId'),
			] as const;
			assert.notEqual(connections.size + flows.size + runs.size, 0);
			for (const id of connections) {
				assert.equal((await witness.connection(id))?.id, id);
				assert.equal(await witness.testPasses(id), true);
			}
			for (const id of flows) {
				assert.equal(stage.emulator.flows().find((flow) => flow.id === id)?.state, 'enabled');
			}
			for (const id of runs) {
				assert.equal(stage.emulator.runs().find((run) => run.id === id)?.state, 'success');
			}
		});
	}

	test(`${ALERT} is started by a run that failed, and tells why`, async () => {
		const flow = stage.emulator.flows()[0];
		assert.ok(flow);
		const { id } = stage.emulator.seedRun({
			flowId: flow.id,
			status: 'failed',
			errors: [{ code: 'CONNECTOR-1001-500', message: REASON }],
		});
		const [item, ...more] = await execute(ALERT);
		assert.deepEqual(more, []);
		assert.equal(item?.json.runId, id);
		assert.equal(item?.json.flowId, flow.id);
		assert.equal(item?.json.eventId, `${id}:failed`);
		assert.match(String(item?.json.text), new RegExp(REASON));
	});
});
