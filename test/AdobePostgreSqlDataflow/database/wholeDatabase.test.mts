import type { IDataObject } from 'n8n-workflow';

import { actionsOf, DatabaseScene } from './databaseScene.mts';
import { nameOf, SEEDED_CHANGES } from './seededChanges.mts';

/** `DATABASE_TABLES=300 npx jest test/AdobePostgreSqlDataflow/database/whole` takes two minutes. */
const TABLES = Number(process.env.DATABASE_TABLES ?? 60);
/** Every third table has one, so that all five schemas have some. */
const STEP = Math.floor(TABLES / SEEDED_CHANGES.length);

const DESIRED = {
	deltaColumn: 'updated_at',
	options: { partialIngestionPercent: 5, errorDiagnostics: true, description: 'From the shop' },
};
const DAY_MS = 86_400_000;

describe(`A database of ${TABLES} tables in five schemas`, () => {
	let scene: DatabaseScene;
	let changed: string[];
	beforeAll(async () => {
		scene = await DatabaseScene.open(TABLES);
		changed = SEEDED_CHANGES.map((_change, index) => scene.tables[(index + 1) * STEP - 1] ?? '');
	}, 120_000);
	afterAll(async () => await scene.close());

	const plan = async () => await scene.plan(scene.items(), DESIRED);
	const of = (items: IDataObject[], table: string) => {
		const found = items.filter((one) => one.table === table);
		expect(found).toHaveLength(1);
		return found[0] ?? {};
	};
	const kindsOf = ({ changes }: IDataObject) =>
		(changes as Array<{ kind: string }>).map(({ kind }) => kind);

	it('is planned, applied, and planned again without a difference', async () => {
		const first = await plan();
		expect(actionsOf(first)).toStrictEqual({ create: TABLES });
		expect(scene.adobe.flows()).toHaveLength(0);

		const applied = await scene.apply(first);
		expect(actionsOf(applied)).toStrictEqual({ created: TABLES });
		expect(scene.adobe.flows()).toHaveLength(TABLES);

		scene.adobe.journal.length = 0;
		const again = await plan();
		expect(again.filter(({ action }) => action !== 'unchanged')).toStrictEqual([]);
		const explored = scene.requests().filter((one) => one.includes('/explore'));
		expect(explored).toHaveLength(TABLES);
		const perTable = (scene.requests().length - TABLES) / TABLES;
		expect(perTable).toBeLessThanOrEqual(0.3);

		scene.adobe.journal.length = 0;
		expect(actionsOf(await scene.apply(again))).toStrictEqual({ unchanged: TABLES });
		expect(scene.requests()).toStrictEqual([]);
	}, 300_000);

	it('shows exactly what was changed in PostgreSQL and at Adobe, and gets what the policy says', async () => {
		for (const [index, { make }] of SEEDED_CHANGES.entries()) {
			await make(scene, changed[index] ?? '');
		}
		const plans = await plan();
		const different = plans.filter(({ action }) => action !== 'unchanged');
		expect(different.map(({ table }) => table)).toStrictEqual(changed);
		for (const [index, { what, action, kinds }] of SEEDED_CHANGES.entries()) {
			const one = of(plans, changed[index] ?? '');
			expect([what, one.action, kindsOf(one)]).toStrictEqual([what, action, kinds]);
		}

		const flowsBefore = scene.adobe.flows().length;
		const applied = await scene.apply(plans);
		for (const [index, { what, applied: expected }] of SEEDED_CHANGES.entries()) {
			const one = of(applied, changed[index] ?? '');
			expect([what, one.action]).toStrictEqual([what, expected]);
		}
		expect(scene.adobe.flows()).toHaveLength(flowsBefore + 1);

		const after = await plan();
		for (const [index, { what, after: expected, kinds }] of SEEDED_CHANGES.entries()) {
			const one = of(after, changed[index] ?? '');
			const left = expected === 'unchanged' ? [] : kinds;
			expect([what, one.action, kindsOf(one)]).toStrictEqual([what, expected, left]);
		}
		const rest = after.filter(({ table }) => !changed.includes(String(table)));
		expect(actionsOf(rest)).toStrictEqual({ unchanged: TABLES - SEEDED_CHANGES.length });
	}, 300_000);

	it('loads the new columns with the next run', async () => {
		const [coupon = '', price = ''] = changed;
		await scene.sql(
			`insert into ${coupon} values (1, 'a', 1.5, now() - interval '1 hour', 'SPRING')`,
		);
		await scene.sql(`insert into ${price} values (1, 'a', 1.5, now() - interval '1 hour', 9.5)`);
		await scene.adobe.advanceClock(DAY_MS);
		const rowsOf = async (table: string) => {
			const dataset = scene.adobe.dataSets().find(({ name }) => name === table)?.id ?? '';
			return await scene.adobe.lakeRows(dataset);
		};
		expect(await rowsOf(coupon)).toMatchObject([{ _emulator: { id: 1, coupon: 'SPRING' } }]);
		expect(await rowsOf(price)).toMatchObject([{ _emulator: { unitPriceNet: 9.5 } }]);
		expect(scene.adobe.flows().find(({ name }) => name === nameOf(coupon))?.state).toBe('enabled');
	}, 300_000);
});
