import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { thrownBy } from '../../support/connectionNode.mts';
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

	const desired = async (item: IDataObject, parameters: INodeParameters = {}) => {
		const [table] = scene.tables;
		const [plan] = await scene.plan([{ table, ...item }], parameters);
		const { name: dataflow, dataset } = plan ?? {};
		return { dataflow, dataset, ...(plan?.desired as IDataObject) };
	};

	it('has a short item, in which nothing is said twice', async () => {
		const [table] = scene.tables;
		const [plan] = await scene.plan([{ table }]);
		expect(Object.keys(plan ?? {}).slice(0, 4)).toStrictEqual([
			'table',
			'action',
			'because',
			'breaking',
		]);
		expect(plan).toMatchObject({ table, dataset: table, connectionId: scene.connectionId });
		expect(plan?.desired).toStrictEqual({
			schemaClass: 'profile',
			schedule: 'day',
			interval: 1,
			backfill: true,
			newColumns: 'add',
		});
	});

	it('takes the columns of an item in the place of the parameters, where they have a value', async () => {
		const columns = {
			dataflow: 'Orders of the shop',
			dataset: 'Orders',
			schedule: 'hour',
			interval: '6',
			backfill: 'false',
			newColumns: 'stop',
			description: 'From a sheet',
			partialIngestionPercent: 7,
		};
		expect(await desired(columns)).toMatchObject({ ...columns, interval: 6, backfill: false });
		const empty = Object.fromEntries(Object.keys(columns).map((name) => [name, '']));
		expect(await desired(empty)).toStrictEqual(await desired({}));
		expect(await desired({ schedule: null, interval: null })).toStrictEqual(await desired({}));
	});

	it('leaves the columns of an item alone where that is switched off', async () => {
		expect(await desired({ schedule: 'week' }, { useColumns: false })).toStrictEqual(
			await desired({}),
		);
	});

	it.each<[string, IDataObject, INodeParameters, string]>([
		['a schedule', { schedule: 'Daily' }, {}, "'Schedule' has a value that does not exist"],
		['an interval', { schedule: 'minute', interval: 5 }, {}, "'Interval' is too short"],
		['a policy', { newColumns: 'perhaps' }, {}, "'New Columns' has a value that does not exist"],
		['a decision', { delete: 'maybe' }, {}, "'Delete' is neither true nor false"],
		['a mapping', { mapping: 'id' }, {}, "'Mappings' is not a list in JSON"],
		['a time', { startTime: '2027-02-30' }, {}, "'Start Time' is not a date and time"],
		['half an event', { schemaClass: 'experienceEvent' }, {}, "'Event ID Column' is empty"],
		['nothing', {}, { takeOver: '={{ $json.nothing }}' }, "'Take Over' has no value"],
		['no name', {}, { dataflow: '={{ $json.nothing }}' }, "'Dataflow Name' has no value"],
	])('refuses %s that can not be, by its name', async (_what, item, parameters, message) => {
		scene.adobe.journal.length = 0;
		const thrown = await thrownBy(async () => await desired(item, parameters));
		expect(thrown.message).toContain(message);
		expect(scene.requests()).toStrictEqual([]);
	});
});
