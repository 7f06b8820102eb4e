import type { IDataObject } from 'n8n-workflow';

import { DatabaseScene } from './databaseScene.mts';
import { nameOf, SEEDED_CHANGES } from './seededChanges.mts';
import { randomFrom } from '../../support/randomFrom.mts';

/** `RANDOM_SEQUENCES=200 npx jest test/AdobePostgreSqlDataflow/database/random` takes a quarter of an hour. */
const SEQUENCES = Number(process.env.RANDOM_SEQUENCES ?? 4);
const FIRST = Number(process.env.RANDOM_FROM ?? 1);
const ROUNDS = 3;
const TABLES = 6;

type Make = (scene: DatabaseScene, table: string, round: number) => Promise<void>;

/** What can be done to a table in any state, also several times; where there is nothing to change, nothing is. */
const CHANGES: Make[] = [
	...SEEDED_CHANGES.filter(({ what }) => what !== 'a namesake' && what !== 'no table').map(
		({ make }): Make =>
			async (scene, table) =>
				await make(scene, table),
	),
	async (scene, table, round) => await scene.sql(`alter table ${table} add extra_${round} int`),
	// Without its marker, it is somebody else's.
	async (scene, table) => {
		const ends = scene.adobe.sourceConnections();
		const end = ends.find(({ name }) => name.startsWith(`${nameOf(table)} source`));
		await scene.others.flow('PATCH', `/sourceConnections/${end?.id}`, {
			headers: { 'if-match': end?.etag ?? '' },
			body: [{ op: 'replace', path: '/name', value: `Taken over ${table}` }],
		});
	},
];

const POLICIES = ['ignore', 'add', 'stop'] as const;
const TO_DO = ['create', 'update', 'delete'];

describe.each(Array.from({ length: SEQUENCES }, (_seed, index) => FIRST + index))(
	'Random changes, seed %i',
	(seed) => {
		let scene: DatabaseScene;
		beforeAll(async () => {
			scene = await DatabaseScene.open(TABLES);
		}, 120_000);
		afterAll(async () => await scene.close());

		it('are planned, applied once, and leave what is not ours alone', async () => {
			const random = randomFrom(seed);
			const oneOf = <T,>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
			const items = scene.items(
				Object.fromEntries(
					scene.tables.map((table) => [
						table,
						{ newColumns: oneOf(POLICIES), ...(random() < 0.3 ? { enabled: true } : {}) },
					]),
				),
			);
			const parameters = {
				deltaColumn: 'updated_at',
				options: { partialIngestionPercent: 5, description: 'Planned' },
			};
			const plan = async () => await scene.plan(items, parameters);
			const apply = async (plans: IDataObject[]) =>
				await scene.apply(plans, { onError: 'continueRegularOutput' });
			await apply(await plan());

			for (let round = 0; round < ROUNDS; round++) {
				const told: string[] = [];
				for (let count = 0; count < 4; count++) {
					const index = Math.floor(random() * CHANGES.length);
					const table = oneOf(scene.tables);
					// What is gone already can't be changed once more.
					await CHANGES[index]?.(scene, table, round * 10 + count).catch(() => {});
					told.push(`${index} of ${table}`);
				}
				const about = `round ${round}: ${told.join(', ')}`;
				const plans = await plan();
				const unmanaged = plans
					.filter(({ action }) => action === 'unmanaged')
					.map(({ flowId }) => String(flowId));
				const untouched = () =>
					JSON.stringify(scene.adobe.flows().filter(({ id }) => unmanaged.includes(id)));
				const before = untouched();

				const stale = plans.find(({ action }) => action === 'update');
				if (stale !== undefined && random() < 0.5) {
					await scene.sql(`alter table ${String(stale.table)} add late_${round} int`);
					const [refused] = await apply([stale]);
					expect([about, refused?.error]).toStrictEqual([
						about,
						expect.stringContaining('does not fit any more') as string,
					]);
				}

				const applied = await apply(await plan());
				expect([about, applied.filter(({ error }) => error !== undefined)]).toStrictEqual([
					about,
					[],
				]);
				const again = await plan();
				const left = again.filter(({ action }) => TO_DO.includes(String(action)));
				expect([about, left]).toStrictEqual([about, []]);
				expect([about, untouched()]).toStrictEqual([about, before]);
			}
		}, 300_000);
	},
);
