import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { JOURNAL_TRIGGER, journalWorkflow, POLL_EVERY_SECONDS } from '../journalWorkflow.mts';
import { itemsOf, readExecution } from '../n8n/execution.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { dataflowWithRuns, eventsCredential, until } from '../webhookWorkflow.mts';

interface Listed {
	id: string;
	startedAt: string;
	status: string;
}

/** An execution that the trigger has started. */
interface Started extends Listed {
	/** IDs of the runs that its items are of. */
	runs: string[];
}

describe('the trigger by the journal in n8n', () => {
	let stage: SharedStage;
	let workflowId: string;
	let flowId: string;
	/** IDs of the runs that have ended since the workflow was published. */
	const wanted: string[] = [];

	before(async () => {
		stage = await sharedStage();
		flowId = await dataflowWithRuns(stage, 'Orders by journal');
		const credential = eventsCredential(stage);
		const id = await stage.session.createCredential(credential);
		const workflow = journalWorkflow({ id, name: credential.name });
		workflowId = await stage.session.createWorkflow(workflow);
	});
	after(async () => {
		if (workflowId !== undefined) await stage.session.deactivate(workflowId).catch(() => undefined);
	});

	const known = new Map<string, Started>();
	/** The executions of the workflow that have ended. */
	const executions = async (): Promise<Started[]> => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await stage.session.request<{ results: Listed[] }>(
			'GET',
			`/rest/executions?limit=100&filter=${filter}`,
		);
		for (const listed of results) {
			if (known.has(listed.id) || listed.status !== 'success') continue;
			const answer = await stage.session.request<{ id: string; status: string; data: string }>(
				'GET',
				`/rest/executions/${listed.id}`,
			);
			const items = itemsOf(readExecution(stage.n8n, answer), JOURNAL_TRIGGER);
			known.set(listed.id, { ...listed, runs: items.map(({ json }) => String(json.runId)) });
		}
		assert.deepEqual(
			results.filter(({ status }) => ['error', 'crashed'].includes(status)),
			[],
		);
		return [...known.values()];
	};
	const toldRuns = async () => (await executions()).flatMap(({ runs }) => runs);

	const end = (status: 'failed' | 'success' = 'failed'): string => {
		const counts = status === 'failed' ? { failedRecordCount: 3 } : { outputRecordCount: 5 };
		const { id } = stage.emulator.seedRun({ flowId, status, ...counts });
		wanted.push(id);
		return id;
	};

	/** What Adobe was asked from a moment on, beside sign-ins. */
	const askedSince = (epochMs: number) =>
		stage.emulator.journal.filter(({ at, path }) => at >= epochMs && !path.startsWith('/ims/'));
	const isReading = ({ method, path }: { method: string; path: string }) =>
		method === 'GET' && path.startsWith('/events/organizations/');
	const readingsSince = (epochMs: number) => askedSince(epochMs).filter(isReading);

	const polls = async (count: number) => {
		const sinceMs = Date.now();
		await until(`${count} polls`, () =>
			readingsSince(sinceMs).length >= count ? true : undefined,
		);
	};

	/** Waits until all are told, and for two polls more, in which one might come again. */
	const assertEachOnce = async () => {
		await until('every run', async () => {
			const told = new Set(await toldRuns());
			return wanted.every((id) => told.has(id)) ? true : undefined;
		});
		await polls(2);
		assert.deepEqual((await toldRuns()).sort(), wanted.toSorted());
	};

	test('publishing registers it, with nothing for Adobe to call', async () => {
		const earlier = stage.emulator.seedRun({ flowId, status: 'failed' });
		await stage.session.activate(workflowId);
		const registration = await until('a registration', () =>
			stage.emulator.registrations().find(({ name }) => name.startsWith('n8n: journal of source')),
		);
		assert.equal(registration.deliveryType, 'journal');
		assert.equal(registration.webhookUrl, undefined);
		await polls(2);
		assert.ok(!(await toldRuns()).includes(earlier.id));
	});

	test('a poll in which nothing has happened is one request, and no execution', async () => {
		const sinceMs = Date.now();
		await polls(2);
		assert.deepEqual(
			askedSince(sinceMs).filter((request) => !isReading(request)),
			[],
		);
		assert.deepEqual(await executions(), []);
	});

	test('the end of a run starts the workflow with the next poll', async () => {
		const delays: number[] = [];
		for (const status of ['failed', 'success', 'failed'] as const) {
			const endedAtMs = Date.now();
			const id = end(status);
			const { startedAt } = await until('an execution', async () =>
				(await executions()).find(({ runs }) => runs.includes(id)),
			);
			const startedAtMs = Date.parse(startedAt);
			delays.push(startedAtMs - endedAtMs);
			// The very next reading has it; the second one finds that there is no more.
			const readings = readingsSince(endedAtMs).filter(({ at }) => at < startedAtMs);
			assert.deepEqual(
				readings.map((reading) => reading.status),
				[200, 204],
			);
		}
		process.stdout.write(
			`polls every ${POLL_EVERY_SECONDS} s; from the end of a run to the start: ${delays.join(', ')} ms\n`,
		);
		await assertEachOnce();
	});

	test('a restart of n8n loses nothing and starts nothing twice', async () => {
		const { id: running } = stage.emulator.seedRun({ flowId, status: 'inProgress' });
		await polls(2);
		// Whether these two are told before the end or after the new start is a matter of milliseconds.
		end();
		end('success');
		await stage.stop();
		const offMs = Date.now();
		for (let count = 0; count < 5; count++) end(count % 2 === 0 ? 'failed' : 'success');
		stage.emulator.updateRun(running, { status: 'failed' });
		wanted.push(running);
		assert.deepEqual(askedSince(offMs), []);
		await stage.startAgain();
		await assertEachOnce();
		end();
		await assertEachOnce();
	});

	test('unpublishing ends the polls', async () => {
		await stage.session.deactivate(workflowId);
		const sinceMs = Date.now() + 1_000;
		await new Promise((resolve) => setTimeout(resolve, 1_000 + 2 * POLL_EVERY_SECONDS * 1_000));
		assert.deepEqual(readingsSince(sinceMs), []);
	});
});
