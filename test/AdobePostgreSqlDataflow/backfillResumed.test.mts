import type { EmulatorOptions } from '../../emulator/emulator.mts';
import { unkindSwitches, weatherOptions } from '../../emulator/weather.mts';
import { thrownBy } from '../support/connectionNode.mts';
import { until } from '../support/until.mts';
import type { BackfillScene } from './backfillScene.mts';
import { days, DAYS, EVERY_DAY, totalOf } from './backfillScene.mts';

const RUNS = '/data/foundation/flowservice/runs';
const { ids, inScene } = days();

describe('A backfill of 30 days that is stopped at day 12 and executed again', () => {
	const stopAt12 = async (scene: BackfillScene, isThere: () => boolean) => {
		const controller = new AbortController();
		const stopped = thrownBy(async () => await scene.backfill({}, controller.signal));
		await until(isThere, 300_000);
		controller.abort(new Error('cancelled by the user'));
		return await stopped;
	};

	it.concurrent.each<[string, Partial<EmulatorOptions>]>([
		['fair', {}],
		['foul', { ...weatherOptions('foul'), runDurationMs: 300 }],
		['one of runs that copy slowly and show no window before', { scheduledMs: 1_200 }],
		...unkindSwitches()
			.filter((one) => 'windowEdge' in one)
			.map((one): [string, Partial<EmulatorOptions>] => [JSON.stringify(one), one]),
	])(
		'has loaded every row exactly once where the weather is %s',
		async (_weather, options) => {
			await inScene(options, async (scene) => {
				const { adobe } = scene;
				const thrown = await stopAt12(scene, () => adobe.runs().length === 12);
				expect(thrown.message).toContain('The execution was stopped');
				expect(thrown.description).toContain('11 windows loaded, ');
				expect(thrown.description).toContain('continues at window 12 of 30');
				const items = await scene.backfill();
				expect(scene.days()).toStrictEqual(EVERY_DAY);
				expect(await scene.ids()).toStrictEqual(ids());
				expect(items).toHaveLength(DAYS + 1);
				expect(totalOf(items)).toMatchObject({
					part: 'total',
					recordsWritten: ids().length,
					windowsAlreadyLoaded: 12,
					windowsLoaded: 18,
					windowsFailed: 0,
					windowStart: '2026-01-01T00:00:00.000Z',
					windowEnd: '2026-01-31T00:00:00.000Z',
				});
			});
		},
		600_000,
	);

	it.concurrent(
		'has done so also where the request for day 12 was on its way, and lists show it late',
		async () => {
			await inScene({ listLagMs: 3_000 }, async (scene) => {
				const { adobe } = scene;
				const path = RUNS;
				adobe.addFault({ method: 'POST', path, kind: 'delay', delayMs: 2_000, skip: 11 });
				const posts = () => adobe.journal.filter(({ method }) => method === 'POST').length;
				await stopAt12(scene, () => posts() > 11 && adobe.runs().length === 11);
				const items = await scene.backfill();
				expect(scene.days()).toStrictEqual(EVERY_DAY);
				expect(await scene.ids()).toStrictEqual(ids());
				expect(totalOf(items)).toMatchObject({ windowsAlreadyLoaded: 12, windowsLoaded: 18 });
			});
		},
		600_000,
	);

	it.concurrent(
		'has done so also where the answer about day 12 was lost, and was tried again',
		async () => {
			await inScene({ listLagMs: 3_000 }, async (scene) => {
				scene.adobe.addFault({
					method: 'POST',
					path: RUNS,
					kind: 'reset',
					when: 'after',
					skip: 11,
				});
				const items = await scene.backfill();
				expect(scene.days()).toStrictEqual(EVERY_DAY);
				expect(await scene.ids()).toStrictEqual(ids());
				expect(totalOf(items)).toMatchObject({ windowsAlreadyLoaded: 0, windowsLoaded: DAYS });
			});
		},
		600_000,
	);
});
