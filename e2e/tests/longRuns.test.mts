import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { canaries } from '../canary/canaries.mts';
import { imsCredential } from '../n8n/adobe.mts';
import { DEMO_EXAMPLE, readExample, startOf } from '../n8n/examples.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

/** Of Adobe's clock, which the tests advance. */
const RUN_MS = 20 * 60_000;

/** Long enough for a node that does not wait to have given up, or gone on. */
const BEFORE_THE_END_MS = 2_000;

describe('the examples that wait, when a run takes twenty minutes', () => {
	let stage: SharedStage;
	let emulator: Emulator;
	let credentialIds: Map<string, string>;
	before(async () => {
		stage = await sharedStage();
		const { postgres } = stage;
		emulator = await startEmulator({ postgres, runDurationMs: RUN_MS });
		canaries.watch(emulator);
		const credential = imsCredential({ emulator, postgres });
		const id = await stage.session.createCredential({ ...credential, name: 'Slow Adobe' });
		credentialIds = new Map(stage.credentialIds).set(`${credential.type}/${credential.name}`, id);
	});
	after(async () => await emulator?.close());

	// The second one runs the dataflow of the first.
	for (const file of [DEMO_EXAMPLE, 'nightly-run.json']) {
		test(`${file} runs to the end`, async () => {
			const { id: _, ...example } = await readExample(file);
			const workflow = withCredentials(example, credentialIds);
			const workflowId = await stage.session.createWorkflow(workflow);
			const countBefore = emulator.runs().length;
			let isOver = false;
			const letTimePass = async () => {
				while (!isOver) {
					await sleep(200);
					if (!emulator.runs().some(({ state }) => state === 'inProgress')) continue;
					await sleep(BEFORE_THE_END_MS);
					await emulator.advanceClock(RUN_MS);
				}
			};
			const passing = letTimePass();
			try {
				const execution = await stage.session.execute(workflowId, startOf(workflow));
				assert.equal(execution.status, 'success', execution.error?.message);
			} finally {
				isOver = true;
				await passing;
			}
			const [run, ...more] = emulator.runs().slice(countBefore);
			assert.deepEqual(more, []);
			assert.equal(run?.state, 'success');
			const { startedAtUTC = 0, completedAtUTC = 0 } = run.metrics.durationSummary;
			assert.ok(completedAtUTC - startedAtUTC >= RUN_MS, `${completedAtUTC - startedAtUTC} ms`);
		});
	}
});
