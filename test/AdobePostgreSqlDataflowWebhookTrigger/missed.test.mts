import { until } from '../support/until.mts';
import type { Scene } from './scene.mts';
import { closeScenes, openScene } from './scene.mts';

afterEach(closeScenes);

const HOUR_MS = 60 * 60_000;
/** Publishes, and waits until the sample that Adobe was asked for has come. */
async function publishAndKnow({ host }: Scene): Promise<void> {
	await host.publish();
	await until(() => host.state.sinceEpochMs !== undefined && host.isIdle());
}

const RUN_PATH = '/data/foundation/flowservice/runs/{id}';

describe('What a delivery could not bring', () => {
	it('is caught up when n8n starts: the registration was switched off, and n8n away', async () => {
		const scene = await openScene({ triggerOn: ['failed'] });
		const { adobe, host, flowId, settled, eventIds } = scene;
		await publishAndKnow(scene);
		const [registration] = adobe.registrations();
		Object.assign(registration ?? {}, { enabled: false, webhookStatus: 'disabled' });
		const failed = [1, 2, 3].map((hour) =>
			adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() - hour * HOUR_MS }),
		);
		adobe.seedRun({ flowId, status: 'success', createdAt: Date.now() - HOUR_MS });
		await settled();
		expect(host.items).toEqual([]);
		host.sleep(26 * HOUR_MS);
		await host.publish('init');
		await until(() => host.items.length === 3);
		// In the order that they happened.
		expect(eventIds()).toEqual(failed.reverse().map(({ id }) => `${id}:failed`));
		expect(host.executions).toHaveLength(1);
		await settled();
		expect(host.items).toHaveLength(3);
	});

	it('is not what happened before the workflow was published for the first time', async () => {
		const { adobe, host, flowId, settled } = await openScene({ triggerOn: ['failed'] });
		adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() - HOUR_MS });
		await host.publish();
		await settled();
		host.forget();
		await host.publish('init');
		const run = adobe.seedRun({ flowId, status: 'failed' });
		await until(() => host.items.length === 1);
		await settled();
		expect(host.items).toMatchObject([{ runId: run.id }]);
	});

	it('comes with the next event when Flow Service could not be asked', async () => {
		const scene = await openScene({ triggerOn: ['failed'] });
		const { adobe, host, flowId, settled, eventIds } = scene;
		await publishAndKnow(scene);
		adobe.addFault({ kind: 'status', status: 403, path: RUN_PATH });
		const lost = adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() - HOUR_MS });
		await until(() => host.log.length > 0);
		await settled();
		expect(adobe.deliveries().at(-1)?.status).toBe(200);
		expect(host.items).toEqual([]);
		expect(host.log.join()).toContain('An event of a dataflow run could not be handled');
		host.sleep(2 * HOUR_MS);
		const next = adobe.seedRun({ flowId, status: 'failed' });
		await until(() => host.items.length === 2);
		expect(eventIds()).toEqual([`${lost.id}:failed`, `${next.id}:failed`]);
	});

	it('is delivered again when the key could not be fetched, and when Adobe has new keys', async () => {
		const scene = await openScene({ triggerOn: ['failed'] });
		const { adobe, host, flowId } = scene;
		await publishAndKnow(scene);
		adobe.rotateEventKeys();
		adobe.addFault({ kind: 'reset', path: '/prod/keys/{name}', times: 2 });
		adobe.seedRun({ flowId, status: 'failed' });
		await until(() => adobe.deliveries().at(-1)?.status === 503);
		expect(host.items).toEqual([]);
		await adobe.advanceClock(4 * 60_000);
		await until(() => host.items.length === 1);
	});

	it('is listed by the start where Adobe does not filter by the end', async () => {
		const scene = await openScene({ triggerOn: ['failed'] });
		const { adobe, host, flowId } = scene;
		await publishAndKnow(scene);
		await host.unpublish();
		adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() - HOUR_MS });
		host.sleep(2 * HOUR_MS);
		adobe.addFault({ kind: 'status', status: 400, path: '/data/foundation/flowservice/runs' });
		await host.publish();
		await until(() => host.items.length === 1);
	});

	it('is remembered for the parameters that it was seen with', async () => {
		const { adobe, host, flowId, settled } = await openScene({ triggerOn: ['failed'] });
		await host.publish();
		adobe.seedRun({ flowId, status: 'failed' });
		await until(() => host.items.length === 1);
		await settled();
		host.parameters = { ...host.parameters, triggerOn: ['failed', 'started'] };
		await host.publish();
		adobe.seedRun({ flowId, status: 'failed' });
		await until(() => host.items.length === 3);
		await settled();
		expect(host.items.map(({ event }) => event)).toEqual(['failed', 'started', 'failed']);
	});
});
