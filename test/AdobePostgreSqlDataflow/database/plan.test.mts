import { actionsOf, DatabaseScene } from './databaseScene.mts';

describe('Database: Plan', () => {
	let scene: DatabaseScene;
	beforeAll(async () => {
		scene = await DatabaseScene.open(6);
	});
	afterAll(async () => await scene.close());

	it('creates all of a database that is not there, and writes nothing', async () => {
		scene.adobe.journal.length = 0;
		const plans = await scene.plan();
		expect(actionsOf(plans)).toStrictEqual({ create: 6 });
		expect(plans[0]).toMatchObject({
			table: 'sales.t0',
			action: 'create',
			breaking: false,
			changes: [],
			name: 'sales.t0 to sales.t0',
			dataset: 'sales.t0',
		});
		expect(scene.requests().every((one) => one.startsWith('GET '))).toBe(true);
	});
});
