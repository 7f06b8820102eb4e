import { DELIVERY_WEATHER } from '../../emulator/ioEvents/delivery.mts';
import { until } from '../support/until.mts';
import { closeScenes, openScene } from './scene.mts';

afterEach(closeScenes);

const RUNS = 2_000;
const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const MAX_MS = 1_500_000;

describe('Two thousand runs', () => {
	it(
		'start the workflow once each, with events out of order, doubled, late, lost and forged, and n8n restarted',
		async () => {
			const { adobe, host, flowId, settled, eventIds } = await openScene(
				{ triggerOn: ['failed', 'succeeded'] },
				{ deliveries: DELIVERY_WEATHER, eventPayload: 'mixed', eventEnvelope: 'mixed' },
			);
			await host.publish();
			const expected: string[] = [];
			const seed = (count: number) => {
				for (let index = 0; index < count; index++) {
					const status = index % 3 === 0 ? 'failed' : 'success';
					// Long enough ago for what is lost to be looked for.
					const createdAt = Date.now() - 30 * MINUTE_MS + index;
					const run = adobe.seedRun({ flowId, status, createdAt });
					expected.push(`${run.id}:${status === 'failed' ? 'failed' : 'succeeded'}`);
				}
			};
			// The first delivery is from when on the trigger knows.
			seed(1);
			await until(() => host.items.length === 1);
			for (let count = 1; count < RUNS; count += 100) {
				seed(Math.min(100, RUNS - count));
				// What was late comes with the time that passes.
				await adobe.advanceClock(0);
				await settled();
				// n8n starts again: all that it knows is what it has stored.
				if (count === 801 || count === 1_401) {
					host.forget();
				}
			}
			await adobe.advanceClock(60_000);
			await settled();
			expect(new Set(eventIds()).size).toBe(eventIds().length);
			const missing = expected.filter((id) => !eventIds().includes(id));
			// Every tenth event is lost on its way.
			expect(missing.length).toBeGreaterThan(0);

			// Later, with the next event that arrives, they are caught up.
			host.sleep(HOUR_MS);
			adobe.seedRun({ flowId, status: 'success' });
			adobe.seedRun({ flowId, status: 'success' });
			await settled();
			host.sleep(HOUR_MS);
			adobe.seedRun({ flowId, status: 'failed' });
			await settled();
			expect(expected.filter((id) => !eventIds().includes(id))).toEqual([]);
			expect(new Set(eventIds()).size).toBe(eventIds().length);
			const forged = adobe.deliveries().filter((one) => one.forged !== undefined);
			expect(forged.length).toBeGreaterThan(RUNS);
			expect(new Set(forged.map(({ status }) => status))).toEqual(new Set([401]));
		},
		MAX_MS,
	);
});
