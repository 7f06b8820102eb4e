import type { Fault } from '../../emulator/emulator.mts';
import { seedConnections, sharedAdobe } from '../support/adobe.mts';
import { requestsBy, wireConnectionNode } from '../support/connectionNode.mts';
import { NEXT, outputOf, runWorkflow } from '../support/core.mts';
import { wireDataflowNode } from '../support/dataflowNode.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';

describe('With Retry On Fail, a try', () => {
	const adobe = sharedAdobe({ runDurationMs: 600_000 });

	beforeEach(() => adobe.reset());

	const create = async (names: string[], retryOnFail = true) => {
		const parameters = { operation: 'create', verify: false, name: '={{ $json.name }}' };
		const wired = wireConnectionNode(adobe, parameters, { retryOnFail });
		const run = await runWorkflow(
			wired,
			names.map((name) => ({ json: { name } })),
		);
		return {
			error: run.data.resultData.error,
			items: outputOf(run, wired.node.name).map(({ json }) => json),
			next: outputOf(run, NEXT),
		};
	};
	const fault = (what: Omit<Fault, 'path'>) => adobe.addFault({ path: CONNECTIONS, ...what });
	const made = () => adobe.connections().map(({ name }) => name);

	it('does again only what has failed', async () => {
		fault({ method: 'POST', kind: 'status', status: 403, skip: 1 });
		const { error, items } = await create(['a', 'b', 'c']);
		expect(error).toBeUndefined();
		expect(items.map(({ name }) => name)).toStrictEqual(['a', 'b', 'c']);
		expect(made().sort()).toStrictEqual(['a', 'b', 'c']);
		const ids = adobe.connections().map(({ id }) => id);
		expect(items.map(({ connectionId }) => connectionId).sort()).toStrictEqual(ids.sort());
	});

	it('finds what the one before it has made without knowing', async () => {
		fault({ method: 'POST', kind: 'reset', when: 'after' });
		fault({ method: 'GET', kind: 'status', status: 403 });
		const { error, items } = await create(['a']);
		expect(error).toBeUndefined();
		expect(adobe.connections().map(({ id }) => id)).toStrictEqual([items[0]?.connectionId]);
		expect(requestsBy(adobe, 'POST').filter(({ path }) => path === CONNECTIONS)).toHaveLength(1);
	});

	it('of another execution does everything', async () => {
		fault({ method: 'POST', kind: 'status', status: 403, skip: 1, times: 9 });
		expect((await create(['a', 'b'])).error).toBeDefined();
		adobe.reset();
		await create(['a', 'b']);
		expect(made()).toStrictEqual(['a', 'b']);
	});

	it('goes on waiting for the run that the one before it has started', async () => {
		await seedConnections(adobe, ['Sales']);
		const [connection] = adobe.connections();
		const [flow] = adobe.markInUse(String(connection?.id), ['Orders']);
		const run = await runWorkflow(
			wireDataflowNode(
				adobe,
				{
					operation: 'run',
					flowId: { __rl: true, mode: 'id', value: String(flow?.id) },
					windowStart: '2026-01-01T00:00:00Z',
					deltaColumn: 'updated_at',
					waitForCompletion: true,
					maxWait: 0.05,
				},
				{ retryOnFail: true },
			),
		);
		expect(adobe.runs()).toHaveLength(1);
		expect(JSON.stringify(run.data.resultData)).toContain(adobe.runs()[0]?.id);
	});
});
