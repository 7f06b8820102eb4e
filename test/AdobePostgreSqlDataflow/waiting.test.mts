import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { until } from '../support/until.mts';

const MINUTE_MS = 60_000;
const RUN_MS = 20 * MINUTE_MS;

/** With what a run takes at Adobe, where a first one of a large table takes hours. */
describe('Waiting for a run of 20 minutes', () => {
	const adobe = sharedAdobe({ runDurationMs: RUN_MS, scheduledMs: 10 });
	let flowId: string;
	let aheadMs = 0;

	beforeEach(async () => {
		adobe.reset();
		const [connection] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		const [flow] = await runDataflowNode(adobe, {
			operation: 'create',
			connectionId: String(connection?.json.connectionId),
			table: 'public.orders',
			dataset: adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '',
		});
		flowId = String(flow?.json.flowId);
		// The clock of the nodes' deadlines goes with that of the emulator.
		aheadMs = 0;
		const now = performance.now.bind(performance);
		jest.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
	});

	afterEach(() => {
		jest.restoreAllMocks();
	});

	/** Lets the time of the nodes pass while the run is in progress, in steps that each of them sees. */
	const passWaiting = async (minutes: number, runs = 1) => {
		await until(() => adobe.runs().length === runs);
		for (let minute = 0; minute < minutes; minute += 7) {
			const seen = adobe.journal.length;
			await until(() => adobe.journal.slice(seen).some(({ path }) => path.includes('/runs/')));
			aheadMs += 7 * MINUTE_MS;
		}
	};

	/** The emulator's own time, too: advancing it ends what has begun. */
	const pass = async (runs?: number) => {
		await passWaiting(14, runs);
		aheadMs += 6 * MINUTE_MS;
		await adobe.advanceClock(RUN_MS);
	};

	const runNow = async (parameters: INodeParameters = {}): Promise<IDataObject> => {
		const wanted = { operation: 'run', flowId, waitForCompletion: true, ...parameters };
		return (await runDataflowNode(adobe, wanted))[0]?.json ?? {};
	};

	it('reaches its end with default settings', async () => {
		const [json] = await Promise.all([runNow(), pass()]);
		expect(json).toMatchObject({ status: 'success', action: 'started' });
	}, 60_000);

	it('reaches the end of a retried one as well', async () => {
		const windowEnd = Math.floor(Date.now() / 1000) * 1000;
		const { id } = adobe.seedRun({
			flowId,
			status: 'failed',
			createdAt: windowEnd - MINUTE_MS,
			windowStart: 0,
			windowEnd,
		});
		const retry = { resource: 'run', operation: 'retry', runId: id, waitForCompletion: true };
		const [[item]] = await Promise.all([runDataflowNode(adobe, retry), pass(2)]);
		expect(item?.json).toMatchObject({ status: 'success', retriedRunId: id });
	}, 60_000);

	it('outlasts a time in which Adobe answers nothing', async () => {
		const path = '/data/foundation/flowservice/runs/{id}';
		const reads = () =>
			adobe.journal.filter((one) => one.method === 'GET' && /\/runs\/[^?]/.test(one.path)).length;
		const [json] = await Promise.all([
			runNow(),
			(async () => {
				await until(() => reads() > 0);
				// Each reading is retried three times, so this is more than one of them takes.
				adobe.addFault({ method: 'GET', path, kind: 'status', status: 503, times: 5 });
				const before = reads();
				await until(() => reads() >= before + 5, 50_000);
				await adobe.advanceClock(RUN_MS);
			})(),
		]);
		expect(json).toMatchObject({ status: 'success', action: 'started' });
	}, 90_000);

	it('ends with Maximum Wait, and names the run', async () => {
		const work = async () => await runNow({ maxWait: 10 });
		const [thrown] = await Promise.all([thrownBy(work), passWaiting(14)]);
		expect(thrown.message).toContain("The run is still 'inProgress' after 10 minutes");
		expect(thrown.description).toContain(adobe.runs()[0]?.id);
	}, 60_000);

	it.each([
		[0, "'Maximum Wait' is not a number"],
		['soon', "'Maximum Wait' is not a number"],
	])('refuses to wait for %j', async (maxWait, message) => {
		const thrown = await thrownBy(async () => await runNow({ maxWait }));
		expect(thrown.message).toContain(message);
		expect(adobe.runs()).toHaveLength(0);
	});
});
