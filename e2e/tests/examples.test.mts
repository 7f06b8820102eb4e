import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { canaries, type PlacedText } from '../canary/canaries.mts';
import { withClient } from '../n8n/database.mts';
import { exampleFiles, readExample, startOf, withSampleDatabase } from '../n8n/examples.mts';
import { itemsOf, type Execution, type Item } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { withCredentials, type Workflow } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const ALERT = 'alert-on-failed-runs.json';

/** Those that do not run by themselves; `examplesWithOthers.test.mts` executes the rest of them. */
const NOT_ALONE = [
	ALERT,
	'ai-data-steward.json',
	'keep-in-step-with-a-database.json',
	'notify-slack-at-once.json',
	'notify-slack-or-teams.json',
	'onboarding-form.json',
];
const REASON = 'The column updated_at is gone';

/** The example with a table of databases in it, passwords included, as its note says. */
const WITH_PASSWORDS = 'Provision many databases';
const OURS = 'n8n-nodes-adobe-postgresql.';

/**
 * A user of the sample database for that table alone, so that no other password is ever excused. It
 * stands in the workflow, and in the items of its execution, because somebody has typed it there.
 */
const typedIn = { username: 'from_a_table', password: canaries.make('a password typed in') };
const HOLD_WORKFLOWS = [
	'public.workflow_entity',
	'public.workflow_history',
	'public.execution_data',
];
canaries.add(
	'a password typed in',
	typedIn.password,
	({ kind, where, text }: PlacedText) =>
		kind === 'database' && HOLD_WORKFLOWS.includes(where) && text.includes(WITH_PASSWORDS),
);

/** The items of the last nodes that have put any out: those of all branches. */
function lastItems({ nodes, connections }: Workflow, execution: Execution): Item[] {
	const last = nodes.filter(({ name }) => connections[name] === undefined);
	return last.flatMap(({ name }) => itemsOf(execution, name));
}

describe('the examples', async () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
		const { superuser, database, server, port, username } = stage.postgres;
		await withClient({ server, port, database, ...superuser }, async (client) => {
			await client.query(
				`create role ${typedIn.username} login password '${typedIn.password}' in role ${username}`,
			);
		});
	});

	const execute = async (file: string): Promise<Item[]> => {
		const postgres = { ...stage.postgres, ...typedIn };
		const example = withSampleDatabase(await readExample(file), { ...stage, postgres });
		const workflow = withCredentials(example, stage.credentialIds);
		const id = await stage.session.createWorkflow(workflow);
		const execution = await stage.session.execute(id, startOf(example));
		assert.equal(execution.status, 'success', execution.error?.message);
		const outputs = example.nodes
			.filter(({ type }) => type.startsWith(OURS))
			.map(({ name }): PlacedText => {
				const text = JSON.stringify(execution.nodes.get(name)?.outputs ?? []);
				return { kind: 'output', where: name, text };
			});
		assert.deepEqual(await canaries.findIn(outputs), []);
		return lastItems(example, execution);
	};

	for (const file of (await exampleFiles()).filter((name) => !NOT_ALONE.includes(name))) {
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
